#include "config/names.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "config/load.h"

namespace tocsin::config {
namespace {

using Lines = std::vector<std::string>;

Lines FaultsOf(const std::string& text) {
  Lines lines;
  for (const Fault& fault : LoadText("t.yml", text).faults) {
    lines.push_back(FaultText(fault));
  }
  return lines;
}

const char* const kAliased = R"(
global: {last_resort: {team: old-web}}
providers: {console: }
default_notification_policies: {default: [{notify: console}]}
users:
  ada: {aliases: [U1, countess], contact_methods: {console: }}
  bob: {aliases: [U2], contact_methods: {console: }}
schedules:
  nights:
    aliases: [late]
    layers: [{users: [U1, [U2, ada]], rotation: daily, start: 2026-11-30}]
escalation_chains:
  web:
    aliases: [old-chain]
    steps:
      - notify_users: [U1, bob]
      - notify_round_robin: [countess]
      - notify_schedule: late
      - notify_team: T1
      - escalate_to_team: ops
      - wait: 1h
  calm: [{notify_users: [bob]}]
teams:
  web:
    aliases: [T1, old-web]
    members: [U2, U1]
    direct_paging: {default: {escalation_chain: old-chain}}
  ops: {direct_paging: {default: {escalation_chain: calm}}}
route:
  team: old-web
  routes:
    - {matchers: [a=b], team: T1, escalation_chain: old-chain}
    - {receiver: pasted}
receivers: {pasted: {team: old-web}}
sources: {am: {kind: alertmanager, tokens: [t], default_team: T1}}
tokens: {laptop: {user: U1, token: x}}
)";

Config Aliased() {
  LoadResult result = LoadText("t.yml", kAliased);
  for (const Fault& fault : result.faults) BOOST_ERROR(FaultText(fault));
  BOOST_REQUIRE(result.config.has_value());
  return *std::move(result.config);
}

BOOST_AUTO_TEST_SUITE(names)

BOOST_AUTO_TEST_CASE(where_an_alias_is_written_the_name_stands) {
  const Config config = Aliased();
  BOOST_TEST(config.roster.last_resort.value().team == "web");
  const paging::Team& web = config.roster.teams.find("web")->second;
  const std::vector<std::string> members = {"bob", "ada"};
  BOOST_TEST(web.members == members);
  BOOST_TEST(web.standard.value().chain.value() == "web");
  BOOST_TEST(config.route.team.value() == "web");
  BOOST_TEST(config.route.routes.at(0).team.value() == "web");
  BOOST_TEST(config.route.routes.at(0).escalation_chain.value() == "web");
  BOOST_TEST(config.route.routes.at(1).team.value() == "web");
  BOOST_TEST(config.sources.at(0).default_team == "web");
  BOOST_TEST(config.tokens.at(0).user == "ada");
}

BOOST_AUTO_TEST_CASE(steps_and_shifts_hold_names_too) {
  const Config config = Aliased();
  const std::vector<paging::Step> expected = {
      paging::NotifyUsers{{"ada", "bob"}, {}},
      paging::NotifyRoundRobin{{"ada"}, {}},
      paging::NotifySchedule{"nights", {}},
      paging::NotifyTeam{"web", {}},
      paging::EscalateToTeam{"ops", {}},
      paging::Wait{std::chrono::hours(1)}};
  BOOST_TEST((config.roster.chains.find("web")->second.steps == expected));
  const std::vector<std::vector<std::string>> shifts = {{"ada"},
                                                        {"bob", "ada"}};
  BOOST_TEST((config.schedules.at("nights").layers.at(0).shifts == shifts));
}

BOOST_AUTO_TEST_CASE(stored_names_are_found_by_the_aliases) {
  const Config config = Aliased();
  BOOST_TEST(config.roster.user_aliases.find("U2")->second == "bob");
  BOOST_TEST(config.roster.team_aliases.find("T1")->second == "web");
  BOOST_TEST(config.chain_aliases.find("old-chain")->second == "web");
  BOOST_TEST(config.schedule_aliases.find("late")->second == "nights");
}

BOOST_AUTO_TEST_CASE(an_alias_is_nobody_elses_name_or_alias) {
  const Lines expected = {
      "t.yml:2:19: users.ada.aliases[0]: the user \"bob\" in t.yml:3 has this "
      "name",
      "t.yml:3:19: users.bob.aliases[0]: the user \"ada\" in t.yml:2 has this "
      "alias",
      "t.yml:3:22: users.bob.aliases[1]: the user \"bob\" in t.yml:3 has this "
      "name"};
  BOOST_TEST(FaultsOf("users:\n"
                      "  ada: {aliases: [bob, x]}\n"
                      "  bob: {aliases: [x, bob]}\n"
                      "teams: {x: {aliases: [ada]}}\n"
                      "route: {team: x}\n") == expected,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(somebody_under_two_names_is_in_a_list_twice) {
  const Lines expected = {
      "t.yml:2:28: teams.x.members[1]: \"U1\" stands for \"ada\", which is in "
      "the list already"};
  BOOST_TEST(FaultsOf("users: {ada: {aliases: [U1]}}\n"
                      "teams: {x: {members: [ada, U1]}}\n"
                      "route: {team: x}\n") == expected,
             boost::test_tools::per_element());
  const Lines by_alias = {
      "t.yml:2:27: teams.x.members[1]: \"ada\" is in the list already, by the "
      "alias \"U1\"",
      "t.yml:2:32: teams.x.members[2]: \"U2\" stands for \"ada\", which is in "
      "the list already, by the alias \"U1\""};
  BOOST_TEST(FaultsOf("users: {ada: {aliases: [U1, U2]}}\n"
                      "teams: {x: {members: [U1, ada, U2]}}\n"
                      "route: {team: x}\n") == by_alias,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_guess_may_be_an_alias) {
  const Lines expected = {
      "t.yml:2:23: teams.x.members[0]: no user is named \"counts\", did you "
      "mean \"countess\"?"};
  BOOST_TEST(FaultsOf("users: {ada: {aliases: [countess]}}\n"
                      "teams: {x: {members: [counts]}}\n"
                      "route: {team: x}\n") == expected,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
