#include "daemon/orphans.h"

#include <boost/test/unit_test.hpp>

#include "config/load.h"
#include "daemon/make_settings.h"
#include "daemon/open_groups.h"
#include "daemon/wiring.h"
#include "tests/support/model_store.h"

// What a reload leaves behind, told of the files before and after and of the
// groups that are open.
namespace tocsin::daemon {
namespace {

using Lines = std::vector<std::string>;

constexpr const char* kBefore = R"(
providers: {console: {}}
sources:
  am: {kind: alertmanager, tokens: [am-token]}
  lab: {kind: alertmanager, tokens: [lab-token]}
default_notification_policies: {default: [{notify: console}]}
users:
  ada: {contact_methods: {console: {}}}
  dee: {contact_methods: {console: {}}}
escalation_chains:
  ladder: [{notify_users: [ada, dee]}]
teams:
  storage: {direct_paging: {default: {escalation_chain: ladder}}}
  web: {direct_paging: {default: {escalation_chain: ladder}}}
route:
  name: root
  team: storage
  routes: [{name: web, matchers: [team="web"], team: web}]
)";

struct Running {
  explicit Running(const std::string& text)
      : config([&] {
          auto loaded = config::LoadText("tocsin.yml", text);
          BOOST_REQUIRE(loaded.config.has_value());
          return std::move(*loaded.config);
        }()),
        settings(MakeSettings(config).value()) {}

