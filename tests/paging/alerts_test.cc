#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using tocsin::testing::Scenario;

BOOST_AUTO_TEST_SUITE(alerts)

BOOST_AUTO_TEST_CASE(a_resend_has_no_effect_and_makes_no_entry) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  const std::size_t before = s.TimelineLength();
  s.Advance(seconds(1));
  s.Resend("DiskFull");
  s.Advance(minutes(2));
  s.Resend("DiskFull");
  s.ExpectQuiet();
  BOOST_CHECK_EQUAL(s.TimelineLength(), before);
  s.ExpectGroups(1);
}

BOOST_AUTO_TEST_CASE(an_alert_that_joins_does_not_page_again) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Fire("DiskSlow");
  s.ExpectQuiet();
  s.ExpectGroups(1);
  s.ExpectTimeline("firing, 1 alert: DiskSlow");
}

BOOST_AUTO_TEST_CASE(an_alert_that_joins_an_acknowledged_group_is_recorded) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  BOOST_CHECK(s.Acknowledge("ada").ok());
  s.ExpectPaged({"ada by phone"});
  s.Fire("DiskSlow");
  s.ExpectQuiet();
  s.ExpectTimeline("nobody is notified of it: the group is acknowledged");
}

BOOST_AUTO_TEST_CASE(a_firing_after_the_groups_resolve_is_a_new_group) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ResolveAtSource("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(hours(1));
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.ExpectGroups(2);
}

BOOST_AUTO_TEST_CASE(a_refire_with_an_equal_start_counts) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.Fire("DiskSlow");
  s.ResolveAtSource("DiskSlow");
  s.ComeBack("DiskSlow");  // its source went silent and came back
  s.ResolveAtSource("DiskFull");
  s.ExpectState("firing");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(5));
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_group_that_comes_back_with_an_equal_start_pages) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ResolveAtSource("DiskFull");
  s.ComeBack("DiskFull");
  s.ExpectState("firing");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(1));  // no step twice within that
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_resolve_with_an_earlier_start_covers_the_episode) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  // Alertmanager merged two senders and kept the earlier start.
  s.MoveStart("DiskFull", -seconds(15));
  s.Advance(minutes(1));
  const std::size_t before = s.TimelineLength();
  s.Resend("DiskFull");
  BOOST_CHECK_EQUAL(s.TimelineLength(), before);
  s.ResolveAtSource("DiskFull");
  s.ExpectState("resolved");
}

BOOST_AUTO_TEST_CASE(a_late_resolve_of_an_earlier_episode_is_ignored) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.Advance(minutes(1));
  s.LateResolve("DiskFull", minutes(10), minutes(5));
  s.ExpectState("firing");
  s.ExpectTimeline("older than what is known");
}

BOOST_AUTO_TEST_CASE(a_new_alert_wakes_a_chain_that_is_used_up) {
  Scenario s("notify ada, wait 1m");
  s.Fire("DiskFull");
  s.Advance(minutes(30));
  s.ExpectPaged({"ada by phone"});
  s.Fire("DiskSlow");
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline("chain ladder starts again");
  s.Fire("HostDown");  // the chain runs: joining pages nobody
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(a_chain_that_starts_again_keeps_its_minute) {
  Scenario s("notify ada, wait 1s");
  s.Fire("DiskFull");
  s.Advance(seconds(10));
  s.ExpectPaged({"ada by phone"});
  s.Fire("DiskSlow");
  s.ExpectQuiet();
  s.Advance(seconds(50));
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_resolve_of_something_never_told_makes_no_group) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ResolveAtSource("DiskFull");
  s.ExpectGroups(1);
  s.Resend("DiskFull");
  s.ExpectGroups(1);
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_SUITE_END()
