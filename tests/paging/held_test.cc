#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

namespace {

routing::Intervals::mapped_type Entry(const char* weekdays, const char* start,
                                      const char* end, const char* zone) {
  routing::TimeInterval entry;
  entry.weekdays = {routing::ParseWeekdays(weekdays).value()};
  entry.minutes = {routing::ParseTimes(start, end).value()};
  entry.zone = Zone::Find(zone).value();
  return std::make_shared<const std::vector<routing::TimeInterval>>(
      std::vector{entry});
}

// Team ops, behind a route that pages in office hours only: Monday to Friday,
// 09:00 to 17:00 in Zurich.
class Office : public Scenario {
 public:
  explicit Office(std::string_view chain = "notify ada, wait 5m, notify bob")
      : Scenario(chain) {
    StartAt("2026-11-20T18:30:00Z");  // a Friday
    file().intervals["office-hours"] =
        Entry("monday:friday", "09:00", "17:00", "Europe/Zurich");
    file().intervals["weekend"] =
        Entry("saturday", "00:00", "24:00", "Europe/Zurich");
    routing::RouteSpec office;
    office.name = "office";
    office.active_time_intervals = {"office-hours"};
    file().route.routes = {office};
  }

  routing::RouteSpec& route() { return file().route.routes[0]; }

