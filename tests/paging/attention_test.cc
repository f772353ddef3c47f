// Somebody always hears of a group that fires, and the metric says when nobody
// did.

#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

namespace {

// Eve is the last resort's only member, by phone for default pages and by siren
// for important ones.
class House : public Scenario {
 public:
  explicit House(std::string_view chain) : Scenario(chain) {
    AddTeam("platform", {"eve"});
    paging::User& eve = file().roster.users.at("eve");
    eve.contact_methods.emplace_back("siren");
    eve.important_policy = {paging::NotifyMethod{"siren"}};
    file().roster.last_resort = paging::LastResort{
        .team = "platform", .importance = paging::Importance::kImportant};
  }

  void ExpectUnattended(int count) {
    BOOST_TEST(IsUnattended(group()) == (count > 0));
    const std::string line = "tocsin_groups_unattended{team=\"ops\"} " +
                             std::to_string(count) + "\n";
    BOOST_TEST(metrics().Serialize().find(line) != std::string::npos, line);
  }

  // The last resort's way out.
  void Ladder(std::vector<paging::Step> steps) {
    file().roster.chains["rescue"] = {.name = "rescue",
                                      .steps = std::move(steps)};
    file().roster.teams.at("platform").standard =
        paging::WayOut{.chain = "rescue", .chat_channels = {}};
  }
};

paging::Step Notify(const std::string& user) {
  return paging::NotifyUsers{.users = {user}, .importance = std::nullopt};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(attention)

BOOST_AUTO_TEST_CASE(promise_7_a_team_without_a_chain_is_heard_by_others) {
  House s("");
  s.Fire("DiskFull");
  s.ExpectPaged({"eve by siren"});
  s.ExpectTimeline("unattended: its team cannot be reached");
  s.ExpectTimeline(
      "the last resort is paged: team platform, important, by all its members");
  s.ExpectState("firing");
  s.ExpectUnattended(1);
}

BOOST_AUTO_TEST_CASE(
    promise_7_a_chain_that_ends_unacknowledged_is_not_the_end) {
  House s("notify ada, wait 10m");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(10) - seconds(1));
  s.ExpectQuiet();
  s.ExpectUnattended(0);
  s.Advance(seconds(1));
  s.ExpectPaged({"eve by siren"});
  s.ExpectTimeline(
      "unattended: chain ladder has ended and nobody acknowledged");
  s.ExpectUnattended(1);
}

BOOST_AUTO_TEST_CASE(promise_7_dead_phones_are_not_the_end) {
  House s("notify ada, wait 1h, notify bob, wait 1h");
  s.SetLine("ada", "phone", Scenario::Line::kPermanent);
  s.SetLine("bob", "phone", Scenario::Line::kPermanent);
  s.Fire("DiskFull");
  s.ExpectPaged({"eve by siren"});
  s.ExpectTimeline("unattended: chain ladder could reach nobody");
  s.ExpectUnattended(1);
}

BOOST_AUTO_TEST_CASE(a_chain_that_repeats_for_ever_in_vain_is_unattended) {
  House s("notify ada, wait 5m, repeat forever");
  s.SetLine("ada", "phone", Scenario::Line::kPermanent);
  s.Fire("DiskFull");
  s.ExpectPaged({"eve by siren"});
  s.ExpectUnattended(1);
  s.SetLine("ada", "phone", Scenario::Line::kWorks);
  s.Advance(minutes(1));
  s.ExpectPaged({"ada by phone"});  // it goes on beside
}

BOOST_AUTO_TEST_CASE(a_chain_that_repeats_for_ever_to_people_is_attended) {
  House s("notify ada, wait 5m, repeat forever");
  s.Fire("DiskFull");
  s.Advance(minutes(4));
  s.ExpectPaged({"ada by phone"});
  s.Advance(hours(3));
  s.ExpectUnattended(0);
}

BOOST_AUTO_TEST_CASE(troubles_that_last_count_as_not_reached) {
  House s("notify ada, wait 1h");
  s.SetLine("ada", "phone", Scenario::Line::kTemporary);
  s.Fire("DiskFull");
  s.Advance(seconds(59));
  s.ExpectQuiet();
  s.Advance(seconds(1));
  s.ExpectPaged({"eve by siren"});
}

BOOST_AUTO_TEST_CASE(one_dead_phone_of_two_is_attended) {
  House s("notify ada bob, wait 30m");
  s.SetLine("ada", "phone", Scenario::Line::kPermanent);
  s.Fire("DiskFull");
  s.ExpectPaged({"bob by phone"});
  s.Advance(minutes(29));
  s.ExpectQuiet();
  s.ExpectUnattended(0);
}

BOOST_AUTO_TEST_CASE(
    after_a_chain_without_a_last_wait_people_have_five_minutes) {
  House s("notify ada");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(5) - seconds(1));
  s.ExpectUnattended(0);
  s.Advance(seconds(1));
  s.ExpectPaged({"eve by siren"});
}

