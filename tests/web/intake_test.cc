// What Alertmanager hears, and what operators see of what was refused.
#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "tests/web/house.h"
#include "web/door.h"
#include "web/intake_account.h"

namespace tocsin::web {
namespace {

namespace json = boost::json;

constexpr const char* kByHeader = "/api/v1/webhooks/alertmanager";
constexpr const char* kRefusals = "/api/v1/intake/refusals/";

json::object RefusalsOf(House& house) {
  return json::parse(BodyOf(house.Get(kRefusals))).as_object();
}

std::string Member(const json::object& refusals, std::size_t index,
                   std::string_view name) {
  const json::value& member =
      refusals.at("results").as_array().at(index).as_object().at(
          json::string_view(name.data(), name.size()));
  return member.is_string() ? std::string(member.as_string())
                            : json::serialize(member);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(intake)

// Basic as `user:source-token`, in base64.
BOOST_AUTO_TEST_CASE(a_token_comes_by_path_bearer_or_basic) {
  struct Way {
    const char* target;
    const char* header;
  };
  for (const Way& way :
       {Way{"/integrations/v1/alertmanager/source-token/", ""},
        Way{"/integrations/v1/alertmanager/source-token", ""},
        Way{kByHeader, "Authorization: Bearer source-token\r\n"},
        Way{"/api/v1/webhooks/alertmanager/",
            "Authorization: Basic dXNlcjpzb3VyY2UtdG9rZW4=\r\n"}}) {
    House house;
    Client client(house.port());
    client.Send(Compose("POST", way.target, way.header, kWebhook));
    house.Take().done({});
    BOOST_TEST(StatusOf(client.Receive()) == "200", way.target);
  }
}

BOOST_AUTO_TEST_CASE(the_content_type_does_not_matter) {
  for (const char* type : {"", "Content-Type: text/plain\r\n",
                           "Content-Type: application/x-protobuf\r\n"}) {
    House house;
    Client client(house.port());
    client.Send(Compose("POST", kIntake, type, kWebhook));
    house.Take().done({});
    BOOST_TEST(StatusOf(client.Receive()) == "200", type);
  }
}

BOOST_AUTO_TEST_CASE(other_methods_are_a_405_that_says_which_one) {
  House house;
  for (const char* path :
       {kIntake, kByHeader, "/integrations/v1/alertmanager/wrong"}) {
    for (const char* method : {"GET", "HEAD", "PUT", "DELETE", "PATCH"}) {
      Client client(house.port());
      client.Send(Compose(method, path));
      const std::string answer =
          client.Receive(std::string_view(method) == "HEAD");
      BOOST_TEST(StatusOf(answer) == "405", method << " " << path);
      BOOST_TEST(answer.find("\r\nAllow: POST\r\n") != std::string::npos);
    }
  }
  BOOST_TEST(RefusalsOf(house).at("total").as_int64() == 15);
}

BOOST_AUTO_TEST_CASE(a_webhook_that_goes_astray_leaves_a_trace) {
  struct Row {
    const char* method;
    const char* path;
    const char* status;
    const char* shown;
    const char* source;
  };
  const std::string endless = "/integrations" + std::string(2000, '/');
  for (const Row& row : {
           Row{"POST", "/integrations/v1/alertmanager/source-token//", "404",
               "/integrations/v1/alertmanager/<token>//", "am-prod"},
           Row{"POST", "//integrations/v1/alertmanager/source-token/", "404",
               "//integrations/v1/alertmanager/<token>/", "am-prod"},
           Row{"POST", "/integrations/v1/alertmanager/source-token/x", "404",
               "/integrations/v1/alertmanager/<token>/<other>", "am-prod"},
           Row{"POST", "/integrations/alertmanager/source-token/", "404",
               "/integrations/alertmanager/<token>/", "am-prod"},
           Row{"PUT", "/integrations/v1/grafana/source-token/", "404",
               "/integrations/v1/<other>/<token>/", "am-prod"},
           Row{"POST", "/integrations/v1/alertmanager/secret/x", "404",
               "/integrations/v1/alertmanager/<token>/<other>", "unknown"},
           Row{"POST", "/integrations/v1/secret", "404",
               "/integrations/v1/<other>", "unknown"},
           Row{"POST", "//api/v1/webhooks/alertmanager/", "404",
               "//api/v1/webhooks/alertmanager/", "unknown"},
           Row{"GET", kIntake, "405", "/integrations/v1/alertmanager/<token>/",
               "am-prod"},
           Row{"HEAD", kIntake, "405", "/integrations/v1/alertmanager/<token>/",
               "am-prod"},
           Row{"OPTIONS", kByHeader, "405", "/api/v1/webhooks/alertmanager",
               "unknown"},
           Row{"GET", endless.c_str(), "404", nullptr, "unknown"},
       }) {
    House house;
    Client client(house.port());
    client.Send(Compose(row.method, row.path));
    BOOST_TEST(StatusOf(client.Receive(std::string_view(row.method) ==
                                       "HEAD")) == row.status,
               row.path);
    const json::object refusals = RefusalsOf(house);
    BOOST_REQUIRE(refusals.at("total").as_int64() == 1);
    BOOST_TEST(Member(refusals, 0, "reason") == "wrong_path");
    BOOST_TEST(Member(refusals, 0, "status") == row.status);
    BOOST_TEST(Member(refusals, 0, "source") == row.source, row.path);
    const std::string shown = Member(refusals, 0, "path");
    if (row.shown != nullptr) BOOST_TEST(shown == row.shown);
    BOOST_TEST(shown.size() <= IntakeAccount::kMaxText);
    BOOST_TEST(json::serialize(refusals).find("secret") == std::string::npos);
    const bool known = std::string_view(row.source) == "am-prod";
    BOOST_TEST(
        house.Shows(R"(tocsin_webhooks_total{result="wrong_path",source=")" +
                    std::string(known ? "am-prod" : "other") + "\"} 1"));
  }
}

// Also where its body is still to come; what is none of ours is not listed.
BOOST_AUTO_TEST_CASE(a_stray_webhook_is_counted_once_and_no_other) {
  House house;
  const char* const head =
      "POST /api/v1/webhooks/alertmanager/x HTTP/1.1\r\nHost: x\r\n"
      "Authorization: Bearer source-token\r\n"
      "Content-Length: 100000\r\n\r\n{";
  BOOST_TEST(StatusOf(Client(house.port()).Ask(head)) == "404");
  for (const char* path : {"/", "/api/v1/nothing/", "/integration/x", "/x"}) {
    BOOST_TEST(StatusOf(house.Post(path)) == "404", path);
  }
  const json::object refusals = RefusalsOf(house);
  BOOST_TEST(refusals.at("total").as_int64() == 1);
  BOOST_TEST(Member(refusals, 0, "source") == "am-prod");
  BOOST_TEST(Member(refusals, 0, "bytes") == "100000");
  BOOST_TEST(Member(refusals, 0, "path") ==
             "/api/v1/webhooks/alertmanager/<token>");
}

// So neither a password nor the users' rate comes before its 404.
BOOST_AUTO_TEST_CASE(users_are_not_asked_for_where_webhooks_go_astray) {
  for (const char* path : {"/integrations/x", "//integrations/x",
                           "///api/v1/webhooks/alertmanager/"}) {
    BOOST_TEST((Door::Nowhere(path).kind() == Door::Kind::kOwn), path);
  }
  BOOST_TEST((Door::Nowhere("//metrics").kind() == Door::Kind::kUsers));
}

BOOST_AUTO_TEST_CASE(nothing_at_the_door_is_a_redirect_or_a_429) {
  House house({.webhooks = 0}, {.body_bytes = 4000});
  const std::string bearer = "Authorization: Bearer source-token\r\n";
  struct Row {
    std::string request;
    const char* status;
  };
  for (const Row& row : {
           Row{Compose("POST", kIntake), "400"},
           Row{Compose("POST", kIntake, "", "{}"), "400"},
           Row{Compose("POST", kIntake, "", "[1"), "400"},
           Row{Compose("POST", kIntake, "", std::string(4001, ' ')), "413"},
           Row{Compose("POST", kIntake, "", kWebhook), "503"},
           Row{Compose("POST", kByHeader, bearer, kWebhook), "503"},
           Row{Compose("POST", kByHeader, "", kWebhook), "401"},
           Row{Compose("POST", kByHeader, "Authorization: Digest x\r\n",
                       kWebhook),
               "401"},
           Row{Compose("POST", kByHeader, "Authorization: Basic %%%\r\n",
                       kWebhook),
               "401"},
           Row{Compose("POST", "/integrations/v1/alertmanager/wrong", "",
                       kWebhook),
               "401"},
           Row{Compose("POST", "/integrations/v1/alertmanager//", "", kWebhook),
               "404"},
           Row{Compose("POST", "/integrations/v1/alertmanager", "", kWebhook),
               "404"},
       }) {
    const std::string answer = Client(house.port()).Ask(row.request);
    BOOST_TEST(StatusOf(answer) == row.status, row.request.substr(0, 60));
    const std::string body = BodyOf(answer);
    BOOST_TEST(body.starts_with("{\"detail\":"));
    BOOST_TEST(body.find('\n') == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(refused_webhooks_can_be_looked_at) {
  House house({}, {.body_bytes = 4000});
  const Instant before = SystemClock().Now();
  house.Post("/integrations/v1/alertmanager/wrong-token/",
             "User-Agent: Alertmanager/0.28.1\r\n", kWebhook);
  house.Post(kIntake, "", R"({"secret":"hunter2")");
  house.Post(kIntake, "", std::string(5000, 'x'));
  const json::object refusals = RefusalsOf(house);
  BOOST_TEST(refusals.at("total").as_int64() == 3);
  BOOST_REQUIRE(refusals.at("results").as_array().size() == 3u);

  BOOST_TEST(Member(refusals, 0, "reason") == "too_large");
  BOOST_TEST(Member(refusals, 0, "status") == "413");
  BOOST_TEST(Member(refusals, 0, "bytes") == "5000");
  BOOST_TEST(Member(refusals, 0, "source") == "am-prod");
  BOOST_TEST(Member(refusals, 1, "reason") == "invalid");
  BOOST_TEST(Member(refusals, 1, "status") == "400");
  BOOST_TEST(Member(refusals, 1, "source") == "am-prod");
  BOOST_TEST(Member(refusals, 1, "detail").starts_with("body: not JSON"));
  BOOST_TEST(Member(refusals, 2, "reason") == "unauthenticated");
  BOOST_TEST(Member(refusals, 2, "status") == "401");
  BOOST_TEST(Member(refusals, 2, "source") == "unknown");
  BOOST_TEST(Member(refusals, 2, "user_agent") == "Alertmanager/0.28.1");
  BOOST_TEST(Member(refusals, 2, "sender") == "127.0.0.1");
  BOOST_TEST(Member(refusals, 2, "path") ==
             "/integrations/v1/alertmanager/<token>/");
  BOOST_TEST(Member(refusals, 2, "bytes") ==
             std::to_string(std::string_view(kWebhook).size()));
  const auto at = ParseRfc3339(Member(refusals, 2, "at"));
  BOOST_REQUIRE(at.ok());
  BOOST_TEST(ToMillis(at.value()) >= ToMillis(before));
  BOOST_TEST(ToMillis(at.value()) <= ToMillis(SystemClock().Now()));

  const std::string all = json::serialize(refusals);
  for (const char* secret : {"wrong-token", "source-token", "hunter2"}) {
    BOOST_TEST(all.find(secret) == std::string::npos, secret);
  }
  BOOST_TEST(StatusOf(Client(house.port()).Ask(Compose("GET", kRefusals))) ==
             "401");
}

BOOST_AUTO_TEST_CASE(a_refusal_before_the_body_is_counted_once) {
  House house({.webhooks = 0});
  const auto head_of = [](const char* token) {
    return "POST /integrations/v1/alertmanager/" + std::string(token) +
           "/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{";
  };
  BOOST_TEST(StatusOf(Client(house.port()).Ask(head_of("wrong"))) == "401");
  BOOST_TEST(StatusOf(Client(house.port()).Ask(head_of("source-token"))) ==
             "503");
  const json::object refusals = RefusalsOf(house);
  BOOST_TEST(refusals.at("total").as_int64() == 2);
  BOOST_TEST(Member(refusals, 1, "reason") == "unauthenticated");
  BOOST_TEST(Member(refusals, 1, "bytes") == "100000");
  BOOST_TEST(Member(refusals, 0, "reason") == "overload");
  BOOST_TEST(Member(refusals, 0, "source") == "am-prod");
  BOOST_TEST(house.Shows(
      R"(tocsin_webhooks_total{result="overload",source="am-prod"} 1)"));
  BOOST_TEST(house.Shows(
      R"(tocsin_webhooks_total{result="unauthenticated",source="other"} 1)"));
}

BOOST_AUTO_TEST_CASE(a_failed_commit_is_a_refusal_too) {
  House house;
  Client client(house.port());
  client.Send(Compose("POST", kIntake, "", kWebhook));
  house.Take().done(
      {.status = Error{Code::kUnavailable, "disk full"}, .refusal = {}});
  BOOST_TEST(StatusOf(client.Receive()) == "503");
  const json::object refusals = RefusalsOf(house);
  BOOST_TEST(Member(refusals, 0, "reason") == "unavailable");
  BOOST_TEST(Member(refusals, 0, "detail") == "disk full");
}

BOOST_AUTO_TEST_CASE(the_newest_hundred_are_kept_and_no_text_is_endless) {
  metrics::Metrics metrics({.sources = {"am"}, .teams = {}, .providers = {}});
  IntakeAccount account(metrics);
  for (int i = 1; i <= 150; ++i) {
    account.Refused({.source = "am",
                     .result = "invalid",
                     .status = 400,
                     .detail = std::to_string(i) + std::string(1000, 'x'),
                     .origin = {.user_agent = "\xff\xfe agent"}});
  }
  const auto refusals = account.refusals();
  BOOST_TEST(refusals.total == 150u);
  BOOST_REQUIRE(refusals.kept.size() == IntakeAccount::kKept);
  BOOST_TEST(refusals.kept.front().detail.starts_with("150x"));
  BOOST_TEST(refusals.kept.back().detail.starts_with("51x"));
  BOOST_TEST(refusals.kept.front().detail.size() == IntakeAccount::kMaxText);
  BOOST_TEST(refusals.kept.front().origin.user_agent ==
             "\xef\xbf\xbd\xef\xbf\xbd agent");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
