#include "routing/route.h"

#include <boost/test/unit_test.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tocsin::routing {
namespace {

using namespace std::chrono_literals;

RouteSpec Node(const std::string& matchers,
               std::optional<std::string> team = std::nullopt) {
  RouteSpec spec;
  spec.matchers = ParseMatchers(matchers).value().matchers;
  spec.team = std::move(team);
  return spec;
}

Tree Built(const RouteSpec& root, const TreeOptions& options = {}) {
  Result<Tree> tree = Tree::Build(root, options);
  BOOST_TEST_REQUIRE(tree.ok());
  return std::move(tree).value();
}

std::string Names(const std::vector<const Route*>& routes) {
  std::string names;
  for (const Route* route : routes) {
    if (!names.empty()) names += ' ';
    names += route->name;
  }
  return names;
}

std::vector<std::string> Identities(const RouteSpec& root) {
  const Tree tree = Built(root);
  std::vector<std::string> identities;
  for (const Route* route : tree.Routes()) {
    identities.push_back(route->identity);
  }
  return identities;
}

// root(ops) > db (a=1) > [ deep (b=1) ], both (a=~1|2, continue), web (c=1)
RouteSpec Sample() {
  RouteSpec root = Node("", "ops");
  root.name = "root";
  RouteSpec db = Node("a=1", "dba");
  db.name = "db";
  RouteSpec deep = Node("b=1");
  deep.name = "deep";
  db.routes = {deep};
  RouteSpec both = Node("a=~\"2|3\"");
  both.name = "both";
  both.continue_matching = true;
  RouteSpec web = Node("c=1");
  web.name = "web";
  root.routes = {db, both, web};
  return root;
}

BOOST_AUTO_TEST_SUITE(route)

BOOST_AUTO_TEST_CASE(the_deepest_match_wins_left_to_right) {
  const Tree tree = Built(Sample());
  const Origin origin;
  BOOST_TEST(Names(tree.Decide({{"a", "1"}}, origin)) == "db");
  BOOST_TEST(Names(tree.Decide({{"a", "1"}, {"b", "1"}}, origin)) == "deep");
  BOOST_TEST(Names(tree.Decide({{"a", "1"}, {"c", "1"}}, origin)) == "db");
  BOOST_TEST(Names(tree.Decide({{"c", "1"}}, origin)) == "web");
  BOOST_TEST(Names(tree.Decide({}, origin)) == "root");
}

BOOST_AUTO_TEST_CASE(continue_goes_on_and_keeps_the_parent_out) {
  const Tree tree = Built(Sample());
  BOOST_TEST(Names(tree.Decide({{"a", "2"}}, {})) == "both");
  BOOST_TEST(Names(tree.Decide({{"a", "2"}, {"c", "1"}}, {})) == "both web");
}

BOOST_AUTO_TEST_CASE(settings_are_inherited_but_name_continue_and_discard) {
  RouteSpec root = Node("", "ops");
  root.escalation_chain = "nightly";
  root.important = true;
  root.group_by = {"cluster"};
  RouteSpec child = Node("a=1");
  child.discard = true;
  RouteSpec grandchild = Node("b=1");
  grandchild.important = false;
  grandchild.group_by = std::vector<std::string>{};
  child.routes = {grandchild};
  root.routes = {child};
  const Tree tree = Built(root);
  const std::vector<const Route*> routes = tree.Routes();
  BOOST_TEST_REQUIRE(routes.size() == 3U);
  BOOST_TEST(routes[1]->team == "ops");
  BOOST_TEST(routes[1]->escalation_chain.value() == "nightly");
  BOOST_TEST(routes[1]->important);
  BOOST_TEST(routes[1]->group_by.value()[0] == "cluster");
  BOOST_TEST(routes[1]->discard);
  BOOST_TEST(!routes[2]->discard);
  BOOST_TEST(!routes[2]->important);
  BOOST_TEST(routes[2]->group_by.value().empty());
}

BOOST_AUTO_TEST_CASE(another_team_drops_the_inherited_chain) {
  RouteSpec root = Node("", "ops");
  root.escalation_chain = "nightly";
  RouteSpec own_chain = Node("a=3", "web");
  own_chain.escalation_chain = "webs";
  root.routes = {Node("a=1", "dba"), Node("a=2", "ops"), own_chain};
  const Tree tree = Built(root);
  const std::vector<const Route*> routes = tree.Routes();
  BOOST_TEST(!routes[1]->escalation_chain.has_value());
  BOOST_TEST(routes[2]->escalation_chain.value() == "nightly");
  BOOST_TEST(routes[3]->escalation_chain.value() == "webs");
}

BOOST_AUTO_TEST_CASE(channels_go_with_the_chain_and_patience_is_inherited) {
  RouteSpec root = Node("", "ops");
  root.chat_channels = {"ops-alerts"};
  root.patience.stale_after = 12h;
  root.patience.reopen_within = 10min;
  RouteSpec child = Node("a=1");
  child.patience.reopen_within = 5min;
  child.heartbeat = Heartbeat{.expect_within = 15min, .by = {"cluster"}};
  child.routes = {Node("b=1"), Node("b=2", "dba")};
  RouteSpec own = Node("a=2", "web");
  own.chat_channels = std::vector<std::string>{"web-alerts"};
  root.routes = {child, own};
  const Tree tree = Built(root);
  const std::vector<const Route*> routes = tree.Routes();
  BOOST_TEST_REQUIRE(routes.size() == 5U);
  for (const std::size_t i : {1U, 2U, 3U}) {
    BOOST_TEST((routes[i]->patience.stale_after == 12h));
    BOOST_TEST((routes[i]->patience.reopen_within == 5min));
  }
  BOOST_TEST(routes[2]->chat_channels.value().front() == "ops-alerts");
  BOOST_TEST(!routes[3]->chat_channels.has_value());
  BOOST_TEST(routes[4]->chat_channels.value().front() == "web-alerts");
  BOOST_TEST(routes[1]->heartbeat.has_value());
  BOOST_TEST(!routes[2]->heartbeat.has_value());
}

BOOST_AUTO_TEST_CASE(a_default_team_takes_what_no_child_of_the_root_takes) {
  RouteSpec root = Node("", "ops");
  root.name = "root";
  root.escalation_chain = "nightly";
  root.chat_channels = {"ops-alerts"};
  root.important = true;
  root.routes = {Node("a=1")};
  const Tree tree =
      Built(root, {.intervals = {},
                   .default_teams = {{"web-am", "web"}, {"ops-am", "ops"}}});
  const auto taken = tree.Decide({{"a", "2"}}, {"web-am", ""});
  BOOST_TEST_REQUIRE(taken.size() == 1U);
  BOOST_TEST(taken[0]->team == "web");
  BOOST_TEST(taken[0]->identity == "root");
  BOOST_TEST(taken[0]->important);
  BOOST_TEST(!taken[0]->escalation_chain.has_value());
  BOOST_TEST(!taken[0]->chat_channels.has_value());
  const auto team = [&tree](const LabelSet& labels, std::string_view source) {
    return tree.Decide(labels, {source, ""})[0]->team;
  };
  BOOST_TEST(team({{"a", "1"}}, "web-am") == "ops");
  BOOST_TEST(team({}, "other") == "ops");
  BOOST_TEST(tree.Decide({}, {"ops-am", ""})[0]->escalation_chain.value() ==
             "nightly");
}

BOOST_AUTO_TEST_CASE(a_copy_of_a_tree_keeps_its_routes_alive) {
  const Route* found = nullptr;
  std::optional<Tree> copy;
  {
    const Tree tree = Built(Sample());
    copy = tree;
    found = tree.Find("deep");
  }
  BOOST_TEST_REQUIRE(found != nullptr);
  BOOST_TEST(found == copy->Find("deep"));
  BOOST_TEST(found->team == "dba");
  BOOST_TEST(copy->Find("no-such-route") == nullptr);
  for (const Route* route : copy->Routes()) {
    BOOST_TEST(copy->Find(route->identity) == route);
  }
}

BOOST_AUTO_TEST_CASE(pseudo_labels_are_matched_from_the_origin) {
  RouteSpec root = Node("", "ops");
  root.routes = {Node("__source__=prod,__receiver__=~\"team-.*\"", "web")};
  const Tree tree = Built(root);
  const auto team = [&tree](const LabelSet& labels, const Origin& origin) {
    return tree.Decide(labels, origin)[0]->team;
  };
  BOOST_TEST(team({}, {"prod", "team-x"}) == "web");
  BOOST_TEST(team({}, {"prod", "other"}) == "ops");
  BOOST_TEST(team({}, {"test", "team-x"}) == "ops");
  // A label of that name cannot pretend.
  BOOST_TEST(team({{"__source__", "prod"}}, {"", "team-x"}) == "ops");
}

BOOST_AUTO_TEST_CASE(identity_is_the_name_or_a_hash_never_the_position) {
  RouteSpec root = Node("", "ops");
  root.routes = {Node("a=1,b=2", "web"), Node("c=3")};
  RouteSpec moved = Node("", "ops");
  moved.routes = {Node("c=3"), Node("b=2,a=1", "web")};
  const std::vector<std::string> before = Identities(root);
  const std::vector<std::string> after = Identities(moved);
  BOOST_TEST(before[1] == after[2]);
  BOOST_TEST(before[2] == after[1]);
  BOOST_TEST(before[1] != before[2]);

  moved.routes[1].team = "dba";
  BOOST_TEST(Identities(moved)[2] != before[1]);
  moved.routes[1].name = "named";
  BOOST_TEST(Identities(moved)[2] == "named");
  // Stored groups carry it: this text must not change between versions.
  BOOST_TEST(before[0] == "#8aa27f9b91e9e08f");
}

BOOST_AUTO_TEST_CASE(equal_nodes_have_identities_of_their_own) {
  RouteSpec root = Node("", "ops");
  RouteSpec twin = Node("a=1");
  twin.continue_matching = true;
  root.routes = {twin, twin};
  const std::vector<std::string> identities = Identities(root);
  BOOST_TEST(identities[2] == identities[1] + "#2");
}

BOOST_AUTO_TEST_CASE(a_tree_that_cannot_route_all_is_refused) {
  BOOST_TEST(!Tree::Build(Node("")).ok());
  BOOST_TEST(!Tree::Build(Node("", "")).ok());
  BOOST_TEST(!Tree::Build(Node("a=1", "ops")).ok());
  RouteSpec twice = Sample();
  twice.routes[2].name = "deep";
  const Result<Tree> tree = Tree::Build(twice);
  BOOST_TEST_REQUIRE(!tree.ok());
  BOOST_TEST(tree.error().message == "two routes are named \"deep\"");
  RouteSpec muted = Sample();
  muted.routes[0].routes[0].mute_time_intervals = {"nights"};
  const Result<Tree> unknown = Tree::Build(muted);
  BOOST_TEST_REQUIRE(!unknown.ok());
  BOOST_TEST(unknown.error().message ==
             "a route names the time interval \"nights\", which is not there");
}

BOOST_AUTO_TEST_CASE(a_group_is_keyed_by_group_by_or_by_the_sender) {
  const LabelSet labels = {{"b", "y\n"}, {"a", "x"}, {"c", "z"}};
  Route route;
  BOOST_TEST(GroupKey(route, labels, "{}:{x}") == "{}:{x}");
  route.group_by = {"c", "a", "c", "missing"};
  BOOST_TEST(GroupKey(route, labels, "{}:{x}") == "{a=\"x\", c=\"z\"}");
  route.group_by = {"..."};
  BOOST_TEST(GroupKey(route, labels, "{}:{x}") ==
             "{a=\"x\", b=\"y\\n\", c=\"z\"}");
  route.group_by = std::vector<std::string>{};
  BOOST_TEST(GroupKey(route, labels, "{}:{x}") == "{}");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