BOOST_AUTO_TEST_CASE(a_chain_of_nobody_does_not_wait) {
  House s("team web, wait 10m");
  s.AddTeam("web", {});
  s.Fire("DiskFull");
  s.ExpectPaged({"eve by siren"});
  s.ExpectTimeline("unattended: chain ladder could reach nobody");
}

BOOST_AUTO_TEST_CASE(whoever_acts_ends_it) {
  House s("");
  s.Fire("DiskFull");
  s.ExpectUnattended(1);
  BOOST_TEST(s.Acknowledge("eve").ok());
  s.ExpectUnattended(0);
  BOOST_TEST(s.Unacknowledge("eve").ok());  // a new life
  s.ExpectUnattended(1);
  s.Advance(minutes(1));
  s.ExpectPaged({"eve by siren", "eve by siren"});
  BOOST_TEST(s.Silence("eve", hours(1)).ok());
  s.ExpectUnattended(0);
  BOOST_TEST(s.Unsilence("eve").ok());
  s.ExpectUnattended(1);
  s.ResolveAtSource("DiskFull");
  s.ExpectUnattended(0);
}

BOOST_AUTO_TEST_CASE(a_reopened_group_begins_a_fresh_life) {
  House s("notify ada, wait 10m");
  s.Fire("DiskFull");
  s.Advance(minutes(10));
  s.ExpectPaged({"ada by phone", "eve by siren"});
  s.ResolveAtSource("DiskFull");
  s.Advance(minutes(2));
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.ExpectUnattended(0);
  s.Advance(minutes(10));
  s.ExpectPaged({"eve by siren"});
  s.ExpectUnattended(1);
}

BOOST_AUTO_TEST_CASE(without_a_last_resort_it_is_still_marked_and_counted) {
  House s("notify ada, wait 10m");
  s.file().roster.last_resort.reset();
  s.Fire("DiskFull");
  s.Advance(minutes(10));
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline("the configuration names no last_resort");
  s.ExpectUnattended(1);
  const std::size_t length = s.TimelineLength();
  s.Advance(hours(24));
  BOOST_TEST(s.TimelineLength() == length);
}

BOOST_AUTO_TEST_CASE(a_last_resort_that_cannot_be_reached_is_said) {
  House s("notify ada, wait 10m");
  s.AddTeam("platform", {});
  s.Fire("DiskFull");
  s.Advance(minutes(10));
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline("team platform has no escalation chain and no members");
  s.ExpectUnattended(1);
}

BOOST_AUTO_TEST_CASE(the_last_resorts_chain_runs_to_its_end_beside) {
  House s("notify ada, wait 10m, repeat forever");
  s.Ladder({Notify("eve"), paging::Wait{minutes(3)}, Notify("fay")});
  s.Policy("fay", "phone");
  s.SetLine("ada", "phone", Scenario::Line::kPermanent);
  s.Fire("DiskFull");
  s.ExpectPaged({"eve by siren"});
  s.ExpectTimeline("by chain rescue");
  s.SetLine("ada", "phone", Scenario::Line::kWorks);
  s.Advance(minutes(3));
  s.ExpectPaged({"ada by phone", "fay by phone"});
  s.Advance(hours(1));
  s.ExpectTimeline("chain rescue is used up, nobody acknowledged");
  s.ExpectUnattended(1);
}

