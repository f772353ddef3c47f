#include "routing/route.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "route_file.h"

namespace tocsin::config {
namespace {

using namespace std::chrono_literals;
using routing::RouteSpec;
using Texts = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(route)

BOOST_AUTO_TEST_CASE(every_key_is_read) {
  const Config config = Loaded(R"(
time_intervals: [{name: day, time_intervals: [{}]}, {name: night}]
route:
  name: root
  team: W1
  routes:
    - name: all
      matchers: ['a="b"', '{c!="d", e=~"f"}']
      match: {g: h}
      match_re: {i: j}
      continue: true
      group_by: [cluster, __source__]
      team: web
      important: true
      escalation_chain: P1
      chat_channels: [ops, dev]
      active_time_intervals: [day]
      mute_time_intervals: [night, day]
      stale_after: 12h
      absent_after: 20m
      reopen_within: 0s
      resolve_holds: 1d
    - matchers: [alertname="Watchdog"]
      heartbeat: {expect_within: 15m, by: [__source__, cluster], important: true}
    - {match: {a: c}, discard: true, group_by: ['...']}
)");
  const RouteSpec& root = config.route;
  BOOST_TEST(root.name == "root");
  BOOST_TEST(root.team.value() == "web");
  BOOST_REQUIRE_EQUAL(root.routes.size(), 3U);
  const RouteSpec& all = root.routes[0];
  BOOST_TEST(all.matchers.size() == 5U);
  BOOST_TEST(all.continue_matching);
  BOOST_TEST((all.group_by == Texts{"cluster", "__source__"}));
  BOOST_TEST(all.important.value());
  BOOST_TEST(all.escalation_chain.value() == "page");
  BOOST_TEST((all.chat_channels == Texts{"ops", "dev"}));
  BOOST_TEST((all.active_time_intervals == Texts{"day"}));
  BOOST_TEST((all.mute_time_intervals == Texts{"night", "day"}));
  BOOST_TEST((all.patience.stale_after == 12h));
  BOOST_TEST((all.patience.absent_after == 20min));
  BOOST_TEST((all.patience.reopen_within == 0s));
  BOOST_TEST((all.patience.resolve_holds == 24h));
  const routing::Heartbeat& heartbeat = root.routes[1].heartbeat.value();
  BOOST_TEST((heartbeat.expect_within == 15min));
  BOOST_TEST((heartbeat.by == Texts{"__source__", "cluster"}));
  BOOST_TEST(heartbeat.important);
  BOOST_TEST(root.routes[2].discard);
  BOOST_TEST((root.routes[2].group_by == Texts{"..."}));
}

BOOST_AUTO_TEST_CASE(the_root_takes_everything_always) {
  BOOST_TEST(
      SaidOf(R"(route:
  matchers: [a="b"]
  team: web
  active_time_intervals: [day]
  heartbeat: {expect_within: 1m}
time_intervals: [{name: day}]
)") ==
      R"(14:3: route: the root route takes everything: it has no matchers and no continue
14:3: route: the root route holds at all times: it has no time intervals
14:3: route: the root route takes everything: it cannot be a heartbeat
)");
  BOOST_TEST(SaidOf("route: {continue: true, team: web}\n") ==
             "13:8: route: the root route takes everything: it has no matchers "
             "and no continue\n");
  BOOST_TEST(SaidOf("route: {}\n") ==
             "13:8: route: the root route takes what no other does: it needs a "
             "team or a receiver\n");
  BOOST_TEST(SaidOf("route:\n") ==
             "14:1: route: the root route takes what no other does: it needs a "
             "team or a receiver\n");
  BOOST_TEST(SaidOf("route: [team]\n") ==
             "13:8: route: must be a mapping, but is a list\n");
}

BOOST_AUTO_TEST_CASE(references_that_dangle_are_faults) {
  BOOST_TEST(SaidOf(R"(time_intervals: [{name: weekend}]
receivers: {web-pager: {team: web}}
route:
  team: wep
  routes:
    - {match: {a: b}, receiver: web-page}
    - {match: {a: b}, escalation_chain: pages}
    - {match: {a: b}, chat_channels: [opz]}
    - {match: {a: b}, mute_time_intervals: [weekends, day]}
    - {match: {a: b}, active_time_intervals: [weekend, weekend]}
)") == R"(16:9: route.team: no team is named "wep", did you mean "web"?
18:33: route.routes[0].receiver: no receiver is named "web-page", did you mean "web-pager"?
19:41: route.routes[1].escalation_chain: no chain is named "pages", did you mean "page"?
20:39: route.routes[2].chat_channels[0]: no chat channel is named "opz", did you mean "ops"?
21:45: route.routes[3].mute_time_intervals[0]: no time interval is named "weekends", did you mean "weekend"?
21:55: route.routes[3].mute_time_intervals[1]: no time interval is named "day"
22:56: route.routes[4].active_time_intervals[1]: "weekend" is in the list twice
)");
}

BOOST_AUTO_TEST_CASE(values_that_are_wrong_are_faults) {
  BOOST_TEST(SaidOf(R"(route:
  team: web
  name: n
  routes:
    - {matchers: 'a="b"'}
    - {matchers: ['a=~"("', 'a=', 3], match_re: {b: '['}}
    - {match: {a: [b]}, name: n}
    - {match: {a: b}, group_by: ['...', a]}
    - {match: {a: b}, group_by: [a, a], stale_after: 0s, absent_after: never}
    - {match: {a: b}, heartbeat: {by: [a]}, reciever: x}
)") == R"(17:18: route.routes[0].matchers: must be a list, but is a single value
18:19: route.routes[1].matchers[0]: error parsing regexp "(": missing ): ^(?:()$
18:35: route.routes[1].matchers[2]: bad matcher format: 3
18:53: route.routes[1].match_re.b: error parsing regexp "[": missing ]: [)$
19:19: route.routes[2].match.a: must be text, but is a list
19:31: route.routes[2].name: the name "n" is taken: it is that of route
20:33: route.routes[3].group_by: "..." means all labels, so no other may stand beside it
21:37: route.routes[4].group_by[1]: "a" is in the list twice
21:54: route.routes[4].stale_after: is too short: 1s is the least
21:72: route.routes[4].absent_after: "never" is not a duration: write whole numbers with units, largest first, as in 1h30m or 90s
22:34: route.routes[5].heartbeat: the key "expect_within" is missing
22:45: route.routes[5].reciever: "reciever" is not a key this version knows, did you mean "receiver"?
warning: 18:29: route.routes[1].matchers[1]: only Alertmanager's classic syntax takes this: write it as 'a=""', so that both agree
)");
}

BOOST_AUTO_TEST_CASE(lines_that_the_two_syntaxes_take_differently_are_told) {
  BOOST_TEST(
      SaidOf(R"(route:
  team: web
  routes:
    - matchers: ['a=b c', "b='x'"]
    - matchers: ['a="b\d"', 'c="\xf0\x9f\x99\x82"']
    - matchers: ['a="b"', c=d, '"ü"=e']
)") ==
      R"(warning: 16:18: route.routes[0].matchers[0]: only Alertmanager's classic syntax takes this: write it as 'a="b c"', so that both agree
warning: 16:27: route.routes[0].matchers[1]: only Alertmanager's classic syntax takes this: write it as 'b="''x''"', so that both agree
warning: 17:18: route.routes[1].matchers[0]: only Alertmanager's classic syntax takes this: write it as 'a="b\\d"', so that both agree
warning: 17:29: route.routes[1].matchers[1]: Alertmanager's two syntaxes take this differently, and the classic one counts: write it as 'c="\\xf0\\x9f\\x99\\x82"', so that both agree
)");
}

BOOST_AUTO_TEST_CASE(timers_of_a_pasted_tree_are_one_warning) {
  BOOST_TEST(
      SaidOf(R"(route:
  team: web
  group_wait: 30s
  routes:
    - {match: {a: b}, group_interval: 5m, repeat_interval: 4h}
    - {match: {a: c}, repeat_interval: 4 hours}
)") ==
      R"(18:40: route.routes[1].repeat_interval: "4 hours" is not a duration: write whole numbers with units, largest first, as in 1h30m or 90s
warning: 15:15: route.group_wait: group_wait, group_interval and repeat_interval have no effect here: Alertmanager has waited already
)");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
