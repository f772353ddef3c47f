#include "daemon/front_door.h"

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "metrics/metrics.h"
#include "tests/config/folder.h"
#include "tests/support/virtual_clock.h"
#include "tests/web/certificates.h"

namespace tocsin::daemon {
namespace {

const char* const kTls =
    "tls_server_config: {cert_file: server.crt, key_file: server.key}\n";
const char* const kUsers =
    "basic_auth_users:\n"
    "  ada: $2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW\n";

// A web configuration with its certificate, on disk.
struct Files : config::Folder {
  Files() {
    WriteServer(authority.Issue());
    Write("web.yml", kTls);
  }
  void WriteServer(const test::Identity& identity) const {
    Replace("server.crt", identity.certificate);
    Replace("server.key", identity.key);
  }
  // As certbot does it: there is never half a file.
  void Replace(const std::string& name, const std::string& text) const {
    Write("new", text);
    std::filesystem::rename(PathOf("new"), PathOf(name));
  }
  std::string Faults(const std::string& text) const {
    Write("web.yml", text);
    const WebEntryResult loaded = LoadWebEntry(PathOf("web.yml"));
    BOOST_TEST(loaded.entry.has_value() == loaded.faults.empty());
    std::string lines;
    for (const config::Fault& fault : loaded.faults) {
      lines += config::FaultText(fault) + "\n";
    }
    return lines;
  }

  test::Authority authority;
};

bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The door over those files.
struct House : Files {
  explicit House(const std::string& text = kTls) {
    Write("web.yml", text);
    const std::string path = PathOf("web.yml");
    door = std::make_unique<FrontDoor>(path, LoadWebEntry(path).entry.value(),
                                       metrics, clock);
  }
  std::shared_ptr<const web::TlsContext> tls() const {
    return door->entrance().tls->Get();
  }
  bool HasUser() const {
    return door->entrance().rules->Get()->users.contains("ada");
  }
  // Both halves of it.
  std::vector<std::string> Reload() const {
    return door->Take(door->Prepare().value());
  }
  bool Shows(const std::string& line) const {
    return Has(metrics.Serialize(), line + "\n");
  }
  bool Successful() const {
    return Shows("tocsin_web_config_last_reload_successful 1");
  }

