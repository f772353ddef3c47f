#include <boost/test/unit_test.hpp>
#include <string>
#include <variant>
#include <vector>

#include "config/load.h"
#include "said.h"

namespace tocsin::config {
namespace {

using namespace std::chrono_literals;

// Who there is; the chains begin in line 12.
const std::string kPeople =
    R"(providers: {console: , push: {kind: webhook, url: "https://a.example/x"}}
chat_channels: {ops: {provider: console, address: ops}}
default_notification_policies: {default: [{notify: console}]}
users: {ada: {aliases: [U1], contact_methods: {console: }}, bob: {contact_methods: {console: }}, mute: }
schedules:
  primary: {layers: [{users: [ada], rotation: weekly, start: 2026-11-30}]}
  nobody: {layers: [{users: [mute], rotation: weekly, start: 2026-11-30}]}
teams: {web: {members: [ada]}, empty: , side: {direct_paging: {default: {escalation_chain: plain}}}}
route: {team: side}

escalation_chains:
)";
const std::string kPlain = "  plain: [{notify_users: [ada]}]\n";

// All but the warnings of what this version does not do yet.
std::string SaidOfChains(const std::string& chains) {
  return WithoutNotYet(Said(kPeople + chains + kPlain));
}

// Of the steps of one chain in lines 13 and on.
std::string SaidOfSteps(const std::string& steps) {
  return SaidOfChains("  c:\n" + steps);
}

paging::Chain ChainOf(const std::string& chains) {
  LoadResult result = LoadText("tocsin.yml", kPeople + chains + kPlain);
  for (const Fault& fault : result.faults) BOOST_ERROR(FaultText(fault));
  BOOST_REQUIRE(result.config.has_value());
  return result.config->roster.chains.at("c");
}

BOOST_AUTO_TEST_SUITE(chains)

BOOST_AUTO_TEST_CASE(every_kind_of_step_is_read) {
  const paging::Chain chain = ChainOf(R"(  c:
    aliases: [F1]
    steps:
      - {wait: 5m, label: begin}
      - {notify_users: [U1, bob], importance: important}
      - {notify_schedule: primary, importance: default}
      - notify_next_on_call: primary
      - {notify_team: web, importance: important}
      - notify_round_robin: [ada, bob]
      - notify_chat: [ops]
      - notify_slack_user_group: S1
      - if_time_between: {start_time: "22:00", end_time: "06:00", weekdays: ["monday:friday"], time_zone: Europe/Zurich, outside: skip}
      - if_alert_count: {more_than: 5, within: 10m}
      - webhook: push
      - {escalate_to_team: side, importance: default}
      - repeat: {times: 2, from: begin}
      - resolve: true
)");
  const std::vector<paging::Step> steps = {
      paging::Wait{5min},
      paging::NotifyUsers{{"ada", "bob"}, paging::Importance::kImportant},
      paging::NotifySchedule{"primary", paging::Importance::kDefault},
      paging::NotifyNextOnCall{"primary", {}},
      paging::NotifyTeam{"web", paging::Importance::kImportant},
      paging::NotifyRoundRobin{{"ada", "bob"}, {}},
      paging::NotifyChat{{"ops"}},
      paging::NotifySlackUserGroup{"S1"},
      paging::IfTimeBetween{.start = 22 * 60,
                            .end = 6 * 60,
                            .weekdays = {{1, 5}},
                            .time_zone = "Europe/Zurich",
                            .outside = paging::Outside::kSkip},
      paging::IfAlertCount{5, 10min},
      paging::CallWebhook{"push"},
      paging::EscalateToTeam{"side", paging::Importance::kDefault},
      paging::Repeat{0, 2},
      paging::ResolveGroup{}};
  BOOST_REQUIRE_EQUAL(chain.steps.size(), steps.size());
  for (std::size_t i = 0; i < steps.size(); ++i) {
    BOOST_TEST((chain.steps[i] == steps[i]), "step " << i);
  }
}

BOOST_AUTO_TEST_CASE(times_are_those_of_the_global_zone_and_wait_by_default) {
  const paging::Chain chain = ChainOf(
      "  c: [{notify_users: [ada]}, "
      "{if_time_between: {start_time: '09:00', end_time: '24:00'}}]\n");
  const auto& step = std::get<paging::IfTimeBetween>(chain.steps.at(1));
  BOOST_TEST(step.end == 24 * 60);
  BOOST_TEST(step.time_zone == "UTC");
  BOOST_TEST((step.outside == paging::Outside::kWait));
  BOOST_TEST(step.weekdays.empty());
}

BOOST_AUTO_TEST_CASE(what_has_no_effect_yet_is_said_once_each) {
  const std::string said = Said(kPeople + R"(  c:
    - notify_schedule: primary
    - notify_schedule: primary
    - webhook: push
)" + kPlain);
  BOOST_TEST(said.find("13:7: escalation_chains.c[0].notify_schedule: "
                       "\"notify_schedule\" is read, but has no effect in "
                       "this version yet\n") != std::string::npos);
  BOOST_TEST(said.find("c[1].notify_schedule") == std::string::npos);
  BOOST_TEST(said.find("15:7: escalation_chains.c[2].webhook: \"webhook\" is "
                       "read") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(references_that_dangle_are_faults) {
  BOOST_TEST(
      SaidOfSteps(R"(    - notify_users: [adaa, ops]
    - notify_schedule: primari
    - notify_next_on_call: none
    - notify_team: wep
    - notify_chat: [opz]
    - webhook: pusch
    - webhook: console
    - escalate_to_team: U1
)") ==
      R"(13:22: escalation_chains.c[0].notify_users[0]: no user is named "adaa", did you mean "ada"?
13:28: escalation_chains.c[0].notify_users[1]: no user is named "ops"
14:24: escalation_chains.c[1].notify_schedule: no schedule is named "primari", did you mean "primary"?
15:28: escalation_chains.c[2].notify_next_on_call: no schedule is named "none"
16:20: escalation_chains.c[3].notify_team: no team is named "wep", did you mean "web"?
17:21: escalation_chains.c[4].notify_chat[0]: no chat channel is named "opz", did you mean "ops"?
18:16: escalation_chains.c[5].webhook: no webhook provider is named "pusch", did you mean "push"?
19:16: escalation_chains.c[6].webhook: the provider "console" is of the kind console: this step needs one of the kind webhook
20:25: escalation_chains.c[7].escalate_to_team: no team is named "U1"
)");
}

BOOST_AUTO_TEST_CASE(a_step_says_one_thing_that_is_known) {
  BOOST_TEST(
      SaidOfSteps(R"(    - {wait: 1m, notify_users: [ada]}
    - label: alone
    - notify_user: [ada]
    - ada
    - wait: 0s
    - {notify_users: }
    - {notify_round_robin: []}
    - {notify_chat: []}
    - resolve: false
)") ==
      R"(13:7: escalation_chains.c[0]: a step does one thing, but here are wait, notify_users
14:7: escalation_chains.c[1]: the step does nothing: wait, notify_users and the like say what it does
15:7: escalation_chains.c[2].notify_user: "notify_user" is not a key this version knows, did you mean "notify_users"?
16:7: escalation_chains.c[3]: must be a mapping, but is a single value
17:13: escalation_chains.c[4].wait: is too short: 1s is the least
18:22: escalation_chains.c[5].notify_users: names no users
19:28: escalation_chains.c[6].notify_round_robin: names no users
20:21: escalation_chains.c[7].notify_chat: names no chat channels
21:16: escalation_chains.c[8].resolve: must be true, or be left out
)");
}

BOOST_AUTO_TEST_CASE(an_importance_belongs_to_steps_that_notify_people) {
  BOOST_TEST(
      SaidOfSteps(R"(    - {wait: 1m, importance: default}
    - {notify_chat: [ops], importance: default}
    - {repeat: {times: 1}, importance: default}
    - {notify_team: web, importance: high}
)") ==
      R"(13:30: escalation_chains.c[0].importance: only a step that notifies people has an importance
14:40: escalation_chains.c[1].importance: only a step that notifies people has an importance
15:40: escalation_chains.c[2].importance: only a step that notifies people has an importance
16:38: escalation_chains.c[3].importance: "high" is not an importance this version knows (default, important)
)");
}

BOOST_AUTO_TEST_CASE(conditions_must_be_complete_and_mean_something) {
  BOOST_TEST(
      SaidOfSteps(R"(    - notify_users: [ada]
    - if_time_between: {start_time: "9:00", end_time: "25:00"}
    - if_time_between: {start_time: "09:00", end_time: "09:00"}
    - if_time_between: {end_time: "09:00", weekdays: [], outside: stop}
    - if_time_between: {start_time: "09:00", end_time: "10:00", weekdays: [moonday], time_zone: Europe/Zürich}
    - if_alert_count: {more_than: 0}
)") ==
      R"(14:37: escalation_chains.c[1].if_time_between.start_time: "9:00" is not a time of the day: write it as in "09:00"
14:55: escalation_chains.c[1].if_time_between.end_time: "25:00" is not a time of the day: write it as in "09:00"
15:24: escalation_chains.c[2].if_time_between: start_time and end_time must not be equal
16:24: escalation_chains.c[3].if_time_between: the key "start_time" is missing
16:54: escalation_chains.c[3].if_time_between.weekdays: names no weekdays
16:67: escalation_chains.c[3].if_time_between.outside: "stop" is not a word for `outside` this version knows (wait, skip)
17:76: escalation_chains.c[4].if_time_between.weekdays[0]: moonday is not a valid weekday
17:97: escalation_chains.c[4].if_time_between.time_zone: no time zone is named "Europe/Zürich": write it as in "Europe/Zurich" or "UTC"
18:23: escalation_chains.c[5].if_alert_count: the key "within" is missing
18:35: escalation_chains.c[5].if_alert_count.more_than: must be a whole number from 1
)");
}

BOOST_AUTO_TEST_CASE(a_repeat_needs_a_wait_among_what_it_repeats) {
  BOOST_TEST(SaidOfSteps(R"(    - wait: 1m
    - {notify_users: [ada], label: again}
    - if_alert_count: {more_than: 1, within: 1m}
    - if_time_between: {start_time: "09:00", end_time: "10:00"}
    - repeat: {times: 2, from: again}
    - repeat: {times: 2}
)") == "17:15: escalation_chains.c[4].repeat: repeats steps without a wait "
       "among them\n");
}

BOOST_AUTO_TEST_CASE(a_repeat_says_how_often_and_from_where) {
  BOOST_TEST(
      SaidOfSteps(R"(    - {wait: 1m, label: a}
    - {notify_users: [ada], label: a}
    - repeat: {from: b, times: 0}
    - repeat: {times: 2, forever: true}
    - repeat: {forever: false}
    - {repeat: {times: 1, from: c}}
    - {wait: 1m, label: c}
)") ==
      R"(14:36: escalation_chains.c[1].label: another step of the chain has the label "a"
15:22: escalation_chains.c[2].repeat.from: no earlier step with a label is named "b"
15:32: escalation_chains.c[2].repeat.times: must be a whole number from 1
16:15: escalation_chains.c[3].repeat: only one of times, forever may be given
17:7: escalation_chains.c[4]: is never reached: the step before it repeats forever
17:25: escalation_chains.c[4].repeat.forever: must be true, or be left out
18:7: escalation_chains.c[5]: is never reached: the step before it repeats forever
18:33: escalation_chains.c[5].repeat.from: no earlier step with a label is named "c"
)");
}

BOOST_AUTO_TEST_CASE(a_wait_with_a_fault_is_a_wait) {
  BOOST_TEST(SaidOfSteps(R"(    - notify_users: [ada]
    - wait: 5 minutes
    - repeat: {times: 1}
)") == "14:13: escalation_chains.c[1].wait: \"5 minutes\" is not a duration: "
       "write whole numbers with units, largest first, as in 1h30m or 90s\n");
}

BOOST_AUTO_TEST_CASE(nothing_comes_after_the_end) {
  BOOST_TEST(SaidOfChains(R"(  c:
    - {notify_users: [ada]}
    - wait: 1m
    - repeat: {forever: true}
    - wait: 1m
    - wait: 1m
  d:
    - {notify_users: [ada]}
    - resolve: true
    - wait: 1m
)") == "16:7: escalation_chains.c[3]: is never reached: the step before it "
       "repeats forever\n"
       "21:7: escalation_chains.d[2]: is never reached: the step before it "
       "resolves the alert group\n");
}

BOOST_AUTO_TEST_CASE(a_chain_is_a_list_of_steps_or_has_one) {
  BOOST_TEST(SaidOfChains(R"(  c: []
  d: {aliases: [D1]}
  e: {steps: []}
  f: {steps: [{notify_users: [ada]}], label: x}
  g: page ada
  none: [{notify_users: [ada]}]
)") == R"(12:3: escalation_chains.c: the chain has no steps
13:6: escalation_chains.d: the key "steps" is missing
14:14: escalation_chains.e.steps: the chain has no steps
15:39: escalation_chains.f.label: "label" is not a key this version knows (aliases, steps)
16:6: escalation_chains.g: must be a list, but is a single value
17:3: escalation_chains.none: no chain can be named "none": in a route that says that there is no chain
)");
}

BOOST_AUTO_TEST_CASE(no_alias_of_a_chain_is_none) {
  BOOST_TEST(
      SaidOfChains(
          "  c: {aliases: [none], steps: [{notify_users: [ada]}]}\n") ==
      "12:3: escalation_chains.c: no chain can be named \"none\": in a route "
      "that says that there is no chain\n");
}

BOOST_AUTO_TEST_CASE(teams_that_escalate_in_a_circle_are_one_fault_a_circle) {
  const std::string teams =
      "teams:\n"
      "  a: {aliases: [A1], direct_paging: {default: {escalation_chain: "
      "to-b}}}\n"
      "  b: {direct_paging: {default: {escalation_chain: quiet}, important: "
      "{escalation_chain: to-c}}}\n"
      "  c: {direct_paging: {default: {escalation_chain: to-a}}}\n"
      "  d: {direct_paging: {default: {escalation_chain: to-d}, important: "
      "{escalation_chain: to-d}}}\n"
      "  e: {direct_paging: {default: {escalation_chain: to-a}}}\n"
      "providers: {console: }\n"
      "default_notification_policies: {default: [{notify: console}]}\n"
      "users: {ada: {contact_methods: {console: }}}\n"
      "escalation_chains:\n"
      "  to-b: [{wait: 1m}, {escalate_to_team: b}]\n"
      "  to-c: {steps: [{escalate_to_team: c}]}\n"
      "  to-a: [{escalate_to_team: A1}]\n"
      "  to-d: [{escalate_to_team: d}]\n"
      "  quiet: [{notify_users: [ada]}]\n"
      "route: {team: a}\n";
  BOOST_TEST(
      WithoutNotYet(Said(teams)) ==
      "13:29: escalation_chains.to-a[0].escalate_to_team: escalates in a "
      "circle: a -> b -> c -> a\n"
      "14:29: escalation_chains.to-d[0].escalate_to_team: escalates in a "
      "circle: d -> d\n");
}

BOOST_AUTO_TEST_CASE(ten_thousand_teams_in_one_circle_are_one_fault) {
  std::string teams = "teams:\n";
  std::string chains = "escalation_chains:\n";
  constexpr int kTeams = 10'000;
  for (int i = 0; i < kTeams; ++i) {
    const std::string n = std::to_string(i);
    teams += "  t" + n + ": {direct_paging: {default: {escalation_chain: c" +
             n + "}}}\n";
    chains += "  c" + n + ": [{escalate_to_team: t" +
              std::to_string((i + 1) % kTeams) + "}]\n";
  }
  const LoadResult result =
      LoadText("tocsin.yml", teams + chains + "route: {team: t0}\n");
  BOOST_TEST(result.faults.size() == 1U);
}

BOOST_AUTO_TEST_CASE(chains_through_which_nobody_is_notified_are_warned_of) {
  BOOST_TEST(
      SaidOfChains(R"(  waits: [{wait: 1m}]
  mute: [{notify_users: [mute]}]
  round: [{notify_round_robin: [mute]}]
  shift: [{notify_schedule: nobody}]
  team: [{notify_team: empty}]
  lost: [{escalate_to_team: empty}]
  chat: [{notify_chat: [ops]}]
  hook: [{webhook: push}]
  good: [{notify_next_on_call: primary}]
  far: [{escalate_to_team: side}]
)") ==
      R"(warning: 12:3: escalation_chains.waits: no step of the chain notifies anybody
warning: 13:3: escalation_chains.mute: nobody can be notified through the chain: none of those whom its steps name can be
warning: 13:26: escalation_chains.mute[0].notify_users[0]: "mute" has no contact methods and cannot be notified
warning: 14:3: escalation_chains.round: nobody can be notified through the chain: none of those whom its steps name can be
warning: 14:33: escalation_chains.round[0].notify_round_robin[0]: "mute" has no contact methods and cannot be notified
warning: 15:3: escalation_chains.shift: nobody can be notified through the chain: none of those whom its steps name can be
warning: 16:3: escalation_chains.team: nobody can be notified through the chain: none of those whom its steps name can be
warning: 17:3: escalation_chains.lost: nobody can be notified through the chain: none of those whom its steps name can be
)");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
