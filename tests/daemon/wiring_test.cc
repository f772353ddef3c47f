#include "daemon/wiring.h"

#include <boost/test/unit_test.hpp>

#include "base/clock.h"
#include "config/load.h"

namespace tocsin::daemon {
namespace {

constexpr const char* kFile = R"(
providers:
  screen: {kind: console}
  push: {kind: webhook, url: "http://127.0.0.1:1/"}
sources:
  am: {kind: alertmanager, tokens: [first-token, second-token]}
users:
  ada:
    contact_methods: {push: {address: phone-of-ada}, screen: {}}
    notification_policies: {default: [{notify: push}]}
escalation_chains:
  ladder: [{notify_users: [ada]}]
teams:
  storage: {direct_paging: {default: {escalation_chain: ladder}}}
route: {name: root, team: storage}
tokens:
  adas-laptop: {user: ada, role: admin, token: plain-token}
  # printf hashed-token | sha256sum
  screen: {role: viewer, token_sha256: HASH}
)";
constexpr const char* kHash =
    "550643f45e135491c47bea94823b37278d5dd91375b285d44001d005d1603a33";

config::Config Loaded() {
  std::string text = kFile;
  text.replace(text.find("HASH"), 4, kHash);
  auto loaded = config::LoadText("tocsin.yml", text);
  for (const auto& fault : loaded.faults) {
    BOOST_TEST_MESSAGE(config::FaultText(fault));
  }
  BOOST_REQUIRE(loaded.config.has_value());
  return std::move(*loaded.config);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wiring)

BOOST_AUTO_TEST_CASE(both_tokens_of_a_source_open_its_door) {
  const auto settings = MakeWebSettings(Loaded(), "https://t.example");
  const web::Credentials& credentials = settings->credentials;
  BOOST_TEST(credentials.Source("first-token").value() == "am");
  BOOST_TEST(credentials.Source("second-token").value() == "am");
  BOOST_TEST(!credentials.Source("plain-token").ok());
  BOOST_TEST(settings->external_url == "https://t.example");
}

BOOST_AUTO_TEST_CASE(api_tokens_work_as_text_and_as_hash) {
  const auto settings = MakeWebSettings(Loaded(), "");
  const web::Credentials& credentials = settings->credentials;
  const auto ada = credentials.Api("Bearer plain-token");
  BOOST_REQUIRE(ada.ok());
  BOOST_TEST(ada.value().name == "ada");
  BOOST_TEST((ada.value().role == web::Role::kAdmin));
  const auto screen = credentials.Api("hashed-token");
  BOOST_REQUIRE(screen.ok());
  BOOST_TEST(screen.value().name == "token:screen");
  BOOST_TEST((screen.value().role == web::Role::kViewer));
  BOOST_TEST(!credentials.Api("first-token").ok());
}

BOOST_AUTO_TEST_CASE(every_contact_method_has_a_sender) {
  const SystemClock clock;
  http::Loop loop;
  const auto directory = MakeDirectory(Loaded(), "", loop, clock);
  const auto& methods = directory->users.at("ada");
  BOOST_TEST(methods.size() == 2U);
  BOOST_TEST(methods.at("push").address == "phone-of-ada");
  for (const auto& [name, address] : methods) {
    BOOST_TEST((directory->senders.at(address.provider) != nullptr));
  }
}

BOOST_AUTO_TEST_CASE(a_message_to_an_old_name_finds_its_user) {
  const SystemClock clock;
  http::Loop loop;
  config::Config renamed = Loaded();
  renamed.roster.user_aliases = {{"augusta", "ada"}, {"nobody", "gone"}};
  const auto directory = MakeDirectory(renamed, "", loop, clock);
  BOOST_TEST(directory->users.at("augusta").at("push").address ==
             "phone-of-ada");
  BOOST_TEST(directory->users.count("nobody") == 0U);
}

BOOST_AUTO_TEST_CASE(metrics_know_the_names_of_the_file) {
  const metrics::Names names = MakeNames(Loaded());
  BOOST_TEST(names.sources.size() == 1U);
  BOOST_TEST(names.teams.size() == 1U);
  BOOST_TEST(names.providers.size() == 2U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::daemon