  testing::VirtualClock clock;
  metrics::Metrics metrics{{}};
  std::unique_ptr<FrontDoor> door;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(front_door)

BOOST_AUTO_TEST_CASE(no_file_lets_everybody_in) {
  metrics::Metrics metrics({});
  const SystemClock clock;
  FrontDoor door("", LoadWebEntry("").entry.value(), metrics, clock);
  BOOST_TEST(door.entrance().tls == nullptr);
  BOOST_TEST(door.entrance().rules->Get()->users.empty());
  BOOST_TEST(!door.patience().has_value());
  BOOST_TEST(door.Take(door.Prepare().value()).empty());
  BOOST_TEST(
      Has(metrics.Serialize(), "tocsin_web_config_last_reload_successful 1\n"));
}

BOOST_AUTO_TEST_CASE(the_file_becomes_what_listeners_go_by) {
  House house(std::string(kTls) + kUsers +
              "http_server_config: {headers: {X-Frame-Options: deny}}\n"
              "rate_limit: {interval: 2s, burst: 3}\n");
  const auto rules = house.door->entrance().rules->Get();
  BOOST_TEST(rules->users.contains("ada"));
  BOOST_REQUIRE(rules->headers.size() == 1U);
  BOOST_TEST(rules->headers[0].second == "deny");
  BOOST_TEST((rules->rate.value().interval == std::chrono::seconds(2)));
  BOOST_TEST(rules->rate.value().burst == 3U);
  BOOST_TEST(house.tls() != nullptr);
  BOOST_TEST((house.door->patience() == FrontDoor::kLook));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_used_is_a_fault) {
  Files files;
  BOOST_TEST(files.Faults(kTls) == "");
  files.Write("server.key", files.authority.Issue().key);
  BOOST_TEST(Has(files.Faults(kTls), "does not belong to the certificate"));
  std::string costly = kUsers;
  costly.replace(costly.find("$04$"), 4, "$31$");
  const std::string faults = files.Faults(kTls + costly);
  BOOST_TEST(Has(faults, "basic_auth_users.ada: its hash costs more than 15"));
  BOOST_TEST(Has(faults, "does not belong to the certificate"));
  files.Write("server.crt",
              "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
  BOOST_TEST(Has(files.Faults(kTls), "server.crt is no certificate"));
  std::filesystem::remove(files.PathOf("server.crt"));
  BOOST_TEST(Has(files.Faults(kTls), "server.crt\" cannot be read"));
}

BOOST_AUTO_TEST_CASE(the_example_is_good_where_its_certificate_is) {
  std::ifstream file("examples/web.yml");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  BOOST_TEST(Has(text, "basic_auth_users"));
  BOOST_TEST(Files().Faults(text) == "");
}

BOOST_AUTO_TEST_CASE(a_look_at_unchanged_files_changes_nothing) {
  House house;
  const auto before = house.tls();
  house.door->Look();
  BOOST_TEST(house.tls() == before);
}

BOOST_AUTO_TEST_CASE(a_renewed_certificate_is_taken_without_a_word) {
  House house;
  const auto before = house.tls();
  house.WriteServer(
      house.authority.Issue({.valid_for = std::chrono::hours(1)}));
  house.door->Look();
  BOOST_TEST(house.tls() != before);
  BOOST_TEST((house.tls()->not_after() < before->not_after()));
  BOOST_TEST(house.Successful());
}

BOOST_AUTO_TEST_CASE(the_key_of_tickets_lives_for_a_day) {
  House house;
  const auto before = house.tls();
  house.clock.Advance(FrontDoor::kMaxAge - std::chrono::milliseconds(1));
  house.door->Look();
  BOOST_TEST(house.tls() == before);
  house.clock.Advance(std::chrono::milliseconds(1));
  house.door->Look();
  BOOST_TEST(house.tls() != before);
}

BOOST_AUTO_TEST_CASE(half_a_renewal_waits_for_the_other_half) {
  House house;
  const auto before = house.tls();
  const test::Identity renewed = house.authority.Issue();
  house.Replace("server.crt", renewed.certificate);
  house.door->Look();
  BOOST_TEST(house.tls() == before);
  BOOST_TEST(!house.Successful());
  house.Replace("server.key", renewed.key);
  house.door->Look();
  BOOST_TEST(house.tls() != before);
  BOOST_TEST(house.Successful());
}

// What was missing may come where nobody looked before.
BOOST_AUTO_TEST_CASE(a_failed_look_is_repeated) {
  House house;
  const auto before = house.tls();
  house.Replace("web.yml",
                "tls_server_config: {cert_file: b.crt, key_file: b.key}\n");
  house.door->Look();
  BOOST_TEST(!house.Successful());
  const test::Identity other = house.authority.Issue();
  house.Write("b.crt", other.certificate);
  house.Write("b.key", other.key);
  house.door->Look();
  BOOST_TEST(house.Successful());
  BOOST_TEST(house.tls() != before);
}

BOOST_AUTO_TEST_CASE(a_faulty_file_is_told_and_changes_nothing) {
  House house(std::string(kTls) + kUsers);
  const auto before = house.tls();
  house.Write("web.yml",
              "tls_server_config: {}\nbasic_auth_users: {eve: 1}\n"
              "unknown: 1\n");
  const auto reloaded = house.door->Prepare();
  BOOST_REQUIRE(!reloaded.ok());
  BOOST_TEST(Has(reloaded.error().message, "web.yml:2:"));
  BOOST_TEST(Has(reloaded.error().message, "web.yml:3:"));
  BOOST_TEST(house.tls() == before);
  BOOST_TEST(house.door->entrance().rules->Get()->users.contains("ada"));
  BOOST_TEST(!house.Successful());
}

BOOST_AUTO_TEST_CASE(tls_ends_and_begins_with_the_next_start_only) {
  House with;
  const auto before = with.tls();
  with.Write("web.yml", kUsers);
  const auto ends = with.Reload();
  BOOST_REQUIRE(ends.size() == 1U);
  BOOST_TEST(Has(ends[0], "TLS stays"));
  BOOST_TEST(with.tls() == before);
  BOOST_TEST(with.door->entrance().rules->Get()->users.contains("ada"));

  House without{kUsers};
  without.Write("web.yml", std::string(kTls) + kUsers);
  const auto begins = without.Reload();
  BOOST_REQUIRE(begins.size() == 1U);
  BOOST_TEST(Has(begins[0], "begins with the next start"));
  BOOST_TEST(without.door->entrance().tls == nullptr);
}

// As with `: > web.yml`, before the new text is written.
BOOST_AUTO_TEST_CASE(a_look_never_takes_the_last_user_away) {
  for (const char* const empty : {"", "# no one\n", "basic_auth_users: {}\n"}) {
    House house(kUsers);
    house.Write("web.yml", empty);
    house.door->Look();
    house.door->Look();
    BOOST_TEST(house.HasUser());
    BOOST_TEST(!house.Successful());
    house.clock.Advance(FrontDoor::kMaxAge);
    house.door->Look();
    BOOST_TEST(house.HasUser());
    house.Write("web.yml", kUsers);
    house.door->Look();
    BOOST_TEST(house.HasUser());
    BOOST_TEST(house.Successful());
  }
}

BOOST_AUTO_TEST_CASE(a_reload_takes_the_last_user_away_and_says_so) {
  House house(kUsers);
  house.Write("web.yml", "");
  house.door->Look();
  const auto lines = house.Reload();
  BOOST_REQUIRE(lines.size() == 1U);
  BOOST_TEST(Has(lines[0], "web.yml: its last user is gone"));
  BOOST_TEST(!house.HasUser());
  BOOST_TEST(house.Successful());
  // What was asked for once is not asked for again.
  house.clock.Advance(FrontDoor::kMaxAge);
  house.door->Look();
  BOOST_TEST(house.Successful());
  BOOST_TEST(house.Reload().empty());
}

BOOST_AUTO_TEST_CASE(a_look_takes_a_user_away_who_is_not_the_last) {
  std::string two = kUsers;
  two += two.substr(two.find("  ada"));
  two.replace(two.rfind("ada"), 3, "bob");
  House house(two);
  house.Replace("web.yml", kUsers);
  house.door->Look();
  BOOST_TEST(house.door->entrance().rules->Get()->users.size() == 1U);
  BOOST_TEST(house.Successful());
}

BOOST_AUTO_TEST_CASE(certificates_of_clients_stay_required_until_a_reload) {
  const auto asking = [](const std::string& type) {
    return "tls_server_config: {cert_file: server.crt, key_file: server.key, "
           "client_ca_file: server.crt, client_auth_type: " +
           type + "}\n";
  };
  for (const std::string& weaker :
       {asking("VerifyClientCertIfGiven"), std::string(kTls)}) {
    House house(asking("RequireAndVerifyClientCert"));
    const auto before = house.tls();
    house.Replace("web.yml", weaker);
    house.door->Look();
    BOOST_TEST(house.tls() == before);
    BOOST_TEST(!house.Successful());
    const auto lines = house.Reload();
    BOOST_REQUIRE(lines.size() == 1U);
    BOOST_TEST(Has(lines[0], "certificates of clients are not required"));
    BOOST_TEST(house.tls() != before);
    BOOST_TEST(house.Successful());
  }
}

BOOST_AUTO_TEST_CASE(what_is_prepared_changes_nothing_before_it_is_taken) {
  House house(std::string(kTls) + kUsers);
  const auto before = house.tls();
  house.Replace("web.yml", kTls);
  auto prepared = house.door->Prepare();
  BOOST_REQUIRE(prepared.ok());
  BOOST_TEST(house.tls() == before);
  BOOST_TEST(house.HasUser());
  BOOST_TEST(house.Successful());
  house.door->Take(std::move(prepared).value());
  BOOST_TEST(house.tls() != before);
  BOOST_TEST(!house.HasUser());
}

// A reload that another file spoils does not make a failure forgotten.
BOOST_AUTO_TEST_CASE(what_is_prepared_and_not_taken_is_looked_at_again) {
  House house;
  std::filesystem::rename(house.PathOf("server.key"), house.PathOf("away"));
  house.door->Look();
  BOOST_TEST(!house.Successful());
  std::filesystem::rename(house.PathOf("away"), house.PathOf("server.key"));
  BOOST_TEST(house.door->Prepare().ok());
  BOOST_TEST(!house.Successful());
  house.door->Look();
  BOOST_TEST(house.Successful());
}

BOOST_AUTO_TEST_CASE(the_end_of_the_certificate_shows) {
  House house;
  BOOST_TEST(house.Shows(
      "tocsin_web_certificate_not_after_timestamp_seconds " +
      std::to_string(house.tls()->not_after().time_since_epoch().count())));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::daemon
