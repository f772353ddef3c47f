// What Alertmanager really sends, in the order in which it sent it.
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "tests/support/scenario.h"

using namespace std::chrono_literals;
using tocsin::testing::Scenario;

BOOST_AUTO_TEST_SUITE(real_payloads)

BOOST_AUTO_TEST_CASE(repeats_page_once) {
  Scenario s("notify ada, wait 24h");
  for (const char* body :
       {"repeat.001", "repeat.002", "repeat.003", "repeat.004"}) {
    s.Receive(body);
    s.Advance(4h);
  }
  s.ExpectPaged({"ada by phone"});
  s.ExpectGroups(1);
  s.ExpectState("firing");
}

BOOST_AUTO_TEST_CASE(resolved_members_leave_and_the_last_one_ends_the_group) {
  Scenario s("notify ada, wait 24h");
  s.Receive("grouped5.001");
  s.ExpectPaged({"ada by phone"});
  s.Advance(5min);
  s.Receive("grouped5.002");
  s.ExpectState("firing");
  BOOST_TEST(FiringAlerts(s.group()) == 3u);
  s.Advance(5min);
  s.Receive("grouped5.003");  // without the two that had ended before
  s.ExpectState("resolved");
  s.ExpectGroups(1);
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(five_that_end_at_once_end_their_group) {
  Scenario s("notify ada, wait 24h");
  s.Receive("grouped5_all_resolved.001");
  s.Receive("grouped5_all_resolved.002");
  s.ExpectState("resolved");
  s.ExpectGroups(1);
}

BOOST_AUTO_TEST_CASE(a_resolve_may_come_twice) {
  Scenario s("notify ada, wait 24h");
  s.Receive("single.001");
  s.Receive("single.002");
  const std::size_t lines = s.TimelineLength();
  s.Receive("single.002");
  s.ExpectState("resolved");
  BOOST_TEST(s.TimelineLength() == lines);
}

BOOST_AUTO_TEST_CASE(a_source_that_died_and_comes_back_pages_again) {
  Scenario s("notify ada, wait 24h");
  s.Receive("endsat_expiry.001");
  s.ExpectPaged({"ada by phone"});
  s.Advance(5min);
  s.Receive("endsat_expiry.002");  // at its endsAt: nobody has repaired it
  s.ExpectState("resolved");
  s.Advance(5min);
  s.Receive("endsat_expiry.001");  // with the start it had
  s.ExpectState("firing");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_new_alert_joins_without_a_second_page) {
  Scenario s("notify ada, wait 24h");
  s.Receive("new_alert_joins.001");
  s.Advance(5min);
  s.Receive("new_alert_joins.002");
  s.ExpectPaged({"ada by phone"});
  s.ExpectGroups(1);
  BOOST_TEST(FiringAlerts(s.group()) == 2u);
}

BOOST_AUTO_TEST_CASE(an_alertmanager_that_forgot_sends_one_and_then_all) {
  Scenario s("notify ada, wait 24h");
  s.Receive("ha_restart.am0.002");
  s.ExpectPaged({"ada by phone"});
  s.Advance(15min);
  for (const char* body :
       {"ha_restart.am0.001", "ha_restart.am0.002", "ha_restart.am0.003"}) {
    s.Receive(body);
    s.Advance(10s);
  }
  s.ExpectQuiet();
  s.ExpectGroups(1);
  BOOST_TEST(FiringAlerts(s.group()) == 2u);
}

BOOST_AUTO_TEST_CASE(a_flapping_alert_begins_its_group_again) {
  Scenario s("notify ada, wait 24h");
  s.Receive("prometheus_e2e.001");
  s.Advance(2min);
  s.Receive("prometheus_e2e.002");
  s.ExpectState("resolved");
  s.Advance(2min);
  s.Receive("prometheus_e2e.003");
  s.ExpectState("firing");
  s.ExpectPaged({"ada by phone", "ada by phone"});
  s.Receive("prometheus_e2e.005");
  s.ExpectState("resolved");
  s.ExpectGroups(1);
}

BOOST_AUTO_TEST_CASE(one_alert_by_two_receivers_of_one_team_is_one_group) {
  Scenario s("notify ada, wait 24h");
  s.Receive("two_routes_a.001");
  s.Receive("two_routes_b.001");
  s.ExpectPaged({"ada by phone"});
  s.ExpectGroups(1);
}

BOOST_AUTO_TEST_CASE(grouped_by_all_labels_each_alert_is_a_group) {
  Scenario s("notify ada, wait 24h");
  s.Receive("groupby_all.001");
  s.Receive("groupby_all.002");
  s.ExpectGroups(2);
  s.ExpectPaged({"ada by phone"});
  s.Advance(std::chrono::minutes(1));
  s.ExpectPaged({"ada by phone"});  // of the second one, folded until then
}

BOOST_AUTO_TEST_SUITE_END()
