// Every row of Alertmanager's own tables of routes.

#include <yaml-cpp/yaml.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance_exceptions.h"
#include "conformance_table.h"
#include "routing/labels.h"
#include "routing/matcher.h"
#include "routing/route.h"

namespace tocsin::routing {
namespace {

namespace json = boost::json;
using Row = Comparison::Row;

// A node of an Alertmanager route; its receivers become teams.
void AddMatch(const YAML::Node& map, MatchOp op, RouteSpec& spec) {
  for (const auto& entry : map) {
    auto value = entry.second.as<std::string>();
    if (op == MatchOp::kRegex) value = "^(?:" + value + ")$";
    spec.matchers.push_back(
        Matcher::Make(op, entry.first.as<std::string>(), value).value());
  }
}

RouteSpec ToSpec(const YAML::Node& node) {
  RouteSpec spec;
  AddMatch(node["match"], MatchOp::kEqual, spec);
  AddMatch(node["match_re"], MatchOp::kRegex, spec);
  for (const YAML::Node& line : node["matchers"]) {
    const auto parsed = ParseMatchers(line.as<std::string>()).value();
    for (const Matcher& m : parsed.matchers) spec.matchers.push_back(m);
  }
  if (node["receiver"]) spec.team = node["receiver"].as<std::string>();
  if (node["group_by"]) {
    spec.group_by = node["group_by"].as<std::vector<std::string>>();
  }
  if (node["continue"]) spec.continue_matching = node["continue"].as<bool>();
  for (const YAML::Node& child : node["routes"]) {
    spec.routes.push_back(ToSpec(child));
  }
  return spec;
}

Tree ToTree(const YAML::Node& node) {
  RouteSpec spec = ToSpec(node);
  if (!spec.team) spec.team = "none";
  Result<Tree> tree = Tree::Build(spec, TreeOptions());
  BOOST_TEST_REQUIRE(tree.ok());
  return std::move(tree).value();
}

Tree TreeOf(const Row& row) { return ToTree(YAML::Load(TextAt(row, "yaml"))); }

std::vector<std::string> ToTexts(const json::value& list) {
  std::vector<std::string> texts;
  for (const json::value& text : list.as_array()) {
    texts.emplace_back(text.as_string());
  }
  return texts;
}

std::vector<std::string> Teams(const std::vector<const Route*>& routes) {
  std::vector<std::string> teams;
  teams.reserve(routes.size());
  for (const Route* route : routes) teams.push_back(route->team);
  return teams;
}

// Alertmanager's `group_by` is a set.
using Names = std::set<std::string>;

Names GroupBy(const Route& route) {
  if (!route.group_by) return {};
  return Names(route.group_by->begin(), route.group_by->end());
}

Names GroupBy(const json::value& row) {
  if (row.as_object().at("group_by_all").as_bool()) return {"..."};
  const std::vector<std::string> names = ToTexts(row.at("group_by"));
  return Names(names.begin(), names.end());
}

Difference CompareTaken(const Row& row) {
  const Tree tree = TreeOf(row);
  const auto taken = tree.Decide(ToLabels(row.at("labels")), Origin());
  const json::array& wanted = row.at("routes").as_array();
  if (taken.size() != wanted.size()) return "other routes are taken";
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    Difference difference =
        Differs("the receiver", taken[i]->team, TextAt(wanted[i], "receiver"));
    if (difference) return difference;
    difference = Differs("the key", taken[i]->name, TextAt(wanted[i], "key"));
    if (difference) return difference;
    difference = Differs("group_by", GroupBy(*taken[i]), GroupBy(wanted[i]));
    if (difference) return difference;
  }
  return std::nullopt;
}

// Where a node stands: the names of the nodes above it begin its own.
struct Place {
  const Route* route = nullptr;
  std::size_t parent = 0;   // of the root: itself
  std::size_t sibling = 0;  // how many children of the parent come before
};

std::vector<Place> Places(const Tree& tree) {
  std::vector<Place> places;
  std::vector<std::size_t> children;  // seen so far, of each node
  std::vector<std::size_t> above;     // the way down to the last node
  for (const Route* route : tree.Routes()) {
    const auto is_above = [&](std::size_t i) {
      return route->name.rfind(places[i].route->name + "/", 0) == 0;
    };
    while (!above.empty() && !is_above(above.back())) above.pop_back();
    Place place{route, 0, 0};
    if (!above.empty()) {
      place.parent = above.back();
      place.sibling = children[place.parent]++;
    }
    above.push_back(places.size());
    places.push_back(place);
    children.push_back(0);
  }
  return places;
}

// Alertmanager's ids: the key with each node's place among its siblings.
Difference CompareIds(const Row& row) {
  const Tree tree = TreeOf(row);
  const std::vector<Place> places = Places(tree);
  std::vector<std::string> ids;
  std::set<std::string> identities;
  for (const Place& place : places) {
    identities.insert(place.route->identity);
    if (ids.empty()) {
      ids.push_back(place.route->name);
      continue;
    }
    const std::size_t own = places[place.parent].route->name.size();
    ids.push_back(ids[place.parent] + place.route->name.substr(own) + "/" +
                  std::to_string(place.sibling));
  }
  if (identities.size() != ids.size()) return "two nodes have one identity";
  return Differs("the ids", ids, ToTexts(row.at("want_preorder")));
}

// Numbers each node behind its children.
void Number(const std::vector<Place>& places, std::size_t node,
            std::vector<std::int64_t>& numbers, std::int64_t& next) {
  for (std::size_t i = node + 1; i < places.size(); ++i) {
    if (places[i].parent == node) Number(places, i, numbers, next);
  }
  numbers[node] = next++;
}

Difference CompareIndices(const Row& row) {
  const Tree tree = TreeOf(row);
  const std::vector<Place> places = Places(tree);
  std::vector<std::int64_t> numbers(places.size());
  std::int64_t next = 0;
  Number(places, 0, numbers, next);
  std::vector<std::int64_t> wanted;
  for (const json::value& number : row.at("preorder_walk_idx").as_array()) {
    wanted.push_back(number.as_int64());
  }
  if (next != row.at("total").as_int64()) return "there are more or less nodes";
  return Differs("the order", numbers, wanted);
}

Difference CompareGroupByAll(const Row& row) {
  const Tree tree = TreeOf(row);
  const auto routes = tree.Routes();
  const json::object& wanted = row.at("want").as_object();
  if (routes.size() != wanted.size() + 1) return "there are other nodes";
  const auto differs = [&](std::size_t i, const char* key) {
    return (GroupBy(*routes[i]) == Names{"..."}) != wanted.at(key).as_bool();
  };
  if (differs(1, "routes[0].group_by_all")) return "the parent differs";
  if (differs(2, "routes[0].routes[0].group_by_all")) return "inheritance";
  if (differs(3, "routes[0].routes[1].group_by_all")) return "its own group_by";
  return std::nullopt;
}

// The labels of a group are those that its key names.
Difference CompareGroupLabels(const Row& row) {
  Route route;
  route.group_by = ToTexts(row.at("group_by"));
  if (row.at("group_by_all").as_bool()) route.group_by = {"..."};
  Route all;
  all.group_by = {"..."};
  return Differs("the labels", GroupKey(route, ToLabels(row.at("labels")), ""),
                 GroupKey(all, ToLabels(row.at("want")), ""));
}

Difference CompareAmtool(const Row& row) {
  const Tree tree = ToTree(YAML::Load(TextAt(row, "config"))["route"]);
  const auto taken = tree.Decide(ToLabels(row.at("labels")), Origin());
  return Differs("the receivers", Teams(taken),
                 ToTexts(row.at("want_receivers")));
}

BOOST_AUTO_TEST_SUITE(conformance)

BOOST_AUTO_TEST_CASE(routes_are_taken_as_alertmanager_takes_them) {
  Comparison table("routes.json");
  table.Section("match", CompareTaken);
  table.Section("walk_receivers", [](const Row& row) {
    const Tree tree = TreeOf(row);
    return Differs("the walk", Teams(tree.Routes()), ToTexts(row.at("want")));
  });
  table.Section("route_ids", CompareIds);
  table.Section("group_by_all_inheritance", CompareGroupByAll);
  table.Section("route_labels",
                [](const Row& /*row*/) { return "a route has no labels"; });
  table.Section("indices", CompareIndices);
  table.Section("group_labels", CompareGroupLabels);
  table.Section("amtool_receivers", CompareAmtool);
  table.Finish();
  std::cout << "routes.json: columns left out, the sender's work:";
  for (const std::string_view column : kSendersColumns) {
    std::cout << " " << column;
  }
  std::cout << "\n";
}

// Of the tables that say what a file does, matchers aside.
BOOST_AUTO_TEST_CASE(at_most_one_row_of_fifty_is_excepted) {
  std::size_t rows = 0;
  std::size_t excepted = 0;
  for (const char* file : {"routes.json", "timeintervals.json",
                           "fingerprints.json", "web_config.json"}) {
    const std::optional<json::value> table = LoadTable(file);
    if (!table) return;
    for (const json::key_value_pair& list : table->as_object()) {
      if (list.key() == "_meta") continue;
      rows += list.value().as_array().size();
      for (const Exception& exception : kExceptions) {
        if (exception.file == file && exception.section == list.key()) {
          excepted += list.value().as_array().size();
        }
      }
    }
  }
  BOOST_TEST(rows > 0U);
  BOOST_TEST(excepted * 50 <= rows, excepted << " of " << rows);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
