// Every row of Alertmanager's own tables that this folder can answer.

#include <yaml-cpp/yaml.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <iostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "conformance_table.h"
#include "routing/labels.h"
#include "routing/matcher.h"
#include "routing/matcher_syntax.h"
#include "routing/route.h"

namespace tocsin::routing {
namespace {

namespace json = boost::json;
using Parser = Result<std::vector<Matcher>> (*)(std::string_view);

const json::array& Rows(const json::value& table, const char* name) {
  return table.as_object().at(name).as_array();
}

void Say(const std::string& table, std::size_t compared) {
  std::cout << table << ": " << compared << " rows compared\n";
  BOOST_TEST(compared > 0U);
}

LabelSet ToLabels(const json::value& value) {
  std::vector<LabelSet::Label> labels;
  for (const json::key_value_pair& pair : value.as_object()) {
    labels.emplace_back(std::string(pair.key()),
                        std::string(pair.value().as_string()));
  }
  return LabelSet(std::move(labels));
}

MatchOp ToOp(const std::string& text) {
  if (text == "=~") return MatchOp::kRegex;
  if (text == "!~") return MatchOp::kNotRegex;
  return text == "=" ? MatchOp::kEqual : MatchOp::kNotEqual;
}

void CompareMatchers(const json::object& row, const std::string& input,
                     const Result<std::vector<Matcher>>& got) {
  const json::value* const error = row.if_contains("error");
  BOOST_TEST_CONTEXT(input) {
    BOOST_TEST_REQUIRE(got.ok() == (error == nullptr));
    if (error != nullptr) {
      const std::string want(error->as_string());
      // Texts of Go's own regexp library are not ours to repeat.
      if (want.rfind("error parsing regexp", 0) == 0) return;
      BOOST_TEST(got.error().message == want);
      return;
    }
    const json::array& wanted = row.at("matchers").as_array();
    BOOST_TEST_REQUIRE(got.value().size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      const Matcher& matcher = got.value()[i];
      BOOST_TEST(matcher.name() == TextAt(wanted[i], "name"));
      BOOST_TEST(matcher.value() == TextAt(wanted[i], "value"));
      BOOST_TEST((matcher.op() == ToOp(TextAt(wanted[i], "op"))));
    }
  }
}

void CompareParser(const std::string& file, const char* list, Parser parser) {
  const std::optional<json::value> table = LoadTable(file);
  if (!table) return;
  for (const json::value& row : Rows(*table, list)) {
    const std::string input = TextAt(row, "input");
    CompareMatchers(row.as_object(), input, parser(input));
  }
  Say(file + " " + list, Rows(*table, list).size());
}

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
    for (const Matcher& m : ParseMatchers(line.as<std::string>()).value()) {
      spec.matchers.push_back(m);
    }
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
  Result<Tree> tree = Tree::Build(spec);
  BOOST_TEST_REQUIRE(tree.ok());
  return std::move(tree).value();
}

// Alertmanager's `group_by` is a set.
using Names = std::set<std::string>;

Names GroupBy(const Route& route) {
  if (!route.group_by) return {};
  return Names(route.group_by->begin(), route.group_by->end());
}

Names GroupBy(const json::value& row) {
  if (row.as_object().at("group_by_all").as_bool()) return {"..."};
  Names names;
  for (const json::value& name : row.as_object().at("group_by").as_array()) {
    names.emplace(name.as_string());
  }
  return names;
}

BOOST_AUTO_TEST_SUITE(conformance)

BOOST_AUTO_TEST_CASE(fingerprints) {
  const std::optional<json::value> table = LoadTable("fingerprints.json");
  if (!table) return;
  for (const json::value& row : Rows(*table, "cases")) {
    const LabelSet labels = ToLabels(row.as_object().at("labels"));
    BOOST_TEST(FingerprintText(Fingerprint(labels)) ==
               TextAt(row, "fingerprint"));
  }
  Say("fingerprints.json", Rows(*table, "cases").size());
}

BOOST_AUTO_TEST_CASE(classic_matchers) {
  CompareParser("matchers_classic.json", "parse_list", ParseClassicMatchers);
}

BOOST_AUTO_TEST_CASE(utf8_matchers) {
  CompareParser("matchers_utf8.json", "parse_list", ParseUtf8Matchers);
}

BOOST_AUTO_TEST_CASE(fallback_from_utf8_to_classic) {
  CompareParser("matchers_utf8.json", "fallback_list", ParseMatchers);
  CompareParser("matchers_utf8.json", "fallback_single", ParseMatchers);
  CompareParser("matchers_utf8.json", "compliance", ParseMatchers);
}

BOOST_AUTO_TEST_CASE(matching_a_value) {
  const std::optional<json::value> table = LoadTable("matchers_classic.json");
  if (!table) return;
  for (const json::value& row : Rows(*table, "matches")) {
    const Result<Matcher> matcher =
        Matcher::Make(ToOp(TextAt(row, "op")), "label", TextAt(row, "pattern"));
    BOOST_TEST_REQUIRE(matcher.ok());
    BOOST_TEST(matcher.value().Matches(TextAt(row, "input")) ==
                   row.as_object().at("match").as_bool(),
               TextAt(row, "pattern"));
  }
  Say("matchers_classic.json matches", Rows(*table, "matches").size());
}

BOOST_AUTO_TEST_CASE(a_matcher_as_text) {
  const std::optional<json::value> table = LoadTable("matchers_classic.json");
  if (!table) return;
  for (const json::value& row : Rows(*table, "to_string")) {
    const Result<Matcher> matcher = Matcher::Make(
        ToOp(TextAt(row, "op")), TextAt(row, "name"), TextAt(row, "value"));
    BOOST_TEST(matcher.value().Text() == TextAt(row, "want"));
  }
  Say("matchers_classic.json to_string", Rows(*table, "to_string").size());
}

BOOST_AUTO_TEST_CASE(routes_that_match) {
  const std::optional<json::value> table = LoadTable("routes.json");
  if (!table) return;
  for (const json::value& row : Rows(*table, "match")) {
    const Tree tree = ToTree(YAML::Load(TextAt(row, "yaml")));
    const auto taken =
        tree.Decide(ToLabels(row.as_object().at("labels")), Origin());
    const json::array& wanted = row.as_object().at("routes").as_array();
    BOOST_TEST_CONTEXT(TextAt(row, "id")) {
      BOOST_TEST_REQUIRE(taken.size() == wanted.size());
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        BOOST_TEST(taken[i]->team == TextAt(wanted[i], "receiver"));
        BOOST_TEST(taken[i]->name == TextAt(wanted[i], "key"));
        BOOST_TEST((GroupBy(*taken[i]) == GroupBy(wanted[i])));
      }
    }
  }
  Say("routes.json match", Rows(*table, "match").size());
  std::cout << "routes.json: not compared are group_wait, group_interval, "
               "repeat_interval (the sender's work), route_labels (labels "
               "that Tocsin's tree does not have), route_ids and indices "
               "(positions, which are no identity here)\n";
}

