#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

namespace {

routing::RouteSpec Everything() {
  routing::RouteSpec route;
  route.name = "everything";
  return route;
}

}  // namespace

// By which way out a group pages, and what is said where nobody is notified.
BOOST_AUTO_TEST_SUITE(births)

BOOST_AUTO_TEST_CASE(heartbeats_are_recorded_and_page_nobody) {
  Scenario s("notify ada");
  s.file().route.routes = {Everything()};
  s.file().route.routes[0].heartbeat =
      routing::Heartbeat{.expect_within = std::chrono::minutes(10), .by = {}};
  s.Fire("Watchdog");
  s.ExpectQuiet();
  s.ExpectState("firing");
  s.ExpectTimeline(
      "nobody is notified: the route takes heartbeats, which this version only "
      "records");
  BOOST_CHECK_NE(
      s.metrics().Serialize().find(
          "tocsin_notifications_suppressed_total{reason=\"heartbeat\"} 1"),
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_route_with_channels_only_says_that_nobody_is_paged) {
  Scenario s("notify ada");
  s.file().route.escalation_chain = "none";
  s.file().route.chat_channels = {"ops-room", "war-room"};
  s.Fire("DiskFull");
  s.ExpectQuiet();
  s.ExpectTimeline(
      "no escalation chain runs, nobody is notified: there are only chat "
      "channels (ops-room, war-room), and this version posts to no channel "
      "yet");
  BOOST_CHECK_NE(
      s.metrics().Serialize().find(
          "tocsin_notifications_suppressed_total{reason=\"chat_only\"} 1"),
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_team_with_channels_only_says_so_too) {
  Scenario s("notify ada");
  s.file().roster.teams["ops"].standard =
      paging::WayOut{.chain = std::nullopt, .chat_channels = {"ops-room"}};
  s.Fire("DiskFull");
  s.ExpectQuiet();
  s.ExpectTimeline("there are only chat channels (ops-room)");
}

BOOST_AUTO_TEST_CASE(no_chain_and_no_channel_is_told_with_the_team) {
  Scenario s("notify ada");
  s.file().route.escalation_chain = "none";
  s.Fire("DiskFull");
  s.ExpectQuiet();
  s.ExpectTimeline(
      "no escalation chain runs, nobody is notified: there is none for team "
      "ops");
}

BOOST_AUTO_TEST_CASE(an_important_route_falls_back_to_the_default_way_out) {
  Scenario s("notify ada");
  s.file().route.important = true;
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  BOOST_CHECK(s.group().importance == paging::Importance::kImportant);
}

BOOST_AUTO_TEST_CASE(an_important_way_out_of_channels_is_no_reason_to_fall) {
  Scenario s("notify ada");
  s.file().route.important = true;
  s.file().roster.teams["ops"].important =
      paging::WayOut{.chain = std::nullopt, .chat_channels = {"war-room"}};
  s.Fire("DiskFull");
  s.ExpectQuiet();
  s.ExpectTimeline("there are only chat channels (war-room)");
}

BOOST_AUTO_TEST_SUITE_END()
