#include "routing/reach.h"

#include <boost/test/unit_test.hpp>
#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace tocsin::routing {
namespace {

enum class Goes { kOnly, kOn };

RouteSpec Node(std::string name, const std::string& matchers,
               std::vector<RouteSpec> routes = {}, Goes goes = Goes::kOnly) {
  RouteSpec node;
  node.name = std::move(name);
  node.matchers = ParseMatchers(matchers).value().matchers;
  node.routes = std::move(routes);
  node.continue_matching = goes == Goes::kOn;
  return node;
}

RouteSpec Copy(std::string name, const std::string& matchers,
               std::vector<RouteSpec> routes = {}) {
  return Node(std::move(name), matchers, std::move(routes), Goes::kOn);
}

RouteSpec Root(std::vector<RouteSpec> routes) {
  RouteSpec root = Node("root", "", std::move(routes));
  root.team = "ops";
  return root;
}

// "name", with what takes it behind "<"; nodes called quiet... page nobody.
std::string Found(const RouteSpec& root) {
  std::string text;
  const auto findings = FindUnreached(root, [](const RouteSpec& node) {
    return node.name.rfind("quiet", 0) != 0;
  });
  for (const ReachFinding& finding : findings) {
    if (!text.empty()) text += ' ';
    text += finding.node->name;
    if (finding.what == Reach::kSwallows) text += " swallows";
    if (finding.because != nullptr) text += "<" + finding.because->name;
  }
  return text;
}

BOOST_AUTO_TEST_SUITE(reach)

BOOST_AUTO_TEST_CASE(what_an_earlier_sibling_takes_does_not_get_further) {
  BOOST_TEST(Found(Root({Node("a", "x=1"), Node("b", "x=1,y=2"),
                         Node("c", "x=2"), Node("d", "x=1")})) == "b<a d<a");
  BOOST_TEST(Found(Root({Node("all", ""), Node("b", "x=1")})) == "b<all");
  BOOST_TEST(Found(Root({Node("re", "x=~\"a.*\""), Node("b", "x=abc"),
                         Node("c", "x=bac"), Node("d", "x=~\"a.*\",y=1"),
                         Node("e", "x=~\"ab.*\"")})) == "b<re d<re");
  BOOST_TEST(Found(Root({Node("not", "x!=1"), Node("b", "x=2"),
                         Node("c", "x=~\"2|3\""), Node("d", "x=1"),
                         Node("e", "y=1"), Node("f", "x=~\"[23]\"")})) ==
             "b<not c<not f<not");
  BOOST_TEST(Found(Root({Node("words", "x=~\"a|b|c\""), Node("b", "x=b"),
                         Node("c", "x=~\"c|a\""), Node("d", "x=~\"c|d\"")})) ==
             "b<words c<words");
}

BOOST_AUTO_TEST_CASE(a_missing_label_is_an_empty_value) {
  BOOST_TEST(Found(Root({Node("none", "x=\"\""), Node("b", "y=1"),
                         Node("c", "x=\"\",y=1"), Node("d", "x=1")})) ==
             "c<none");
  BOOST_TEST(Found(Root({Node("some", "x!=\"\""), Node("b", "x=1"),
                         Node("c", "x=~\".+\""), Node("d", "x=~\".*\"")})) ==
             "b<some c<some");
}

BOOST_AUTO_TEST_CASE(a_copy_leaves_its_alerts_to_the_others) {
  BOOST_TEST(Found(Root({Copy("a", "x=1"), Node("b", "x=1")})).empty());
}

BOOST_AUTO_TEST_CASE(matchers_that_contradict_each_other_are_found) {
  const RouteSpec root =
      Root({Node("team", "team=a",
                 {Node("other", "team=b", {Node("below", "x=1")}),
                  Node("both", "team=~\"b|c\""), Node("not", "team!=a"),
                  Node("fine", "team=~\"a|b\""), Node("re", "team!~\"a.*\"")}),
            Node("self", "x=1,x=2"), Node("pair", "x=~\"a.*\",x!~\"a.*\"")});
  BOOST_TEST(Found(root) == "other both not re self pair");
}

BOOST_AUTO_TEST_CASE(what_was_taken_above_does_not_get_below) {
  BOOST_TEST(Found(Root({Node("sev", "sev=info"),
                         Node("team", "team=a",
                              {Node("low", "sev=info"),
                               Node("high", "sev=page")})})) == "low<sev");
}

BOOST_AUTO_TEST_CASE(a_quiet_copy_swallows_what_nobody_else_is_sure_to_take) {
  BOOST_TEST(Found(Root({Copy("quiet", "x=1"), Node("b", "x=1,y=1")})) ==
             "quiet swallows");
  BOOST_TEST(Found(Root({Copy("loud", "x=1"), Node("b", "y=1")})).empty());
  BOOST_TEST(
      Found(Root({Copy("quiet", "x=1"), Node("b", "x=~\"1|2\"")})).empty());
  BOOST_TEST(Found(Root({Copy("quiet", "x=1"), Node("rest", "")})).empty());
  // An earlier copy has paged; another quiet one has not.
  BOOST_TEST(Found(Root({Copy("loud", ""), Copy("quiet", "x=1")})).empty());
  BOOST_TEST(Found(Root({Copy("quiet1", "x=1"), Copy("quiet2", "x=1")})) ==
             "quiet2 swallows");
  // Its children take all of it.
  BOOST_TEST(Found(Root({Copy("quiet", "x=1", {Node("b", "x!=2")})})).empty());
  // The route above goes on too.
  BOOST_TEST(Found(Root({Copy("above", "t=1", {Copy("quiet", "x=1")}),
                         Node("later", "x=1")}))
                 .empty());
  BOOST_TEST(Found(Root({Node("above", "t=1", {Copy("quiet", "x=1")}),
                         Node("later", "x=1")})) == "quiet swallows");
}

// Random trees, over few names and values so that they get in each other's way.
class World {
 public:
  explicit World(unsigned seed) : random_(seed) {}

