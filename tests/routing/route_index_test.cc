#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "routing/route.h"

// The tree against the plain walk that asks every node: both must say the same,
// over trees and alerts that are made to meet the index's corners.
namespace tocsin::routing {
namespace {

bool Holds(const Matcher& matcher, const LabelSet& labels,
           const Origin& origin) {
  if (matcher.name() == "__source__") return matcher.Matches(origin.source);
  if (matcher.name() == "__receiver__") return matcher.Matches(origin.receiver);
  return matcher.Matches(labels);
}

// The names of the nodes that take the alert, as Alertmanager finds them.
bool Plain(const RouteSpec& node, const LabelSet& labels, const Origin& origin,
           std::vector<std::string>& out) {
  for (const Matcher& matcher : node.matchers) {
    if (!Holds(matcher, labels, origin)) return false;
  }
  bool taken = false;
  for (const RouteSpec& child : node.routes) {
    if (!Plain(child, labels, origin, out)) continue;
    taken = true;
    if (!child.continue_matching) break;
  }
  if (!taken) out.push_back(node.name);
  return true;
}

std::vector<std::string> ByPlainWalk(const RouteSpec& root,
                                     const LabelSet& labels,
                                     const Origin& origin) {
  std::vector<std::string> names;
  Plain(root, labels, origin, names);
  return names;
}

std::vector<std::string> ByTree(const Tree& tree, const LabelSet& labels,
                                const Origin& origin) {
  std::vector<std::string> names;
  for (const Route* route : tree.Decide(labels, origin)) {
    names.push_back(route->name);
  }
  return names;
}

class World {
 public:
  explicit World(unsigned seed) : random_(seed) {}

  std::size_t Below(std::size_t n) { return random_() % n; }

  template <typename T, std::size_t N>
  T OneOf(const T (&all)[N]) {
    return all[Below(N)];
  }

  std::string Name() {
    static constexpr const char* kNames[] = {
        "team", "service", "a", "b", "größe", "__source__", "__receiver__"};
    return OneOf(kNames);
  }

  std::string Value() {
    static constexpr const char* kValues[] = {"",
                                              "web",
                                              "api",
                                              "WEB-7",
                                              "web-7",
                                              "web-12-x",
                                              "api-7-x",
                                              "münchen",
                                              "MÜNCHEN",
                                              "s-service-",
                                              "x\ny",
                                              "a|b",
                                              "kilo-9",
                                              "\u212Ailo-9",
                                              "\u017F-service-",
                                              "web-web-web-7",
                                              "\xff-service-"};
    return OneOf(kValues);
  }

  std::string Regex() {
    static constexpr const char* kRegexes[] = {"",
                                               ".*",
                                               ".+",
                                               "web|api",
                                               "web|",
                                               "a\\|b",
                                               "(web|api)-.*",
                                               "web-.*-x|api.*",
                                               "(?i)web-7",
                                               "(?i)kilo-.*",
                                               "(?i)s-service-",
                                               ".*münchen.*",
                                               "(?i)m\u00fcnchen",
                                               "[wa][ep][bi]-.*",
                                               ".*-7(-x)?",
                                               "we?b-\\d+.*",
                                               "x\ny",
                                               "x.y",
                                               "(?s)x.y",
                                               "(web-|api-){1,3}7.*",
                                               ".*service.*",
                                               "web-7|web-12-x|kilo-9",
                                               "\\Qa|b\\E",
                                               "[^w].*",
                                               "(?:web|api|)",
                                               "web-.{1,3}",
                                               "a|(?:web.*)"};
    return OneOf(kRegexes);
  }

  Matcher OneMatcher() {
    static constexpr MatchOp kOps[] = {MatchOp::kEqual,    MatchOp::kEqual,
                                       MatchOp::kRegex,    MatchOp::kRegex,
                                       MatchOp::kNotEqual, MatchOp::kNotRegex};
    const MatchOp op = OneOf(kOps);
    const bool regex = op == MatchOp::kRegex || op == MatchOp::kNotRegex;
    return Matcher::Make(op, Name(), regex ? Regex() : Value()).value();
  }

  RouteSpec Node(int depth) {
    RouteSpec node;
    node.name = "n" + std::to_string(++count_);
    for (std::size_t i = Below(4); i > 0; --i) {
      node.matchers.push_back(OneMatcher());
    }
    node.continue_matching = Below(3) == 0;
    if (depth > 0 && Below(3) != 0) AddChildren(node, depth - 1);
    return node;
  }

  RouteSpec Root() {
    RouteSpec root;
    root.name = "root";
    root.team = "ops";
    AddChildren(root, 3);
    return root;
  }

  LabelSet Labels() {
    std::vector<LabelSet::Label> labels;
    for (std::size_t i = Below(7); i > 0; --i) {
      labels.emplace_back(Name(), Value());
    }
    return LabelSet(std::move(labels));
  }

 private:
  void AddChildren(RouteSpec& node, int depth) {
    // Both sides of the size from which on children are indexed.
    for (std::size_t i = Below(depth > 1 ? 14 : 24); i > 0; --i) {
      if (count_ < 400) node.routes.push_back(Node(depth));
    }
  }

