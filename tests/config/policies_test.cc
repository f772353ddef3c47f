#include <boost/test/unit_test.hpp>
#include <string>
#include <variant>

#include "config/load.h"

namespace tocsin::config {
namespace {

// Reads a user with the methods push and chat, beside the policies given.
LoadResult LoadPolicies(const std::string& top_level, const std::string& own) {
  return LoadText("t.yml",
                  "providers: {console: {}}\n"
                  "default_notification_policies: " +
                      top_level +
                      "\n"
                      "users:\n"
                      "  ada:\n"
                      "    contact_methods:\n"
                      "      push: {provider: console}\n"
                      "      chat: {provider: console}\n"
                      "    notification_policies: " +
                      own +
                      "\n"
                      "teams: {web: {}}\n"
                      "route: {team: web, discard: true}\n");
}

// "push 300 chat": methods, and waits in seconds.
std::string TextOf(const paging::Policy& policy) {
  std::string text;
  for (const paging::PolicyStep& step : policy) {
    if (!text.empty()) text += " ";
    if (const auto* wait = std::get_if<paging::Wait>(&step)) {
      text += std::to_string(wait->length.count() / 1000);
    } else {
      text += std::get<paging::NotifyMethod>(step).method;
    }
  }
  return text;
}

// "default policy / important policy" of the user.
std::string Settled(const std::string& top_level, const std::string& own) {
  const LoadResult result = LoadPolicies(top_level, own);
  for (const Fault& fault : result.faults) BOOST_ERROR(FaultText(fault));
  if (!result.config) return "";
  const paging::User& ada = result.config->roster.users.at("ada");
  return TextOf(ada.default_policy) + " / " + TextOf(ada.important_policy);
}

BOOST_AUTO_TEST_SUITE(policies)

BOOST_AUTO_TEST_CASE(a_users_own_policies_are_taken_as_they_are) {
  BOOST_TEST(Settled("{default: [{notify: sms}]}",
                     "{default: [{wait: 1m}, {notify: chat}], "
                     "important: [{notify: push}]}") == "60 chat / push");
}

BOOST_AUTO_TEST_CASE(without_an_important_policy_the_default_one_is_taken) {
  BOOST_TEST(Settled("{}", "{default: [{notify: chat}]}") == "chat / chat");
  BOOST_TEST(Settled("{default: [{notify: push}]}", "{}") == "push / push");
}

BOOST_AUTO_TEST_CASE(the_policies_of_all_stand_in_for_each_one_not_written) {
  const std::string all =
      "{default: [{notify: chat}], important: [{notify: push}]}";
  BOOST_TEST(Settled(all, "{}") == "chat / push");
  BOOST_TEST(Settled(all, "{important: [{notify: chat}]}") == "chat / chat");
}

BOOST_AUTO_TEST_CASE(a_method_the_user_lacks_is_skipped_with_a_warning) {
  const std::string all =
      "{default: [{notify: sms}, {wait: 5m}, {notify: push}, {wait: 1m}, "
      "{notify: mail}, {wait: 2m}, {notify: chat}]}";
  BOOST_TEST(Settled(all, "{}") == "push 60 120 chat / push 60 120 chat");
  const LoadResult result = LoadPolicies(all, "{}");
  BOOST_REQUIRE_EQUAL(result.warnings.size(), 3u);  // and of the root
  BOOST_TEST(FaultText(result.warnings[0]) ==
             "t.yml:2:52: default_notification_policies.default[0].notify: no "
             "user has a contact method named \"sms\": the step is skipped for "
             "all");
}

BOOST_AUTO_TEST_CASE(a_wait_the_file_begins_with_is_kept) {
  BOOST_TEST(Settled("{default: [{wait: 1m}, {notify: push}]}", "{}") ==
             "60 push / 60 push");
}

BOOST_AUTO_TEST_CASE(an_important_policy_of_which_nothing_is_left_is_not_used) {
  BOOST_TEST(Settled("{default: [{notify: chat}], important: [{notify: sms}]}",
                     "{}") == "chat / chat");
}

BOOST_AUTO_TEST_CASE(a_default_policy_of_which_nothing_is_left_is_a_fault) {
  const LoadResult result = LoadPolicies("{default: [{notify: sms}]}", "{}");
  BOOST_REQUIRE_EQUAL(result.faults.size(), 1u);
  BOOST_TEST(result.faults[0].path == "users.ada");
}

BOOST_AUTO_TEST_CASE(
    a_users_own_default_comes_before_the_important_one_of_all) {
  BOOST_TEST(Settled("{default: [{notify: chat}], important: [{notify: chat}]}",
                     "{default: [{notify: push}]}") == "push / push");
}

// `count` users u0, u1 ... of which each has the methods given.
LoadResult LoadMany(const std::string& policy, int count,
                    const std::string& methods) {
  std::string text =
      "providers: {console: {}}\n"
      "default_notification_policies: {default: " +
      policy +
      "}\nroute: {team: t}\nteams: {t: {direct_paging: "
      "{default: {escalation_chain: c}}}}\n"
      "escalation_chains: {c: [{notify_users: [u0]}]}\nusers:\n";
  for (int i = 0; i < count; ++i) {
    text +=
        "  u" + std::to_string(i) + ": {contact_methods: {" + methods + "}}\n";
  }
  text += "  zoe: {contact_methods: {console: , rare: {provider: console}}}\n";
  return LoadText("t.yml", text);
}

BOOST_AUTO_TEST_CASE(a_method_that_nobody_has_is_told_once) {
  const LoadResult result = LoadMany(
      "[{notify: console}, {notify: sms}, {notify: voice}]", 300, "console: ");
  BOOST_REQUIRE_EQUAL(result.warnings.size(), 2U);
  BOOST_TEST(FaultText(result.warnings[0]) ==
             "t.yml:2:71: default_notification_policies.default[1].notify: no "
             "user has a contact method named \"sms\": the step is skipped for "
             "all");
}

BOOST_AUTO_TEST_CASE(a_method_that_many_lack_is_told_of_some_and_counted) {
  const LoadResult result =
      LoadMany("[{notify: console}, {notify: rare}]", 300, "console: ");
  BOOST_REQUIRE_EQUAL(result.warnings.size(), 101U);
  BOOST_TEST(FaultText(result.warnings[0]) ==
             "t.yml:2:32: default_notification_policies: 200 more users lack a "
             "contact method that a step names: it is skipped for them");
  BOOST_TEST(FaultText(result.warnings[1]) ==
             "t.yml:7:3: users.u0: has no contact method named \"rare\", which "
             "default_notification_policies names: the step is skipped");
}

BOOST_AUTO_TEST_CASE(a_policy_has_at_most_a_hundred_steps) {
  std::string steps;
  for (int i = 0; i < 30'000; ++i) {
    steps += "{notify: m" + std::to_string(i) + "}, ";
  }
  const LoadResult result = LoadMany("[" + steps + "]", 1, "console: ");
  BOOST_REQUIRE_EQUAL(result.faults.size(), 3U);
  BOOST_TEST(result.faults[0].message == "has more than 100 steps");
  const LoadResult own = LoadPolicies("{}", "{default: [" + steps + "]}");
  BOOST_TEST(own.faults.size() == 101U);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
