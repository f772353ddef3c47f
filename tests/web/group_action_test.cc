#include "web/handlers/group_action.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

namespace tocsin::web {
namespace {

// What is wrong with the body.
std::string Wrong(Action action, const std::string& body) {
  const auto event = ParseAction(action, "ada", body);
  return event.ok() ? "nothing" : event.error().message;
}

BOOST_AUTO_TEST_SUITE(group_action)

BOOST_AUTO_TEST_CASE(a_silence_is_seconds_or_for_ever) {
  const auto silence = [](const std::string& body) {
    const auto event = ParseAction(Action::kSilence, "ada", body);
    BOOST_TEST_REQUIRE(event.ok());
    const auto& asked = std::get<paging::SilenceRequested>(event.value());
    BOOST_TEST(asked.by == "ada");
    return asked.length;
  };
  BOOST_TEST((silence(R"({"delay":3600})") == std::chrono::hours(1)));
  BOOST_TEST(
      (silence(R"({"delay":60.0,"more":1})") == std::chrono::minutes(1)));
  BOOST_TEST(!silence(R"({"delay":-1})").has_value());
}

BOOST_AUTO_TEST_CASE(a_bad_silence_is_told_in_oncalls_words) {
  for (const char* body : {"", "{}", R"({"delay":null})"}) {
    BOOST_TEST(Wrong(Action::kSilence, body) == "delay is required");
  }
  for (const char* delay : {"0", "-2", "1.5", "\"60\"", "true", "[60]", "1e300",
                            "9223372036854775807", "316224001"}) {
    BOOST_TEST(Wrong(Action::kSilence, R"({"delay":)" + std::string(delay) +
                                           "}") == "invalid delay value");
  }
  for (const char* body : {"x", "[]", "3", R"({"delay":60)"}) {
    BOOST_TEST(Wrong(Action::kSilence, body) ==
               "the body must be a JSON object");
  }
}

BOOST_AUTO_TEST_CASE(escalate_may_name_the_step_that_was_seen) {
  const auto step = [](const std::string& body) {
    return std::get<paging::EscalateRequested>(
               ParseAction(Action::kEscalate, "ada", body).value())
        .step;
  };
  BOOST_TEST(!step("").has_value());
  BOOST_TEST(!step("{}").has_value());
  BOOST_TEST(step(R"({"step":3})").value() == 3U);
  BOOST_TEST(Wrong(Action::kEscalate, R"({"step":0})") ==
             "step must be a whole number from 1");
  BOOST_TEST(Wrong(Action::kEscalate, R"({"step":"3"})") ==
             "step must be a whole number from 1");
}

BOOST_AUTO_TEST_CASE(the_other_actions_look_at_no_body) {
  for (const Action action :
       {Action::kAcknowledge, Action::kUnacknowledge, Action::kResolve,
        Action::kUnresolve, Action::kUnsilence}) {
    BOOST_TEST(Wrong(action, "no JSON at all") == "nothing");
  }
}

BOOST_AUTO_TEST_CASE(only_an_acknowledge_takes_siblings_along) {
  const auto all = [](Action action, const std::string& body) {
    const auto asked = ParseSiblings(action, body);
    return asked.ok() ? (asked.value() ? "all" : "one") : asked.error().message;
  };
  BOOST_TEST(all(Action::kAcknowledge, R"({"siblings":true})") == "all");
  for (const char* body :
       {"", "x", "{}", "[]", R"({"siblings":false})", R"({"siblings":null})"}) {
    BOOST_TEST(all(Action::kAcknowledge, body) == "one", body);
  }
  for (const char* body : {R"({"siblings":1})", R"({"siblings":"true"})"}) {
    BOOST_TEST(all(Action::kAcknowledge, body) ==
               "siblings must be true or false");
  }
  BOOST_TEST(all(Action::kResolve, R"({"siblings":true})") == "one");
}

BOOST_AUTO_TEST_CASE(refusals_have_oncalls_words) {
  using paging::Refusal;
  const struct {
    Action action;
    Refusal refusal;
    const char* words;
  } table[] = {
      {Action::kAcknowledge, Refusal::kAcknowledged,
       "Can't acknowledge an acknowledged alert group"},
      {Action::kAcknowledge, Refusal::kResolved,
       "Can't acknowledge a resolved alert group"},
      {Action::kUnacknowledge, Refusal::kNotAcknowledged,
       "Can't unacknowledge an unacknowledged alert group"},
      {Action::kUnacknowledge, Refusal::kResolved,
       "Can't unacknowledge a resolved alert group"},
      {Action::kResolve, Refusal::kResolved,
       "Can't resolve a resolved alert group"},
      {Action::kUnresolve, Refusal::kNotResolved,
       "Can't unresolve an unresolved alert group"},
      {Action::kSilence, Refusal::kResolved,
       "Can't silence a resolved alert group"},
      {Action::kUnsilence, Refusal::kNotSilenced,
       "Can't unsilence an unsilenced alert group"},
      {Action::kUnsilence, Refusal::kResolved,
       "Can't unsilence a resolved alert group"},
      {Action::kUnsilence, Refusal::kAcknowledged,
       "Can't unsilence an acknowledged alert group"},
      {Action::kEscalate, Refusal::kMoved,
       "The escalation has moved on, look again"},
  };
  for (const auto& row : table) {
    BOOST_TEST(RefusalText(row.action, row.refusal) == row.words);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::web
