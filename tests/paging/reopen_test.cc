// What a resolved group still hears.

#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

BOOST_AUTO_TEST_SUITE(reopen)

BOOST_AUTO_TEST_CASE(a_firing_soon_after_a_resolve_begins_the_group_again) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(2));
  s.ResolveAtSource("DiskFull");
  s.Advance(minutes(10) - seconds(1));
  s.Fire("DiskFull");
  s.ExpectGroups(1);
  s.ExpectState("firing");
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline("after it was resolved, reopened 1 time");
  s.Advance(minutes(5));
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(later_it_is_a_new_group) {
  Scenario s("notify ada");
  s.Fire("DiskFull");
  s.ResolveAtSource("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(10));
  s.Fire("DiskFull");
  s.ExpectStates({"resolved", "firing"});
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(another_alert_of_the_group_begins_it_again_too) {
  Scenario s("notify ada");
  s.Fire("DiskFull");
  s.ResolveAtSource("DiskFull");
  s.Advance(minutes(5));
  s.Fire("DiskSlow");
  s.ExpectGroups(1);
  s.ExpectState("firing");
}

BOOST_AUTO_TEST_CASE(a_route_says_how_long_and_may_switch_it_off) {
  Scenario s("notify ada");
  s.file().route.patience.reopen_within = Duration::zero();
  s.Fire("DiskFull");
  s.ResolveAtSource("DiskFull");
  s.Advance(minutes(1));
  s.Fire("DiskFull");
  s.ExpectStates({"resolved", "firing"});
}

BOOST_AUTO_TEST_CASE(what_a_person_ended_stays_quiet) {
  Scenario s("notify ada");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  BOOST_TEST(s.ResolveBy("ada").ok());
  s.ExpectTimeline("resolved by ada; 1 alert still fires and stays quiet");
  const std::size_t entries = s.TimelineLength();
  for (int i = 0; i < 5; ++i) {
    s.Advance(hours(4));
    s.Resend("DiskFull");
  }
  s.ExpectGroups(1);
  s.ExpectQuiet();
  BOOST_TEST(s.TimelineLength() == entries);
}

BOOST_AUTO_TEST_CASE(what_a_person_ended_pages_again_after_a_day) {
  Scenario s("notify ada");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  BOOST_TEST(s.ResolveBy("ada").ok());
  s.Advance(hours(24) - seconds(1));
  s.Resend("DiskFull");
  s.ExpectQuiet();
  s.Advance(seconds(1));
  s.Resend("DiskFull");
  s.ExpectStates({"resolved", "firing"});
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_new_episode_of_what_a_person_ended_pages) {
  Scenario s("notify ada");
  s.Fire("DiskFull");
  BOOST_TEST(s.ResolveBy("ada").ok());
  s.ExpectPaged({"ada by phone"});
  s.Advance(hours(1));
  s.Fire("DiskFull");  // with a start of its own
  s.ExpectStates({"resolved", "firing"});
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(the_sources_resolve_ends_the_quiet) {
  Scenario s("notify ada");
  s.Fire("DiskFull");
  BOOST_TEST(s.ResolveBy("ada").ok());
  s.ExpectPaged({"ada by phone"});
  s.Advance(hours(1));
  s.ResolveAtSource("DiskFull");
  s.Advance(minutes(1));
  s.ComeBack("DiskFull");  // with the start it had: in doubt, page
  s.ExpectStates({"resolved", "firing"});
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_word_older_than_the_resolve_is_nothing) {
  Scenario s("notify ada");
  s.Fire("DiskFull");
  s.Advance(minutes(1));
  s.ResolveAtSource("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.MoveStart("DiskFull", -minutes(30));
  s.ComeBack("DiskFull");
  s.ExpectStates({"resolved"});
  s.ExpectQuiet();
  s.ExpectTimeline("older than what is known, 1 alert: DiskFull");
}

BOOST_AUTO_TEST_CASE(each_team_that_was_told_is_told_again) {
  Scenario s("notify ada");
  s.AddTeam("web", {"bob"});
  s.Policy("bob", "phone");
  s.file().roster.chains["web"] = {
      .name = "web",
      .steps = {
          paging::NotifyUsers{.users = {"bob"}, .importance = std::nullopt}}};
  s.file().roster.teams["web"].standard =
      paging::WayOut{.chain = "web", .chat_channels = {}};
  routing::RouteSpec copy;
  copy.name = "copy";
  copy.team = "web";
  copy.continue_matching = true;
  routing::RouteSpec rest;
  rest.name = "rest";
  s.file().route.routes = {copy, rest};
  s.Fire("DiskFull");
  s.ExpectPaged({"bob by phone", "ada by phone"});
  s.Advance(minutes(3));
  s.ResolveAtSource("DiskFull");
  s.Advance(minutes(3));
  s.Fire("DiskFull");
  s.ExpectStates({"firing", "firing"});
  s.ExpectPaged({"bob by phone", "ada by phone"});
}

namespace {

// Everything goes to `copy` (team ops), and DiskFull behind it to `rest` too.
// DiskSlow keeps the group of `copy` open.
class TwoWays : public Scenario {
 public:
  TwoWays() : Scenario("notify ada") {
    routing::RouteSpec copy;
    copy.name = "copy";
    copy.continue_matching = true;
    routing::RouteSpec rest;
    rest.name = "rest";
    rest.matchers = {routing::Matcher::Make(routing::MatchOp::kEqual,
                                            "alertname", "DiskFull")
                         .value()};
    file().route.routes = {copy, rest};
  }
  routing::RouteSpec& copy() { return file().route.routes[0]; }

  void Begin() {
    Fire("DiskSlow");
    Fire("DiskFull");
    Advance(minutes(2));
    ResolveAtSource("DiskFull");
    ExpectStates({"firing", "resolved"});
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_new_episode_reaches_all_its_routes) {
  TwoWays s;
  s.AddTeam("web", {"bob"});
  s.copy().team = "web";
  s.Begin();
  s.ExpectPaged({"ada by phone"});
  s.Advance(hours(1));
  s.Fire("DiskFull");  // the group of web still fires
  s.ExpectStates({"firing", "resolved", "firing"});
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_silent_copy_keeps_nobody_from_being_paged) {
  TwoWays s;
  s.copy().discard = true;
  s.Begin();
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(5));
  s.Fire("DiskFull");
  s.ExpectStates({"firing", "firing"});
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(an_edit_of_the_tree_moves_no_episode_that_is_told) {
  Scenario s("notify ada");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.AddTeam("web", {"bob"});
  s.file().route.name = "other";
  s.file().route.team = "web";
  s.Reload();
  s.Resend("DiskFull");
  s.ExpectGroups(1);
  s.Advance(minutes(1));
  s.Fire("DiskFull");  // a new episode of what ops still has
  s.ExpectStates({"firing", "firing"});
}

BOOST_AUTO_TEST_CASE(a_resolved_group_hears_across_a_restart_of_the_daemon) {
  Scenario s("notify ada");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  BOOST_TEST(s.ResolveBy("ada").ok());
  s.Restart();
  s.Advance(hours(1));
  s.Resend("DiskFull");
  s.ExpectGroups(1);
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_SUITE_END()