  config::Config config;
  std::shared_ptr<const engine::Settings> settings;
};

std::string With(std::string text, const std::string& from,
                 const std::string& to) {
  const std::size_t at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

paging::AlertGroup Group(int id, const std::string& route,
                         const std::string& team, const std::string& source) {
  paging::AlertGroup group;
  group.id = paging::AlertGroupId(id);
  group.identity = {.route = route,
                    .team = team,
                    .source = source,
                    .receiver = "r",
                    .group_key = std::to_string(id)};
  group.route_name = route;
  group.life = paging::Firing{};
  return group;
}

paging::PersonalRun Run(const std::string& user) {
  paging::PersonalRun run;
  run.user = user;
  run.policy = {paging::NotifyMethod{"console"}};
  return run;
}

void Put(testing::ModelStore& store, const paging::AlertGroup& group) {
  engine::Changes changes;
  changes.groups.push_back(
      {.group = group, .wake_at = std::nullopt, .entries = {}, .contents = {}});
  BOOST_REQUIRE(store.Write(changes).ok());
}

Lines Orphans(const std::string& after, testing::ModelStore& store) {
  const Running old(kBefore);
  const Running next(after);
  return DescribeOrphans(WhatIsGone(old.config, old.settings->tree, next.config,
                                    next.settings->tree),
                         store)
      .value();
}

BOOST_AUTO_TEST_SUITE(orphans)

BOOST_AUTO_TEST_CASE(the_same_file_leaves_nothing_behind) {
  testing::ModelStore store;
  Put(store, Group(1, "web", "web", "am"));
  BOOST_TEST(Orphans(kBefore, store) == Lines(),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(groups_of_a_route_and_a_team_that_are_gone_are_counted) {
  testing::ModelStore store;
  Put(store, Group(1, "web", "web", "am"));
  Put(store, Group(2, "web", "web", "am"));
  Put(store, Group(3, "root", "storage", "am"));
  paging::AlertGroup over = Group(4, "web", "web", "am");
  over.life = paging::Resolved{};
  Put(store, over);
  std::string after = With(
      kBefore, "  routes: [{name: web, matchers: [team=\"web\"], team: web}]\n",
      "");
  after = With(
      after, "  web: {direct_paging: {default: {escalation_chain: ladder}}}\n",
      "");
  const Lines want = {
      "the team \"web\" is gone: 2 open alert groups of it keep the chain they "
      "began with",
      "the route \"web\" is gone: 2 open alert groups of it keep their team "
      "and the chain they began with"};
  BOOST_TEST(Orphans(after, store) == want, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_user_who_is_gone_counts_where_they_were_being_reached) {
  testing::ModelStore store;
  paging::AlertGroup reaching = Group(1, "root", "storage", "am");
  reaching.runs = {Run("dee"), Run("ada")};
  Put(store, reaching);
  paging::AlertGroup over = Group(2, "root", "storage", "am");
  over.runs = {Run("dee")};
  over.runs[0].stopped = true;
  Put(store, over);
  paging::AlertGroup in_flight = Group(3, "root", "storage", "am");
  in_flight.runs = {Run("dee")};
  in_flight.runs[0].next_step = 1;
  in_flight.open_notifications.emplace_back().sequence = 1;
  Put(store, in_flight);
  std::string after = With(kBefore, "[ada, dee]", "[ada]");
  after = With(after, "  dee: {contact_methods: {console: {}}}\n", "");
  const Lines want = {
      "the user \"dee\" is gone and is notified no more; 2 open alert groups "
      "still wanted to reach them"};
  BOOST_TEST(Orphans(after, store) == want, boost::test_tools::per_element());
}

// The group runs `chain`, of which the step `next` comes next.
void PutInChain(testing::ModelStore& store, paging::AlertGroup group,
                const paging::Chain& chain, std::size_t next) {
  engine::Changes changes;
  changes.snapshots.push_back(paging::TakeSnapshot(chain));
  paging::Escalation run;
  run.snapshot = changes.snapshots.back()->hash;
  run.next_step = next;
  run.repeated.resize(chain.steps.size());
  group.life = paging::Firing{run};
  changes.groups.push_back(
      {.group = group, .wake_at = std::nullopt, .entries = {}, .contents = {}});
  BOOST_REQUIRE(store.Write(changes).ok());
}

std::string WithoutDee() {
  const std::string after = With(kBefore, "[ada, dee]", "[ada]");
  return With(after, "  dee: {contact_methods: {console: {}}}\n", "");
}

BOOST_AUTO_TEST_CASE(a_user_who_is_gone_counts_in_the_steps_to_come) {
  const paging::Chain chain{"ladder",
                            {paging::NotifyUsers{{"ada"}, std::nullopt},
                             paging::Wait{std::chrono::minutes(5)},
                             paging::NotifyUsers{{"dee"}, std::nullopt},
                             paging::Wait{std::chrono::minutes(5)}}};
  testing::ModelStore store;
  PutInChain(store, Group(1, "root", "storage", "am"), chain, 1);
  PutInChain(store, Group(2, "root", "storage", "am"), chain, 3);
  paging::Chain again = chain;
  again.steps.emplace_back(paging::Repeat{2, 1});
  PutInChain(store, Group(3, "root", "storage", "am"), again, 3);
  paging::AlertGroup held = Group(4, "root", "storage", "am");
  held.life = paging::Held{.since = {},
                           .look_again = {},
                           .because = "",
                           .snapshot = paging::TakeSnapshot(chain)->hash};
  Put(store, held);
  const Lines want = {
      "the user \"dee\" is gone and is notified no more; 3 open alert groups "
      "still wanted to reach them"};
  BOOST_TEST(Orphans(WithoutDee(), store) == want,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_no_open_group_leans_on_is_not_told) {
  testing::ModelStore store;
  BOOST_TEST(Orphans(WithoutDee(), store) == Lines(),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_source_that_is_gone_is_told_with_its_groups) {
  testing::ModelStore store;
  Put(store, Group(1, "root", "storage", "lab"));
  const Lines want = {
      "the source \"lab\" is gone: its tokens open nothing; 1 open alert "
      "group of it will hear of no resolve"};
  BOOST_TEST(
      Orphans(With(kBefore,
                   "  lab: {kind: alertmanager, tokens: [lab-token]}\n", ""),
              store) == want,
      boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_rename_with_an_alias_leaves_nothing_behind) {
  testing::ModelStore store;
  paging::AlertGroup reaching = Group(1, "root", "storage", "am");
  reaching.runs = {Run("dee")};
  Put(store, reaching);
  std::string after = With(kBefore, "[ada, dee]", "[ada, deirdre]");
  after = With(after, "  dee: {", "  deirdre: {aliases: [dee], ");
  BOOST_TEST(Orphans(after, store) == Lines(),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(open_groups_are_counted_also_of_teams_that_are_gone) {
  testing::ModelStore store;
  Put(store, Group(1, "web", "web", "am"));
  Put(store, Group(2, "root", "left", "am"));
  paging::AlertGroup unattended = Group(3, "root", "left", "am");
  std::get<paging::Firing>(unattended.life).unattended_since = Instant();
  Put(store, unattended);
  const Running running(kBefore);
  metrics::Metrics metrics(MakeNames(running.config));
  BOOST_REQUIRE(CountOpenGroups(running.config.roster, store, metrics).ok());
  const std::string text = metrics.Serialize();
  for (const char* series :
       {"tocsin_alert_groups{state=\"firing\",team=\"web\"} 1\n",
        "tocsin_alert_groups{state=\"firing\",team=\"left\"} 2\n",
        "tocsin_groups_unattended{team=\"left\"} 1\n",
        "tocsin_groups_unattended{team=\"web\"} 0\n",
        "tocsin_alert_groups{state=\"firing\",team=\"storage\"} 0\n"}) {
    BOOST_TEST(text.find(series) != std::string::npos, series);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::daemon
