#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using tocsin::testing::Scenario;

BOOST_AUTO_TEST_SUITE(personal)

BOOST_AUTO_TEST_CASE(a_policy_tries_one_method_after_the_other) {
  Scenario s("notify ada, wait 1h, notify bob");
  s.Policy("ada", "chat, wait 2m, phone, wait 3m, mail");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by chat"});
  s.Advance(minutes(2));
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(3) - milliseconds(1));
  s.ExpectQuiet();
  s.Advance(milliseconds(1));
  s.ExpectPaged({"ada by mail"});
}

BOOST_AUTO_TEST_CASE(acknowledging_stops_the_policy) {
  Scenario s("notify ada, wait 1h, notify bob");
  s.Policy("ada", "chat, wait 2m, phone");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by chat"});
  BOOST_CHECK(s.Acknowledge("bob").ok());
  s.Advance(hours(5));
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(a_permanent_failure_moves_to_the_next_method_at_once) {
  Scenario s("notify ada, wait 1h, notify bob");
  s.Policy("ada", "chat, wait 20m, phone");
  s.SetLine("ada", "chat", Scenario::Line::kPermanent);
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline("failed: the line is dead");
}

BOOST_AUTO_TEST_CASE(half_a_minute_of_failures_starts_the_next_method_beside) {
  Scenario s("notify ada, wait 1h, notify bob");
  s.Policy("ada", "chat, wait 20m, phone");
  s.SetLine("ada", "chat", Scenario::Line::kTemporary);
  s.Fire("DiskFull");
  s.Advance(seconds(29));
  s.ExpectQuiet();
  s.Advance(seconds(1));
  s.ExpectPaged({"ada by phone"});
  s.SetLine("ada", "chat", Scenario::Line::kWorks);
  s.Advance(seconds(10));
  s.ExpectPaged({"ada by chat"});
}

BOOST_AUTO_TEST_CASE(a_provider_that_asks_to_wait_holds_up_no_other_method) {
  Scenario s("notify ada, wait 1h, notify bob");
  s.Policy("ada", "chat, wait 20m, phone");
  s.RetryAfter(hours(1));
  s.SetLine("ada", "chat", Scenario::Line::kTemporary);
  s.SetLine("ada", "phone", Scenario::Line::kTemporary);
  s.Fire("DiskFull");
  s.Advance(seconds(30));
  s.ExpectTimeline("notify ada by phone");
  s.Advance(seconds(60));  // both have failed for a minute
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_run_that_is_under_way_is_not_restarted) {
  Scenario s("notify ada, wait 5m, notify ada bob");
  s.Policy("ada", "chat, wait 30m, phone");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by chat"});
  s.Advance(minutes(5));
  s.ExpectPaged({"bob by phone"});
  s.ExpectTimeline("ada is already being notified");
  s.Advance(minutes(25));
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(withdrawn_messages_are_told_and_never_sent) {
  Scenario s("notify ada, wait 1h, notify bob");
  s.SetLine("ada", "phone", Scenario::Line::kTemporary);
  s.Fire("DiskFull");
  BOOST_CHECK(s.Acknowledge("bob").ok());
  s.ExpectTimeline("to ada is withdrawn: acknowledged");
  s.SetLine("ada", "phone", Scenario::Line::kWorks);
  s.Advance(hours(1));
  s.ExpectQuiet();
  BOOST_CHECK_EQUAL(s.store().outbox_size(), 0u);
}

BOOST_AUTO_TEST_CASE(a_user_without_methods_is_named_as_such) {
  Scenario s("notify ada, wait 1h, notify bob");
  s.Policy("ada", "wait 5m");
  s.Fire("DiskFull");
  s.ExpectTimeline("ada has no default notification policy that notifies");
  // Nobody was notified, so the wait is not worth waiting.
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_SUITE_END()