  void AddChain(const std::string& name, const std::string& user) {
    Policy(user, "phone");
    file().roster.chains[name] = {
        .name = name,
        .steps = {
            paging::NotifyUsers{.users = {user}, .importance = std::nullopt}}};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(held)

BOOST_AUTO_TEST_CASE(outside_of_its_hours_a_route_pages_when_they_begin) {
  Office s;
  s.Fire("DiskFull");
  s.ExpectQuiet();
  s.ExpectState("held");
  s.ExpectTimeline(
      "nobody is notified: outside of office-hours; looked at again at "
      "2026-11-21T18:30:00.000Z");
  s.UntilAt("2026-11-23T07:59:59.999Z");
  s.ExpectQuiet();
  s.ExpectState("held");
  s.UntilAt("2026-11-23T08:00:00Z");
  s.ExpectPaged({"ada by phone"});
  s.ExpectState("firing");
  s.ExpectTimeline("no longer held: route office is not muted any more");
  s.ExpectNoTimeline("late by");
  s.Advance(minutes(5));
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(within_its_hours_a_route_pages_at_once) {
  Office s;
  s.StartAt("2026-11-20T15:59:59Z");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.ExpectState("firing");
  // What began to page goes on when the hours end.
  s.Advance(minutes(5));
  s.ExpectPaged({"bob by phone"});
  s.Fire("DiskSlow");
  s.ExpectState("firing");
}

BOOST_AUTO_TEST_CASE(within_a_mute_interval_a_route_pages_when_it_is_over) {
  Office s;
  s.route().active_time_intervals = {};
  s.route().mute_time_intervals = {"weekend"};
  s.StartAt("2026-11-21T10:00:00Z");
  s.Fire("DiskFull");
  s.ExpectTimeline(
      "nobody is notified: within weekend; looked at again at "
      "2026-11-21T23:00:00.000Z");
  s.UntilAt("2026-11-21T22:59:59Z");
  s.ExpectQuiet();
  s.UntilAt("2026-11-21T23:00:00Z");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(hours_are_those_of_the_zone_over_a_change_of_clocks) {
  Office spring;
  spring.StartAt("2027-03-26T18:00:00Z");  // Friday, 19:00 in Zurich
  spring.Fire("DiskFull");
  spring.UntilAt("2027-03-29T06:59:59Z");
  spring.ExpectQuiet();
  spring.UntilAt("2027-03-29T07:00:00Z");  // Monday, 09:00: an hour less
  spring.ExpectPaged({"ada by phone"});

  Office autumn;
  autumn.StartAt("2026-10-23T18:00:00Z");
  autumn.Fire("DiskFull");
  autumn.UntilAt("2026-10-26T07:59:59Z");
  autumn.ExpectQuiet();
  autumn.UntilAt("2026-10-26T08:00:00Z");
  autumn.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(what_is_over_before_the_hours_begin_is_never_paged) {
  Office s;
  s.Fire("DiskFull");
  s.Advance(hours(3));
  s.ResolveAtSource("DiskFull");
  s.ExpectState("resolved");
  s.Advance(hours(24 * 7));
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(what_comes_back_in_the_quiet_is_held_again) {
  Office s;
  s.Fire("DiskFull");
  s.ResolveAtSource("DiskFull");
  s.Advance(hours(1));
  s.Fire("DiskFull");
  s.ExpectStates({"resolved", "held"});
  s.UntilAt("2026-11-23T08:00:00Z");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(people_act_on_a_held_group_as_on_any) {
  Office s;
  s.Fire("DiskFull");
  BOOST_CHECK(s.Acknowledge("ada").ok());
  s.ExpectState("acknowledged");
  s.Advance(hours(24 * 7));
  s.ExpectQuiet();
  BOOST_CHECK(s.ResolveBy("ada").ok());
  s.StartAt("2026-12-04T18:30:00Z");
  s.Fire("DiskFull");
  s.ExpectState("held");
  BOOST_CHECK(s.ResolveBy("ada").ok());
  s.ExpectStates({"resolved", "resolved"});
  s.Advance(hours(24 * 7));
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(alerts_that_join_a_held_group_are_recorded) {
  Office s;
  s.Fire("DiskFull");
  s.ExpectNoTimeline("nobody is notified of it");
  s.Fire("DiskSlow");
  s.ExpectGroups(1);
  s.ExpectTimeline(
      "nobody is notified of it: the group is held, outside of office-hours");
  s.ResolveAtSource("DiskFull");
  s.ExpectState("held");
  s.UntilAt("2026-11-23T08:00:00Z");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(looking_again_in_vain_makes_no_entry) {
  Office s;
  s.Fire("DiskFull");
  const std::size_t before = s.TimelineLength();
  s.UntilAt("2026-11-23T07:59:00Z");
  BOOST_CHECK_EQUAL(s.TimelineLength(), before);
  const auto& life = std::get<paging::Held>(s.group().life);
  BOOST_CHECK(life.look_again == ParseRfc3339("2026-11-23T08:00:00Z").value());
  BOOST_CHECK(life.since == ParseRfc3339("2026-11-20T18:30:00Z").value());
}

BOOST_AUTO_TEST_CASE(a_restart_in_the_quiet_changes_nothing) {
  Office s;
  s.Fire("DiskFull");
  s.Advance(hours(10));
  const std::size_t before = s.TimelineLength();
  s.Restart();
  s.ExpectState("held");
  BOOST_CHECK_EQUAL(s.TimelineLength(), before);
  s.UntilAt("2026-11-23T08:00:00Z");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_daemon_that_was_down_when_the_hours_began_pages_late) {
  Office s;
  s.Fire("DiskFull");
  s.Sleep(hours(24 * 3));  // until Monday evening: the hours are over again
  s.ExpectState("held");
  s.ExpectQuiet();
  s.Sleep(hours(14));  // Tuesday, 09:30 in Zurich
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(5));
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_reload_that_mutes_no_more_pages_at_once) {
  Office s;
  s.Fire("DiskFull");
  s.Advance(minutes(10));
  s.route().active_time_intervals = {};
  s.Reload();
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_restart_with_another_file_is_a_reload) {
  Office s;
  s.Fire("DiskFull");
  s.route().active_time_intervals = {};
  s.Restart();
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_reload_that_mutes_by_other_hours_plans_anew) {
  Office s;
  s.Fire("DiskFull");
  s.route().active_time_intervals = {};
  s.route().mute_time_intervals = {"night"};
  s.file().intervals["night"] =
      Entry("friday", "18:00", "24:00", "Europe/Zurich");
  s.Reload();
  s.ExpectQuiet();
  s.ExpectTimeline(
      "nobody is notified: within night; looked at again at "
      "2026-11-20T23:00:00.000Z");
  s.UntilAt("2026-11-20T22:59:59Z");
  s.ExpectQuiet();
  s.UntilAt("2026-11-20T23:00:00Z");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(many_reloads_in_the_quiet_make_no_entry) {
  Office s;
  s.Fire("DiskFull");
  const std::size_t before = s.TimelineLength();
  for (int i = 0; i < 100; ++i) s.Reload();
  BOOST_CHECK_EQUAL(s.TimelineLength(), before);
  s.ExpectState("held");
  s.UntilAt("2026-11-23T08:00:00Z");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_group_whose_route_is_gone_runs_the_chain_it_had) {
  Office s;
  s.AddChain("office", "cyd");
  s.route().escalation_chain = "office";
  s.Fire("DiskFull");
  s.Restart();  // the snapshot is read from the store
  s.file().route.routes.clear();
  s.file().roster.chains.erase("office");
  s.Reload();
  s.ExpectPaged({"cyd by phone"});
  s.ExpectTimeline(
      "no longer held: route office is gone from the configuration");
}

BOOST_AUTO_TEST_CASE(a_route_that_sends_to_another_team_is_not_the_groups) {
  Office s;
  s.AddChain("web", "eve");
  s.AddTeam("web", {});
  s.file().roster.teams["web"].standard =
      paging::WayOut{.chain = "web", .chat_channels = {}};
  s.Fire("DiskFull");
  s.route().team = "web";
  s.Reload();
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_hold_outlives_a_new_name_of_its_team) {
  Office s;
  s.Fire("DiskFull");
  auto team = s.file().roster.teams.extract("ops");
  team.key() = "platform";
  team.mapped().name = "platform";
  s.file().roster.teams.insert(std::move(team));
  s.file().roster.team_aliases["ops"] = "platform";
  s.file().route.team = "platform";
  s.Reload();
  s.ExpectState("held");
  s.UntilAt("2026-11-23T08:00:00Z");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(the_chain_that_starts_is_the_one_of_the_running_file) {
  Office s;
  s.Fire("DiskFull");
  s.AddChain("ladder", "cyd");
  s.Reload();
  s.ExpectQuiet();
  s.UntilAt("2026-11-23T08:00:00Z");
  s.ExpectPaged({"cyd by phone"});
}

BOOST_AUTO_TEST_CASE(a_route_that_discards_by_now_pages_nobody) {
  Office s;
  s.Fire("DiskFull");
  s.route().discard = true;
  s.Reload();
  s.ExpectState("held");
  s.UntilAt("2026-11-23T08:00:00Z");
  s.ExpectQuiet();
  s.ExpectState("firing");
  s.ExpectTimeline("nobody is notified: the route discards what it takes");
}

BOOST_AUTO_TEST_CASE(of_two_routes_each_has_its_own_hours) {
  Office s;
  s.route().continue_matching = true;
  routing::RouteSpec always;
  always.name = "always";
  s.AddChain("night", "cyd");
  always.escalation_chain = "night";
  s.file().route.routes.push_back(always);
  s.Fire("DiskFull");
  s.ExpectStates({"held", "firing"});
  s.ExpectPaged({"cyd by phone"});
  s.UntilAt("2026-11-23T08:00:00Z");
  s.ExpectStates({"firing", "firing"});
  s.ExpectPaged({"ada by phone"});
  s.ResolveAtSource("DiskFull");
  s.ExpectStates({"resolved", "resolved"});
}

BOOST_AUTO_TEST_CASE(a_discarding_route_discards_in_the_quiet_too) {
  Office s;
  s.route().discard = true;
  s.Fire("DiskFull");
  s.ExpectState("firing");
  s.ExpectTimeline("nobody is notified: the route discards what it takes");
  s.ExpectNoTimeline("office-hours");
}

BOOST_AUTO_TEST_SUITE_END()