  std::mt19937 random_;
  int count_ = 0;
};

RouteSpec Siblings(int count, MatchOp op, const std::string& name,
                   std::string (*value)(int)) {
  RouteSpec parent;
  for (int i = 0; i < count; ++i) {
    RouteSpec child;
    child.name = std::to_string(i);
    child.matchers = {Matcher::Make(op, name, value(i)).value()};
    parent.routes.push_back(std::move(child));
  }
  return parent;
}

RouteSpec Rooted(RouteSpec root) {
  root.name = "root";
  root.team = "ops";
  return root;
}

Tree Built(const RouteSpec& root) { return Tree::Build(root).value(); }

BOOST_AUTO_TEST_SUITE(route_index)

BOOST_AUTO_TEST_CASE(the_tree_says_what_the_plain_walk_says) {
  int several = 0;
  int deep = 0;
  for (unsigned seed = 1; seed <= 250; ++seed) {
    World world(seed);
    const RouteSpec root = world.Root();
    const Tree tree = Built(root);
    for (int i = 0; i < 80; ++i) {
      const LabelSet labels = world.Labels();
      const std::string source = world.Value();
      const std::string receiver = world.Value();
      const Origin origin{source, receiver};
      const auto expected = ByPlainWalk(root, labels, origin);
      if (expected.size() > 1) ++several;
      if (expected.front() != "root") ++deep;
      const auto found = ByTree(tree, labels, origin);
      if (found == expected) continue;
      std::string text;
      for (const auto& [name, value] : labels.labels()) {
        text += name + "=" + value + " ";
      }
      BOOST_TEST_CONTEXT("seed " << seed << ", alert " << text) {
        BOOST_TEST(found == expected, boost::test_tools::per_element());
      }
    }
  }
  // The worlds are rich enough to say something.
  BOOST_TEST(several > 2000);
  BOOST_TEST(deep > 10000);
}

BOOST_AUTO_TEST_CASE(each_of_ten_thousand_siblings_is_found_below_a_node) {
  RouteSpec literal = Siblings(10'000, MatchOp::kEqual, "team", [](int i) {
    return "team-" + std::to_string(i);
  });
  literal.name = "literal";
  literal.matchers = {Matcher::Make(MatchOp::kEqual, "kind", "l").value()};
  RouteSpec regex = Siblings(10'000, MatchOp::kRegex, "service", [](int i) {
    return "(web|api)-" + std::to_string(i) + "-.*";
  });
  regex.name = "regex";
  for (RouteSpec& child : regex.routes) child.name += "r";
  RouteSpec root;
  root.routes = {literal, regex};
  const Tree tree = Built(Rooted(root));
  for (int i = 0; i < 10'000; i += 7) {
    const std::string number = std::to_string(i);
    const LabelSet one({{"kind", "l"}, {"team", "team-" + number}});
    BOOST_TEST(tree.Decide(one, {})[0]->name == number);
    const LabelSet other({{"service", "api-" + number + "-x"}});
    BOOST_TEST(tree.Decide(other, {})[0]->name == number + "r");
  }
  BOOST_TEST(tree.Decide({{"kind", "l"}}, {})[0]->name == "literal");
  BOOST_TEST(tree.Decide({{"service", "api-x"}}, {})[0]->name == "regex");
}

BOOST_AUTO_TEST_CASE(a_value_made_to_hit_every_needle_is_still_routed) {
  RouteSpec root = Siblings(2'000, MatchOp::kRegex, "service", [](int i) {
    return "web-.*-end" + std::to_string(i);
  });
  root = Rooted(root);
  const Tree tree = Built(root);
  std::string value;
  for (int i = 0; i < 20'000; ++i) value += "web--end";
  const LabelSet labels({{"service", value + "7"}});
  BOOST_TEST(ByTree(tree, labels, {}) == ByPlainWalk(root, labels, {}),
             boost::test_tools::per_element());
  BOOST_TEST(tree.Decide(labels, {})[0]->name == "7");
}

BOOST_AUTO_TEST_CASE(children_of_very_many_labels_are_found) {
  RouteSpec root;
  for (int i = 0; i < 3'000; ++i) {
    RouteSpec child;
    child.name = "n" + std::to_string(i);
    child.matchers = {
        Matcher::Make(MatchOp::kEqual, "label_" + std::to_string(i), "x")
            .value()};
    root.routes.push_back(std::move(child));
  }
  const Tree tree = Built(Rooted(root));
  BOOST_TEST(tree.Decide({{"label_2999", "x"}}, {})[0]->name == "n2999");
  BOOST_TEST(tree.Decide({{"label_9", "x"}, {"label_8", "x"}}, {})[0]->name ==
             "n8");
  BOOST_TEST(tree.Decide({{"label_2999", "y"}}, {})[0]->name == "root");
}

BOOST_AUTO_TEST_CASE(many_threads_may_ask_at_once) {
  World world(3);
  const RouteSpec root = world.Root();
  const Tree tree = Built(root);
  std::vector<LabelSet> alerts;
  std::vector<std::vector<std::string>> expected;
  for (int i = 0; i < 500; ++i) {
    alerts.push_back(world.Labels());
    expected.push_back(ByPlainWalk(root, alerts.back(), {}));
  }
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < alerts.size(); ++i) {
        if (ByTree(tree, alerts[i], {}) != expected[i]) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(wrong.load() == 0);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
