#include <boost/test/unit_test.hpp>
#include <string>

#include "route_file.h"

namespace tocsin::config {
namespace {

BOOST_AUTO_TEST_SUITE(quiet_routes)

BOOST_AUTO_TEST_CASE(routes_that_page_nobody_are_warned_of) {
  BOOST_TEST(
      SaidOf(R"(route:
  team: web
  routes:
    - {match: {to: none}, team: none}
    - {match: {to: loud, now: x}, team: loud, important: true}
    - {match: {to: loud}, team: loud}
    - {match: {to: chat}, team: chat}
    - {match: {to: chain}, team: none, escalation_chain: page}
    - {match: {to: post}, escalation_chain: post}
    - {match: {to: nowhere}, escalation_chain: none}
    - {match: {to: board}, escalation_chain: none, chat_channels: [ops]}
    - {match: {to: bare}, team: chat, chat_channels: []}
    - {match: {to: sink}, team: none, discard: true}
    - {match: {to: beat}, team: none, heartbeat: {expect_within: 1m}}
)") ==
      R"(warning: 16:7: route.routes[0]: what matches here pages nobody: the team "none" has no escalation chain for it
warning: 18:7: route.routes[2]: what matches here pages nobody: the team "loud" has no escalation chain for it
warning: 19:7: route.routes[3]: what matches here is posted to chat only, wakes nobody: the team "chat" has no escalation chain for it
warning: 21:7: route.routes[5]: what matches here is posted to chat only, wakes nobody: the chain "post" notifies no people
warning: 22:7: route.routes[6]: what matches here pages nobody: escalation_chain is "none" and there are no chat channels
warning: 24:7: route.routes[8]: what matches here pages nobody: the team "chat" has no escalation chain for it
)");
}

BOOST_AUTO_TEST_CASE(what_is_inherited_is_warned_of_once) {
  BOOST_TEST(
      SaidOf(R"(route:
  team: none
  routes:
    - match: {a: b}
      routes: [{match: {c: d}}, {match: {c: e}, important: true}]
    - match: {a: c}
      discard: true
      routes: [{match: {c: d}}]
    - match: {a: d}
      escalation_chain: none
      chat_channels: [ops]
      routes: [{match: {c: d}, chat_channels: [dev]}]
)") ==
      R"(warning: 14:3: route: what matches here pages nobody: the team "none" has no escalation chain for it
warning: 17:33: route.routes[0].routes[1]: what matches here pages nobody: the team "none" has no escalation chain for it
)");
}

BOOST_AUTO_TEST_CASE(warnings_of_routes_wait_until_there_are_no_faults) {
  BOOST_TEST(SaidOf("route: {team: none, routes: [{match_re: {a: '('}}]}\n")
                 .find("warning") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(nodes_that_no_alert_gets_to_are_warned_of) {
  BOOST_TEST(
      SaidOf(R"(route:
  team: web
  routes:
    - match: {a: b}
    - match: {a: b, c: d}
    - match: {a: e}
      routes: [{match: {a: f}, team: none}]
)") ==
      R"(warning: 17:7: route.routes[1]: no alert gets here: the route in tocsin.yml:16 takes all of them first
warning: 19:16: route.routes[2].routes[0]: no alert gets here: its matchers, with those of the routes above, contradict each other
)");
}

BOOST_AUTO_TEST_CASE(a_quiet_copy_that_swallows_its_alerts_is_warned_of) {
  BOOST_TEST(SaidOf(R"(route:
  team: web
  routes:
    - {match: {a: b}, escalation_chain: none, chat_channels: [ops], continue: true}
    - {match: {a: b, c: d}}
    - {match: {e: f}, discard: true, continue: true}
    - {match: {e: f}}
)") == "warning: 16:7: route.routes[0]: what matches here may page nobody at "
       "all: this route wakes nobody, no later route beside it is sure to take "
       "the same alerts, and with `continue` the route above does not get them "
       "back\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