BOOST_AUTO_TEST_CASE(the_last_resort_of_itself_wakes_all_its_members_once) {
  House s("notify ada, wait 10m");
  s.AddTeam("ops", {"ada", "bob"});
  s.file().roster.teams.at("ops").standard =
      paging::WayOut{.chain = "ladder", .chat_channels = {}};
  s.file().roster.last_resort->team = "ops";
  s.Fire("DiskFull");
  s.Advance(minutes(10));
  s.ExpectPaged({"ada by phone", "ada by phone", "bob by phone"});
  s.Advance(hours(24));
  s.ExpectQuiet();
  s.ExpectUnattended(1);
}

BOOST_AUTO_TEST_CASE(a_new_alert_calls_all_who_were_called_again) {
  House s("notify ada, wait 10m");
  s.Fire("DiskFull");
  s.Advance(hours(1));
  s.ExpectPaged({"ada by phone", "eve by siren"});
  s.Fire("DiskSlow");
  s.ExpectPaged({"ada by phone", "eve by siren"});
  s.ExpectUnattended(1);
}

BOOST_AUTO_TEST_CASE(who_was_just_paged_is_not_paged_again_within_a_minute) {
  House s("notify eve, wait 10s");
  s.Fire("DiskFull");
  s.ExpectPaged({"eve by phone"});
  s.Advance(seconds(59));
  s.ExpectQuiet();
  s.ExpectUnattended(1);
  s.Advance(seconds(1));
  s.ExpectPaged({"eve by siren"});
}

BOOST_AUTO_TEST_CASE(escalate_now_reaches_the_last_resorts_wait) {
  House s("");
  s.Ladder({Notify("eve"), paging::Wait{hours(3)}, Notify("fay")});
  s.Policy("fay", "phone");
  s.Fire("DiskFull");
  s.ExpectPaged({"eve by siren"});
  s.Advance(minutes(1));
  BOOST_TEST(s.Escalate("eve", 3).ok());
  s.ExpectPaged({"fay by phone"});
  s.ExpectUnattended(1);  // others are called, nobody has it yet
}

BOOST_AUTO_TEST_CASE(it_survives_the_daemon) {
  House s("notify ada, wait 10m");
  s.Ladder({Notify("eve"), paging::Wait{minutes(30)}, Notify("fay")});
  s.Policy("fay", "phone");
  s.Fire("DiskFull");
  s.Restart();
  s.Sleep(hours(2));
  s.ExpectPaged({"ada by phone", "eve by siren"});
  s.Restart();
  s.Sleep(minutes(31));
  s.ExpectPaged({"fay by phone"});
  BOOST_TEST(IsUnattended(s.group()));
  BOOST_TEST(s.Acknowledge("fay").ok());
  BOOST_TEST(!IsUnattended(s.group()));
}

BOOST_AUTO_TEST_CASE(a_reload_takes_the_last_resort_of_now) {
  House s("notify ada, wait 10m");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.AddTeam("other", {"gus"});
  s.file().roster.last_resort->team = "other";
  s.Reload();
  s.Advance(minutes(10));
  s.ExpectPaged({"gus by phone"});
}

BOOST_AUTO_TEST_CASE(what_was_meant_to_wake_nobody_is_not_unattended) {
  for (const char* quiet : {"discard", "heartbeat", "chat"}) {
    House s("notify ada, wait 10m");
    routing::RouteSpec& route = s.file().route;
    route.discard = quiet == std::string("discard");
    if (quiet == std::string("heartbeat")) {
      route.heartbeat =
          routing::Heartbeat{.expect_within = minutes(5), .by = {}};
    }
    if (quiet == std::string("chat")) {
      route.escalation_chain = "none";
      route.chat_channels = {"room"};
    }
    s.Fire("DiskFull");
    s.Advance(hours(24));
    s.ExpectQuiet();
    s.ExpectUnattended(0);
  }
}

BOOST_AUTO_TEST_SUITE_END()