  RouteSpec Tree() {
    std::vector<RouteSpec> routes;
    for (int i = 0; i < 8; ++i) routes.push_back(Spec(2));
    return Root(std::move(routes));
  }

  LabelSet Labels() {
    std::vector<LabelSet::Label> labels;
    for (const char* name : {"x", "y", "z"}) {
      labels.emplace_back(name, OneOf({"", "a", "b", "ab", "c"}));
    }
    return LabelSet(std::move(labels));
  }

 private:
  std::string OneOf(const std::vector<std::string>& all) {
    return all[random_() % all.size()];
  }

  RouteSpec Spec(int depth) {
    RouteSpec node;
    node.name = "n" + std::to_string(++count_);
    node.continue_matching = random_() % 4 == 0;
    for (std::size_t i = random_() % 4; i > 0; --i) {
      const auto op = static_cast<MatchOp>(random_() % 4);
      const bool regex = op == MatchOp::kRegex || op == MatchOp::kNotRegex;
      const std::string value =
          regex ? OneOf({"", "a|b", "a.*", ".*", ".+", "[ab]", "b|", "ab|c"})
                : OneOf({"", "a", "b", "ab", "c"});
      node.matchers.push_back(
          Matcher::Make(op, OneOf({"x", "y", "z"}), value).value());
    }
    for (std::size_t i = depth == 0 ? 0 : random_() % 4; i > 0; --i) {
      node.routes.push_back(Spec(depth - 1));
    }
    return node;
  }

  std::mt19937 random_;
  int count_ = 0;
};

void AddNames(const RouteSpec& node, std::set<std::string>& names) {
  names.insert(node.name);
  for (const RouteSpec& child : node.routes) AddNames(child, names);
}

BOOST_AUTO_TEST_CASE(no_alert_ends_at_or_below_what_is_called_unreachable) {
  std::size_t unreachable = 0;
  std::size_t asked = 0;
  for (unsigned seed = 1; seed <= 400; ++seed) {
    World world(seed);
    const RouteSpec root = world.Tree();
    std::set<std::string> lost;
    const auto findings =
        FindUnreached(root, [](const RouteSpec&) { return true; });
    for (const ReachFinding& finding : findings) {
      BOOST_TEST((finding.what == Reach::kUnreachable));
      AddNames(*finding.node, lost);
    }
    unreachable += lost.size();
    const Tree tree = Tree::Build(root).value();
    asked += tree.Routes().size();
    for (int i = 0; i < 125; ++i) {
      for (const Route* route : tree.Decide(world.Labels(), {})) {
        BOOST_TEST_CONTEXT("seed " << seed) {
          BOOST_TEST(lost.count(route->name) == 0U);
        }
      }
    }
  }
  // The trees are such that there is something to find.
  BOOST_TEST(unreachable > asked / 10);
  BOOST_TEST(unreachable < asked);
}

BOOST_AUTO_TEST_CASE(ten_thousand_routes_are_searched_quickly) {
  std::vector<RouteSpec> routes;
  for (int i = 0; i < 5'000; ++i) {
    const std::string number = std::to_string(i);
    routes.push_back(Node("r" + number, "team=~\"" + number + "-.*\""));
    routes.push_back(Node("n" + number, "team=t" + number + ",x!=1"));
  }
  routes.push_back(Node("last", "team=t77,x=2"));
  BOOST_TEST(Found(Root(std::move(routes))) == "last<n77");
}

// Each matcher costs the same, whatever was said of its label before.
BOOST_AUTO_TEST_CASE(a_hundred_thousand_matchers_of_a_label_are_searched) {
  std::vector<RouteSpec> routes = {Node("first", "b=1"), Node("long", "b=2")};
  for (int i = 0; i < 100'000; ++i) {
    routes.back().matchers.push_back(
        Matcher::Make(MatchOp::kNotEqual, "a", std::to_string(i)).value());
  }
  for (int i = 0; i < 1'000; ++i) {
    routes.back().routes.push_back(Node("below" + std::to_string(i), "a!=77"));
  }
  routes.push_back(Node("longer", "b=2,a!=x"));
  routes.push_back(Node("same", "b=2,a!=y,a=y"));
  std::string want;
  for (int i = 1; i < 1'000; ++i) {
    want += "below" + std::to_string(i) + "<below0 ";
  }
  BOOST_TEST(Found(Root(std::move(routes))) == want + "same");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
