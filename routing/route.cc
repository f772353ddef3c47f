#include "routing/route.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "routing/fnv.h"
#include "routing/quote.h"

namespace tocsin::routing {
namespace {

constexpr std::string_view kSourceLabel = "__source__";
constexpr std::string_view kReceiverLabel = "__receiver__";
constexpr std::string_view kAllLabels = "...";

// The node's matchers in an order that does not depend on how they are written.
std::string MatchersText(const std::vector<Matcher>& matchers) {
  std::vector<const Matcher*> sorted;
  sorted.reserve(matchers.size());
  for (const Matcher& matcher : matchers) sorted.push_back(&matcher);
  std::sort(sorted.begin(), sorted.end(),
            [](const Matcher* a, const Matcher* b) {
              return std::tuple(a->name(), a->value(), a->op()) <
                     std::tuple(b->name(), b->value(), b->op());
            });
  std::string text;
  for (const Matcher* matcher : sorted) {
    if (!text.empty()) text += ',';
    text += matcher->Text();
  }
  return "{" + text + "}";
}

bool MatchesAll(const std::vector<Matcher>& matchers, const LabelSet& labels,
                const Origin& origin) {
  return std::all_of(matchers.begin(), matchers.end(),
                     [&](const Matcher& matcher) {
                       if (matcher.name() == kSourceLabel) {
                         return matcher.Matches(origin.source);
                       }
                       if (matcher.name() == kReceiverLabel) {
                         return matcher.Matches(origin.receiver);
                       }
                       return matcher.Matches(labels);
                     });
}

// What holds at a node, all but its identity and name.
Route Inherit(const RouteSpec& spec, const Route* parent) {
  Route route;
  if (parent != nullptr) route = *parent;
  const bool other_team = spec.team && *spec.team != route.team;
  if (spec.team) route.team = *spec.team;
  if (spec.escalation_chain || other_team) {
    route.escalation_chain = spec.escalation_chain;
  }
  route.important = spec.important.value_or(route.important);
  if (spec.group_by) route.group_by = spec.group_by;
  route.discard = spec.discard;
  return route;
}

Status CheckNames(const RouteSpec& spec, std::set<std::string_view>& names) {
  if (!spec.name.empty() && !names.insert(spec.name).second) {
    return Error{Code::kInvalid, "two routes are named " + Quote(spec.name)};
  }
  for (const RouteSpec& child : spec.routes) {
    Status status = CheckNames(child, names);
    if (!status.ok()) return status;
  }
  return Status();
}

}  // namespace

Result<Tree> Tree::Build(const RouteSpec& root) {
  if (!root.team || root.team->empty()) {
    return Error{Code::kInvalid, "the root route names no team"};
  }
  if (!root.matchers.empty()) {
    return Error{Code::kInvalid,
                 "the root route has matchers; it must take every alert"};
  }
  std::set<std::string_view> names;
  const Status unique = CheckNames(root, names);
  if (!unique.ok()) return unique.error();
  Tree tree;
  tree.root_ = BuildNode(root, nullptr, "");
  std::unordered_map<std::string, int> seen;
  NumberTwins(tree.root_, seen);
  return tree;
}

Tree::Node Tree::BuildNode(const RouteSpec& spec, const Node* parent,
                           std::string_view parent_path) {
  Node node;
  node.route = Inherit(spec, parent == nullptr ? nullptr : &parent->route);
  node.matchers = spec.matchers;
  node.continue_matching = spec.continue_matching;
  std::string path(parent_path);
  if (parent != nullptr) path += '/';
  path += MatchersText(spec.matchers);
  node.route.name = spec.name.empty() ? path : spec.name;
  node.route.identity = spec.name;
  if (spec.name.empty()) {
    const std::uint64_t hash = Fnv1a(path, Fnv1a(node.route.team + '\n'));
    node.route.identity = "#" + FingerprintText(hash);
  }
  node.children.reserve(spec.routes.size());
  for (const RouteSpec& child : spec.routes) {
    node.children.push_back(BuildNode(child, &node, path));
  }
  return node;
}

void Tree::NumberTwins(Node& node, std::unordered_map<std::string, int>& seen) {
  const int count = ++seen[node.route.identity];
  if (count > 1) node.route.identity += "#" + std::to_string(count);
  for (Node& child : node.children) NumberTwins(child, seen);
}

bool Tree::Match(const Node& node, const LabelSet& labels, const Origin& origin,
                 std::vector<const Route*>& out) {
  if (!MatchesAll(node.matchers, labels, origin)) return false;
  bool a_child_takes_it = false;
  for (const Node& child : node.children) {
    if (!Match(child, labels, origin, out)) continue;
    a_child_takes_it = true;
    if (!child.continue_matching) break;
  }
  if (!a_child_takes_it) out.push_back(&node.route);
  return true;
}

std::vector<const Route*> Tree::Decide(const LabelSet& labels,
                                       const Origin& origin) const {
  std::vector<const Route*> taken;
  Match(root_, labels, origin, taken);
  return taken;
}

void Tree::Collect(const Node& node, std::vector<const Route*>& out) {
  out.push_back(&node.route);
  for (const Node& child : node.children) Collect(child, out);
}

std::vector<const Route*> Tree::Routes() const {
  std::vector<const Route*> routes;
  Collect(root_, routes);
  return routes;
}

std::string GroupKey(const Route& route, const LabelSet& labels,
                     std::string_view alertmanager_group_key) {
  if (!route.group_by) return std::string(alertmanager_group_key);
  const std::vector<std::string>& names = *route.group_by;
  const auto listed = [&names](std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const bool all = listed(kAllLabels);
  std::string key = "{";
  for (const auto& [name, value] : labels.labels()) {
    if (!all && !listed(name)) continue;
    if (key.size() > 1) key += ", ";
    key += name + "=" + Quote(value);
  }
  return key + "}";
}

}  // namespace tocsin::routing
