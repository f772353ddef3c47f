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

// All that is said of the teams and of `rest`, also of a root that discards.
std::string WarningsOf(const std::string& rest) {
  std::string said;
  for (const Fault& warning : LoadText("t", kTeams + rest).warnings) {
    if (warning.message.find("discard") == std::string::npos) continue;
    said += FaultText(warning) + "\n";
  }
  return said;
}

BOOST_AUTO_TEST_CASE(a_discard_without_matchers_is_warned_of) {
  const std::string want =
      "t:13:29: route.routes[0]: discards every alert that gets here, as it "
      "has no matchers: the route above gets none of them back\n";
  BOOST_TEST(WarningsOf("route: {team: web, routes: [{discard: true}]}\n") ==
             want);
  for (const char* none : {"matchers: ", "matchers: ['']", "match: {}",
                           "matchers: ['{}']", "matchers: ['a=~\".*\"']"}) {
    BOOST_TEST(WarningsOf("route: {team: web, routes: [{" + std::string(none) +
                          ", discard: true}]}\n") == want,
               none);
  }
  BOOST_TEST(WarningsOf("route: {team: web, routes: [{receiver: hole}]}\n"
                        "receivers: {hole: {discard: true}}\n") == want);
}

BOOST_AUTO_TEST_CASE(a_discard_with_a_condition_is_meant) {
  for (const char* routes :
       {"[{match: {a: b}, discard: true}]",
        "[{match: {a: b}, discard: true, routes: [{discard: true}]}]",
        "[{discard: false}]"}) {
    BOOST_TEST(WarningsOf("route: {team: web, routes: " + std::string(routes) +
                          "}\n") == "",
               routes);
  }
}

BOOST_AUTO_TEST_CASE(a_root_that_discards_needs_a_route_that_pages) {
  const std::string want =
      "t:13:8: route: every alert is discarded: no route below the root pages "
      "anybody\n";
  BOOST_TEST(WarningsOf("route: {team: web, discard: true}\n") == want);
  BOOST_TEST(WarningsOf("route: {team: web, discard: true, routes: [{match: "
                        "{a: b}, team: none}]}\n") == want);
  BOOST_TEST(WarningsOf("route: {team: web, discard: true, routes: [{match: "
                        "{a: b}}]}\n") == "");
}

BOOST_AUTO_TEST_CASE(a_default_team_without_a_way_out_is_warned_of) {
  const auto said = [](const std::string& team) {
    return SaidOf(
        "route: {team: web}\n"
        "sources: {am: {kind: alertmanager, tokens: [t], "
        "default_team: " +
        team + "}}\n");
  };
  const std::string place = "warning: 14:63: sources.am.default_team: ";
  BOOST_TEST(said("web") == "");
  BOOST_TEST(said("W1") == "");
  BOOST_TEST(said("none") ==
             place +
                 "what only the root route would take pages nobody: the "
                 "team \"none\" has no escalation chain for it\n");
  BOOST_TEST(said("loud").starts_with(place));
  BOOST_TEST(said("chat") ==
             place +
                 "what only the root route would take is posted to chat "
                 "only, wakes nobody: the team \"chat\" has no escalation "
                 "chain for it\n");
  BOOST_TEST(SaidOf("route: {team: web, important: true}\n"
                    "sources: {am: {kind: alertmanager, tokens: [t], "
                    "default_team: loud}}\n") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