BOOST_AUTO_TEST_CASE(the_order_of_a_walk) {
  const std::optional<json::value> table = LoadTable("routes.json");
  if (!table) return;
  for (const json::value& row : Rows(*table, "walk_receivers")) {
    const Tree tree = ToTree(YAML::Load(TextAt(row, "yaml")));
    std::vector<std::string> got;
    for (const Route* route : tree.Routes()) got.push_back(route->team);
    std::vector<std::string> want;
    for (const json::value& name : row.as_object().at("want").as_array()) {
      want.emplace_back(name.as_string());
    }
    BOOST_TEST(got == want, boost::test_tools::per_element());
  }
  Say("routes.json walk_receivers", Rows(*table, "walk_receivers").size());
}

BOOST_AUTO_TEST_CASE(group_by_all_is_inherited) {
  const std::optional<json::value> table = LoadTable("routes.json");
  if (!table) return;
  const json::array& rows = Rows(*table, "group_by_all_inheritance");
  for (const json::value& row : rows) {
    const Tree tree = ToTree(YAML::Load(TextAt(row, "yaml")));
    const auto routes = tree.Routes();
    const json::object& want = row.as_object().at("want").as_object();
    const auto is_all = [&routes](std::size_t i) {
      return GroupBy(*routes[i]) == Names{"..."};
    };
    BOOST_TEST(is_all(1) == want.at("routes[0].group_by_all").as_bool());
    BOOST_TEST(is_all(2) ==
               want.at("routes[0].routes[0].group_by_all").as_bool());
    BOOST_TEST(is_all(3) ==
               want.at("routes[0].routes[1].group_by_all").as_bool());
  }
  Say("routes.json group_by_all_inheritance", rows.size());
}

BOOST_AUTO_TEST_CASE(labels_of_a_group) {
  const std::optional<json::value> table = LoadTable("routes.json");
  if (!table) return;
  Route wanted_route;
  wanted_route.group_by = {"..."};
  for (const json::value& row : Rows(*table, "group_labels")) {
    Route route;
    route.group_by.emplace();
    for (const json::value& name : row.as_object().at("group_by").as_array()) {
      route.group_by->emplace_back(name.as_string());
    }
    if (row.as_object().at("group_by_all").as_bool()) {
      route.group_by = {"..."};
    }
    BOOST_TEST(
        GroupKey(route, ToLabels(row.as_object().at("labels")), "") ==
        GroupKey(wanted_route, ToLabels(row.as_object().at("want")), ""));
  }
  Say("routes.json group_labels", Rows(*table, "group_labels").size());
}

BOOST_AUTO_TEST_CASE(receivers_that_amtool_finds) {
  const std::optional<json::value> table = LoadTable("routes.json");
  if (!table) return;
  for (const json::value& row : Rows(*table, "amtool_receivers")) {
    const Tree tree = ToTree(YAML::Load(TextAt(row, "config"))["route"]);
    const auto taken =
        tree.Decide(ToLabels(row.as_object().at("labels")), Origin());
    const json::array& wanted = row.as_object().at("want_receivers").as_array();
    BOOST_TEST_REQUIRE(taken.size() == wanted.size());
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      BOOST_TEST(taken[i]->team == std::string(wanted[i].as_string()));
    }
  }
  Say("routes.json amtool_receivers", Rows(*table, "amtool_receivers").size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
