#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using tocsin::testing::Scenario;

BOOST_AUTO_TEST_SUITE(escalation)

BOOST_AUTO_TEST_CASE(second_responder_is_paged_when_the_first_sleeps) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(5) - milliseconds(1));
  s.ExpectQuiet();
  s.Advance(milliseconds(1));
  s.ExpectPaged({"bob by phone"});
  s.ExpectTimeline("step 3 of chain ladder runs: notify bob");
}

BOOST_AUTO_TEST_CASE(steps_without_a_wait_between_them_run_at_once) {
  Scenario s("notify ada, notify bob, wait 1m, notify cyd dee");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone", "bob by phone"});
  s.Advance(minutes(1));
  s.ExpectPaged({"cyd by phone", "dee by phone"});
}

BOOST_AUTO_TEST_CASE(acknowledging_stops_the_chain) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  BOOST_CHECK(s.Acknowledge("ada").ok());
  s.ExpectState("acknowledged");
  s.Advance(hours(24));
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(resolve_at_the_source_stops_everything) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.Fire("DiskSlow");
  s.ExpectPaged({"ada by phone"});
  s.ResolveAtSource("DiskFull");
  s.ExpectState("firing");
  s.ResolveAtSource("DiskSlow");
  s.ExpectState("resolved");
  s.Advance(hours(24));
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(a_person_may_resolve) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  BOOST_CHECK(s.ResolveBy("bob").ok());
  s.ExpectState("resolved");
  s.ExpectTimeline("resolved by bob");
  BOOST_CHECK(!s.ResolveBy("bob").ok());
  BOOST_CHECK(!s.Acknowledge("ada").ok());
}

BOOST_AUTO_TEST_CASE(a_second_acknowledge_is_taken_but_not_twice_from_one) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  BOOST_CHECK(s.Acknowledge("ada").ok());
  BOOST_CHECK(s.Acknowledge("bob").ok());
  s.ExpectTimeline("bob is also on it");
  BOOST_CHECK(!s.Acknowledge("ada").ok());
}

BOOST_AUTO_TEST_CASE(repeat_goes_back_so_many_times) {
  Scenario s("notify ada, wait 5m, repeat 2");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(10));
  s.ExpectPaged({"ada by phone", "ada by phone"});
  s.Advance(hours(24));
  s.ExpectQuiet();
  s.ExpectTimeline("chain ladder is used up, nobody acknowledged");
}

BOOST_AUTO_TEST_CASE(repeat_for_ever_goes_on_from_its_step) {
  Scenario s("notify ada, wait 1m, notify bob, wait 2m, repeat forever from 3");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(1 + 2 * 50));
  const std::vector<std::string> fifty_one(51, "bob by phone");
  s.ExpectPaged(fifty_one);
}

BOOST_AUTO_TEST_CASE(a_chain_is_used_up_only_after_its_last_wait) {
  Scenario s("notify ada, wait 10m");
  s.Fire("DiskFull");
  s.Advance(minutes(10) - milliseconds(1));
  s.ExpectNoTimeline("used up");
  s.Advance(milliseconds(1));
  s.ExpectTimeline("used up");
}

BOOST_AUTO_TEST_CASE(a_step_does_not_run_again_within_a_minute) {
  Scenario s("notify ada, wait 10s, repeat 2");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(seconds(59));
  s.ExpectQuiet();
  s.Advance(seconds(1));
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(when_nobody_can_be_reached_the_wait_ends_at_once) {
  Scenario s("notify ada bob, wait 5m, notify cyd, wait 5m, notify dee");
  s.SetLine("ada", "phone", Scenario::Line::kPermanent);
  s.SetLine("bob", "phone", Scenario::Line::kPermanent);
  s.SetLine("cyd", "phone", Scenario::Line::kPermanent);
  s.Fire("DiskFull");
  s.ExpectPaged({});
  s.ExpectTimeline("ends early");
  s.ExpectTimeline("step 3 of chain ladder runs: notify cyd");
  // One wait a pass: a dead provider must not ring the whole ladder at once.
  s.ExpectNoTimeline("notify dee");
  s.Advance(minutes(5));
  s.ExpectPaged({"dee by phone"});
}

BOOST_AUTO_TEST_CASE(one_dead_phone_of_two_wakes_nobody_higher_up) {
  Scenario s("notify ada bob, wait 5m, notify cyd");
  s.SetLine("ada", "phone", Scenario::Line::kPermanent);
  s.Fire("DiskFull");
  s.ExpectPaged({"bob by phone"});
  s.Advance(minutes(4));
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(a_minute_of_temporary_failures_counts_as_unreached) {
  Scenario s("notify ada, wait 1h, notify bob");
  s.SetLine("ada", "phone", Scenario::Line::kTemporary);
  s.Fire("DiskFull");
  s.Advance(seconds(59));
  s.ExpectQuiet();
  s.Advance(seconds(11));
  s.ExpectPaged({"bob by phone"});
  s.SetLine("ada", "phone", Scenario::Line::kWorks);
  s.Advance(seconds(10));
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_step_with_nobody_to_notify_says_so_and_goes_on) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Remove("bob");
  s.Advance(minutes(5));
  s.ExpectQuiet();
  s.ExpectTimeline("bob is no longer in the configuration");
  s.ExpectTimeline("step 3 of chain ladder could notify nobody");
  s.ExpectTimeline("used up");
}

BOOST_AUTO_TEST_CASE(a_team_without_a_chain_says_that_nobody_is_notified) {
  Scenario s("");
  s.Fire("DiskFull");
  s.ExpectQuiet();
  s.ExpectState("firing");
  s.ExpectTimeline("no escalation chain runs, nobody is notified");
}

BOOST_AUTO_TEST_CASE(after_three_hours_down_one_step_runs_and_waits_count_new) {
  Scenario s(
      "notify ada, wait 5m, notify bob, wait 5m, notify cyd, wait 5m, "
      "notify dee");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Sleep(hours(3));
  s.ExpectPaged({"bob by phone"});
  s.ExpectTimeline("late by 2h 55m");
  s.Advance(minutes(5));
  s.ExpectPaged({"cyd by phone"});
}

BOOST_AUTO_TEST_CASE(a_little_lateness_does_not_add_up) {
  Scenario s("notify ada, wait 5m, notify bob, wait 5m, notify cyd");
  s.Fire("DiskFull");
  s.Sleep(minutes(5) + seconds(40));
  s.ExpectPaged({"ada by phone", "bob by phone"});
  s.Advance(minutes(4) + seconds(20));
  s.ExpectPaged({"cyd by phone"});
}

BOOST_AUTO_TEST_CASE(a_restart_forgets_nothing) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Restart();
  s.ExpectQuiet();
  s.Advance(minutes(5));
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(an_open_group_runs_the_chain_it_began_with) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  const auto& life = std::get<tocsin::paging::Firing>(s.group().life);
  const std::string hash = life.escalation->snapshot;
  s.Restart();
  const auto& after = std::get<tocsin::paging::Firing>(s.group().life);
  BOOST_CHECK_EQUAL(after.escalation->snapshot, hash);
}

BOOST_AUTO_TEST_SUITE_END()
