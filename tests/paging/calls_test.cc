#include <boost/test/unit_test.hpp>

#include "paging/snapshot.h"
#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

namespace {

constexpr std::nullopt_t kOwn = std::nullopt;

paging::Step Notify(const std::string& user) {
  return paging::NotifyUsers{.users = {user}, .importance = kOwn};
}

paging::Step Call(const std::string& team) {
  return paging::EscalateToTeam{.team = team, .importance = kOwn};
}

// A scenario with a team web, whose chain is "webs", and whose own chain calls
// it in its second step.
struct Story : Scenario {
  explicit Story(std::string_view chain, std::vector<paging::Step> webs = {})
      : Scenario(chain) {
    AddTeam("web", {"eve", "fay"});
    Policy("gus", "phone");
    if (!webs.empty()) {
      Chain("webs") = {.name = "webs", .steps = std::move(webs)};
      WayOf("web").chain = "webs";
    }
    Chain("ladder").steps.at(1) = Call("web");
  }

  paging::Chain& Chain(const std::string& name) {
    return file().roster.chains[name];
  }
  paging::WayOut& WayOf(const std::string& team) {
    auto& way = file().roster.teams.at(team).standard;
    if (!way) way = paging::WayOut{};
    return *way;
  }
  const paging::Escalation& Run() const {
    return *std::get<paging::Firing>(group().life).escalation;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(calls)

BOOST_AUTO_TEST_CASE(another_teams_chain_runs_and_then_the_own_goes_on) {
  Story s("notify ada, team web, notify bob, wait 1m",
          {Notify("eve"), paging::Wait{minutes(5)}, Notify("fay")});
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone", "eve by phone"});
  s.ExpectTimeline("step 2 of chain ladder runs: escalate to team web");
  s.ExpectTimeline("chain webs of team web begins, for team ops");
  s.Restart();
  s.Advance(minutes(5));
  s.ExpectPaged({"fay by phone", "bob by phone"});
  s.ExpectTimeline(
      "chain webs of team web is used up, nobody acknowledged: chain ladder "
      "goes on behind its step 2");
  s.Advance(minutes(1));
  s.ExpectTimeline("chain ladder is used up, nobody acknowledged");
  BOOST_TEST(s.Run().finished);
  s.ExpectNoTimeline("(late by");
}

BOOST_AUTO_TEST_CASE(an_acknowledge_ends_both_chains) {
  Story s("notify ada, team web, notify bob",
          {Notify("eve"), paging::Wait{minutes(5)}, Notify("fay")});
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone", "eve by phone"});
  BOOST_TEST(s.Acknowledge("eve").ok());
  s.Advance(hours(2));
  s.ExpectQuiet();
  BOOST_TEST(s.Unacknowledge("eve").ok());  // from the own first step
  s.ExpectPaged({"ada by phone", "eve by phone"});
}

BOOST_AUTO_TEST_CASE(decision_10_an_edit_changes_no_chain_that_may_be_called) {
  Story s("wait 5m, team web, notify bob", {Notify("eve")});
  s.Fire("DiskFull");
  s.Chain("webs").steps = {Notify("gus")};
  s.Reload();
  s.Advance(minutes(5));
  s.ExpectPaged({"eve by phone", "bob by phone"});
}

BOOST_AUTO_TEST_CASE(decision_10_a_team_that_is_gone_is_still_called) {
  Story s("wait 5m, team web, notify bob", {Notify("gus")});
  s.Fire("DiskFull");
  s.file().roster.teams.erase("web");
  s.file().roster.chains.erase("webs");
  s.Reload();
  s.Advance(minutes(5));
  s.ExpectPaged({"gus by phone", "bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_team_without_a_chain_fails_the_step) {
  Story s("notify ada, team web, notify bob");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone", "bob by phone"});
  s.ExpectTimeline(
      "step 2 of chain ladder could notify nobody: team web has no escalation "
      "chain");
  BOOST_CHECK_NE(
      s.metrics().Serialize().find("tocsin_escalation_step_failures_total{"
                                   "kind=\"escalate_to_team\"} 1"),
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(channels_of_the_way_out_are_told_of) {
  Story s("notify ada, team web, notify bob");
  s.WayOf("web").chat_channels = {"room", "hall"};
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone", "bob by phone"});
  s.ExpectTimeline("the chat channels of team web (room, hall) hear nothing");
}

BOOST_AUTO_TEST_CASE(the_importance_of_the_call_holds_in_what_it_calls) {
  Story s("notify ada, team web, notify bob", {Notify("eve")});
  s.Chain("loud") = {.name = "loud", .steps = {Notify("fay"), Call("deep")}};
  s.Chain("deeper") = {.name = "deeper", .steps = {Notify("eve")}};
  s.AddTeam("deep", {});
  s.file().roster.teams.at("web").important =
      paging::WayOut{.chain = "loud", .chat_channels = {}};
  s.file().roster.teams.at("deep").important =
      paging::WayOut{.chain = "deeper", .chat_channels = {}};
  auto& fay = s.file().roster.users.at("fay");
  fay.contact_methods.push_back("siren");
  fay.important_policy = {paging::NotifyMethod{"siren"}};
  s.Chain("ladder").steps.at(1) = paging::EscalateToTeam{
      .team = "web", .importance = paging::Importance::kImportant};
  s.Fire("DiskFull");
  s.ExpectPaged(
      {"ada by phone", "fay by siren", "eve by phone", "bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_chain_may_call_the_same_team_twice) {
  Story s("notify ada, team web, team web, notify bob", {Notify("eve")});
  s.Chain("ladder").steps.at(2) = Call("web");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone", "eve by phone"});
  s.Advance(seconds(59));
  s.ExpectQuiet();
  s.Advance(seconds(1));  // decision 7: no step twice within a minute
  s.ExpectPaged({"eve by phone", "bob by phone"});
}

BOOST_AUTO_TEST_CASE(decision_7_a_loop_over_a_call_does_not_run_hot) {
  Story s("wait 1s, team web, repeat forever", {Notify("eve")});
  s.SetLine("eve", "phone", Scenario::Line::kPermanent);
  s.Fire("DiskFull");
  s.Advance(hours(1));
  BOOST_TEST(s.TimelineLength() < 61u * 8u);
}

BOOST_AUTO_TEST_CASE(a_dead_phone_in_the_called_chain_cuts_its_wait) {
  Story s("notify ada, team web, notify bob",
          {Notify("eve"), paging::Wait{minutes(5)}, Notify("fay")});
  s.SetLine("ada", "phone", Scenario::Line::kPermanent);
  s.SetLine("eve", "phone", Scenario::Line::kPermanent);
  s.Fire("DiskFull");
  s.ExpectPaged({"fay by phone", "bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_wait_behind_a_call_that_reached_somebody_is_waited) {
  Story s("notify ada, team web, wait 5m, notify bob",
          {Notify("eve"), paging::Wait{minutes(5)}, paging::NotifyChat{{"x"}}});
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone", "eve by phone"});
  s.Advance(minutes(9));
  s.ExpectQuiet();
  s.Advance(minutes(1));
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(the_called_chain_may_resolve_the_group) {
  Story s("notify ada, team web, notify bob",
          {paging::Wait{minutes(1)}, paging::ResolveGroup{}});
  s.Fire("DiskFull");
  s.Advance(minutes(1));
  s.ExpectPaged({"ada by phone"});
  s.ExpectState("resolved");
  s.ExpectTimeline("resolved by step 2 of chain webs");
}

BOOST_AUTO_TEST_CASE(the_conditions_of_a_chain_to_be_called_count_from_birth) {
  Story s("wait 5m, team web, notify bob",
          {paging::IfAlertCount{.more_than = 1, .within = minutes(30)},
           Notify("eve")});
  s.Fire("DiskFull");
  s.Fire("DiskSlow");
  s.Advance(minutes(5));
  s.ExpectPaged({"eve by phone", "bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_circle_ends_with_a_failed_step) {
  Story s("notify ada, team web, notify bob", {Call("web"), Notify("eve")});
  s.Fire("DiskFull");
  s.Advance(hours(1));
  s.ExpectTimeline("step 1 of chain webs could notify nobody: ");
  BOOST_TEST(s.Run().finished);
  BOOST_TEST(s.TimelineLength() < 100u);
}

BOOST_AUTO_TEST_CASE(what_an_older_program_took_calls_by_the_running_file) {
  Story s("wait 5m, team web, notify bob", {Notify("eve")});
  const paging::Chain& chain = s.Chain("ladder");
  s.Fire("DiskFull");
  engine::Changes changes;
  changes.snapshots.push_back(paging::TakeSnapshot(chain));
  paging::AlertGroup old = s.group();
  std::get<paging::Firing>(old.life).escalation->snapshot =
      changes.snapshots.front()->hash;
  changes.groups.push_back(
      {.group = old, .wake_at = WakeAt(old), .entries = {}, .contents = {}});
  BOOST_TEST_REQUIRE(s.store().Write(changes).ok());
  s.Advance(minutes(5));
  s.ExpectPaged({"eve by phone", "bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_hash_stands_for_all_that_a_chain_leads_to) {
  Story s("wait 5m, team web, notify bob", {Notify("eve")});
  const paging::Roster& roster = s.file().roster;
  const auto before = paging::TakeSnapshots(roster.chains.at("ladder"), roster);
  BOOST_TEST(before.size() == 2u);
  BOOST_TEST(before.front()->chain.name == "webs");
  BOOST_TEST(before.back()->chain.name == "ladder");
  BOOST_TEST(before.back()->ways.size() == 2u);  // of both importances
  s.Chain("webs").steps.push_back(Notify("fay"));
  const auto after = paging::TakeSnapshots(roster.chains.at("ladder"), roster);
  BOOST_TEST(before.back()->hash != after.back()->hash);
  // What calls nobody has the hash that stores have.
  BOOST_TEST(before.front()->hash ==
             paging::TakeSnapshot(before.front()->chain)->hash);
}

BOOST_AUTO_TEST_SUITE_END()
