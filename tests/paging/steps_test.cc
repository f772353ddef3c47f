#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::minutes;
using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

BOOST_AUTO_TEST_SUITE(steps)

BOOST_AUTO_TEST_CASE(a_team_step_notifies_all_members) {
  Scenario s("team web, wait 5m, notify ada");
  s.AddTeam("web", {"eve", "fay"});
  s.Fire("DiskFull");
  s.ExpectPaged({"eve by phone", "fay by phone"});
  s.ExpectTimeline("step 1 of chain ladder runs: notify team web");
  BOOST_CHECK_NE(s.metrics().Serialize().find(
                     "tocsin_escalation_steps_total{kind=\"notify_team\"} 1"),
                 std::string::npos);
  s.Advance(minutes(5));
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_team_is_what_it_is_when_the_step_runs) {
  Scenario s("notify ada, wait 5m, team web");
  s.AddTeam("web", {"eve", "fay"});
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.AddTeam("web", {"fay", "gus"});
  s.Reload();
  s.Advance(minutes(5));
  s.ExpectPaged({"fay by phone", "gus by phone"});
}

BOOST_AUTO_TEST_CASE(a_step_for_a_team_that_is_gone_fails_with_its_reason) {
  Scenario s("notify ada, wait 5m, team web, notify bob");
  s.AddTeam("web", {"eve"});
  s.Fire("DiskFull");
  s.file().roster.teams.erase("web");
  s.Reload();
  s.Advance(minutes(5));
  s.ExpectPaged({"ada by phone", "bob by phone"});
  s.ExpectTimeline(
      "step 3 of chain ladder could notify nobody: team web is no longer in "
      "the configuration");
}

BOOST_AUTO_TEST_CASE(a_step_for_a_team_without_members_fails_with_its_reason) {
  Scenario s("team web, notify bob");
  s.AddTeam("web", {});
  s.Fire("DiskFull");
  s.ExpectPaged({"bob by phone"});
  s.ExpectTimeline(
      "step 1 of chain ladder could notify nobody: team web has no members");
}

BOOST_AUTO_TEST_CASE(a_wait_behind_a_step_without_anybody_is_not_waited) {
  Scenario s("team web, wait 5m, notify bob, wait 5m, notify cyd");
  s.AddTeam("web", {});
  s.Fire("DiskFull");
  s.ExpectPaged({"bob by phone"});
  s.Advance(minutes(4));
  s.ExpectQuiet();  // bob has his five minutes
  s.Advance(minutes(1));
  s.ExpectPaged({"cyd by phone"});
}

BOOST_AUTO_TEST_CASE(a_chain_may_begin_with_a_wait) {
  Scenario s("wait 5m, notify ada");
  s.Fire("DiskFull");
  s.Advance(minutes(4));
  s.ExpectQuiet();
  s.Advance(minutes(1));
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_chain_may_resolve_its_group) {
  Scenario s("notify ada, wait 5m, resolve");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.SetLine("ada", "phone", Scenario::Line::kTemporary);
  s.Advance(minutes(5));
  s.ExpectState("resolved");
  s.ExpectTimeline("resolved by step 3 of chain ladder");
  s.Advance(hours(24));
  s.ExpectQuiet();
  BOOST_CHECK_EQUAL(s.store().outbox_size(), 0u);
}

BOOST_AUTO_TEST_CASE(what_this_version_does_not_run_fails_and_goes_on) {
  const std::nullopt_t own = std::nullopt;
  const std::pair<const char*, paging::Step> steps[] = {
      {"notify_schedule", paging::NotifySchedule{"primary", own}},
      {"notify_next_on_call", paging::NotifyNextOnCall{"primary", own}},
      {"notify_chat", paging::NotifyChat{{"ops-room"}}},
      {"notify_slack_user_group", paging::NotifySlackUserGroup{"@ops"}},
      {"webhook", paging::CallWebhook{"runbook"}}};
  for (const auto& [word, step] : steps) {
    BOOST_TEST_CONTEXT(word) {
      Scenario s("notify ada, notify bob");
      s.file().roster.chains["ladder"].steps[0] = step;
      s.Fire("DiskFull");
      s.ExpectPaged({"bob by phone"});
      s.ExpectTimeline(
          "step 1 of chain ladder failed: this version does not "
          "run " +
          std::string(word) + " steps");
      BOOST_CHECK_NE(s.metrics().Serialize().find(
                         "tocsin_escalation_step_failures_total{kind=\"" +
                         std::string(word) + "\"} 1"),
                     std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
