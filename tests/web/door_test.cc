#include "web/door.h"

#include <boost/test/unit_test.hpp>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "web/router.h"

namespace tocsin::web {
namespace {

// bcrypt of "secret" at the least cost, and ada:secret, eve:secret by Basic.
const char* const kSecret =
    "$2y$04$abcdefghijklmnopqrstuu2r9OfJnfCsdneAXAGHnS4UpFFP8WIrW";
const char* const kAda = "Basic YWRhOnNlY3JldA==";
const char* const kEve = "Basic ZXZlOnNlY3JldA==";

Route Leads(std::string_view method, std::string_view path, Door door,
            Where where = Where::kTransport) {
  return {method, path, door, where, [](const Call& call) {
            call.reply.Send({.status = 200, .body = call.actor.name});
          }};
}

EntryRules SomeRules() { return {.users = {{"ada", kSecret}}}; }

// A router with a path behind each kind of door.
struct House {
  explicit House(EntryRules written = SomeRules())
      : rules(std::make_shared<const EntryRules>(std::move(written))) {}
  ~House() {
    users.Stop();
    pool->Stop();
  }

  // "200", or "401 Basic".
  std::string Ask(const char* method, const char* path,
                  const char* authorization = "") {
    std::promise<Response> answered;
    router.Handle({.method = method,
                   .path = path,
                   .query = "",
                   .headers = {{"Authorization", authorization}},
                   .body = ""},
                  Reply([&](Response response) {
                    answered.set_value(std::move(response));
                  }));
    const Response response = answered.get_future().get();
    std::string text = std::to_string(response.status);
    for (const auto& [name, value] : response.headers) {
      if (name == "WWW-Authenticate") {
        text += " " + value.substr(0, value.find(' '));
      }
    }
    return text;
  }

  metrics::Metrics metrics{{}};
  Current<EntryRules> rules;
  CurrentSettings settings{std::make_shared<const Settings>(
      Settings{.credentials = Credentials({}, {{.name = "eye",
                                                .hash = HashToken("token"),
                                                .role = Role::kViewer}})})};
  std::shared_ptr<WorkerPool> pool = std::make_shared<WorkerPool>(1, 16);
  Users users{rules, metrics};
  Router router{{Leads("GET", "/-/healthy", Door::Users()),
                 Leads("GET", "/metrics", Door::Users(), Where::kWorker),
                 Leads("GET", "/api/v1/things/", Door::Token(Role::kViewer)),
                 Leads("POST", "/api/v1/things/", Door::Token(Role::kAdmin)),
                 Leads("POST", "/integrations/v1/in/", Door::Own())},
                settings,
                users,
                pool,
                metrics};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(door)

BOOST_AUTO_TEST_CASE(users_guard_what_has_no_tokens) {
  House house;
  for (const char* const path : {"/-/healthy", "/metrics", "/-/healthy/"}) {
    BOOST_TEST(house.Ask("GET", path) == "401 Basic", path);
    BOOST_TEST(house.Ask("GET", path, kEve) == "401 Basic", path);
    BOOST_TEST(house.Ask("GET", path, "Bearer token") == "401 Basic", path);
    BOOST_TEST(house.Ask("GET", path, kAda) == "200", path);
  }
}

BOOST_AUTO_TEST_CASE(strangers_do_not_learn_which_paths_there_are) {
  House house;
  BOOST_TEST(house.Ask("GET", "/nosuch") == "401 Basic");
  BOOST_TEST(house.Ask("DELETE", "/metrics") == "401 Basic");
  BOOST_TEST(house.Ask("GET", "/nosuch", kAda) == "404");
  BOOST_TEST(house.Ask("DELETE", "/metrics", kAda) == "405");
}

BOOST_AUTO_TEST_CASE(tokens_open_their_doors_without_users) {
  House house;
  const char* const things = "/api/v1/things/";
  BOOST_TEST(house.Ask("GET", things) == "401 Bearer");
  BOOST_TEST(house.Ask("GET", things, kAda) == "401 Bearer");
  BOOST_TEST(house.Ask("GET", things, "Bearer token") == "200");
  BOOST_TEST(house.Ask("POST", things, "Bearer token") == "403");
  BOOST_TEST(house.Ask("DELETE", things) == "405");
  BOOST_TEST(house.Ask("GET", "/api/v1/nosuch") == "404");
  BOOST_TEST(house.Ask("POST", "/integrations/v1/in/") == "200");
  BOOST_TEST(house.Ask("GET", "/integrations/v1/nosuch") == "404");
}

BOOST_AUTO_TEST_CASE(the_rate_is_for_the_doors_of_users_only) {
  House house({.rate = Rate{.interval = std::chrono::hours(1), .burst = 1}});
  BOOST_TEST(house.Ask("GET", "/-/healthy") == "200");
  BOOST_TEST(house.Ask("GET", "/-/healthy") == "429");
  BOOST_TEST(house.Ask("GET", "/nosuch") == "429");
  for (int i = 0; i < 3; ++i) {
    BOOST_TEST(house.Ask("POST", "/integrations/v1/in/") == "200");
    BOOST_TEST(house.Ask("GET", "/api/v1/nosuch") == "404");
  }
}

BOOST_AUTO_TEST_CASE(without_users_everybody_may_look) {
  House house{EntryRules{}};
  BOOST_TEST(house.Ask("GET", "/metrics") == "200");
  BOOST_TEST(house.Ask("GET", "/nosuch") == "404");
  BOOST_TEST(house.Ask("GET", "/api/v1/things/") == "401 Bearer");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
