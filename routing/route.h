#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "routing/labels.h"
#include "routing/matcher.h"

namespace tocsin::routing {

// One node of the routing tree as the file writes it. Optional members are
// inherited from the parent when absent; `name`, `continue_matching` and
// `discard` are not.
struct RouteSpec {
  std::string name;               // "" derives one from team and matchers
  std::vector<Matcher> matchers;  // all must match; none matches everything
  bool continue_matching = false;
  std::optional<std::string> team;
  std::optional<std::string> escalation_chain;  // "none": chat only
  std::optional<bool> important;
  std::optional<std::vector<std::string>> group_by;  // {"..."}: all labels
  bool discard = false;                              // recorded, pages nobody
  std::vector<RouteSpec> routes;
};

// What holds at a node after inheritance: who takes the alert, and how.
struct Route {
  // `name:`, else "#" and a hash of team and matchers from the root, so that
  // moving a node changes nothing. Nodes equal in all that are told apart by
  // their order among each other ("#2" behind it).
  std::string identity;
  // For people: `name:`, else the matchers from the root, as they begin
  // Alertmanager's group keys: `{}/{severity="page"}`.
  std::string name;
  std::string team;
  std::optional<std::string> escalation_chain;
  bool important = false;
  std::optional<std::vector<std::string>> group_by;
  bool discard = false;
};

// What a decision may look at besides the labels: the pseudo-labels
// `__source__` and `__receiver__` (unquoted).
struct Origin {
  std::string_view source;
  std::string_view receiver;
};

// The routing tree. Immutable once built, thread-safe.
class Tree {
 public:
  // Fails when the root names no team or has matchers, or two nodes have one
  // name. The config reader reports these with their lines; here they are the
  // last guard. A child that names another team drops the inherited chain.
  static Result<Tree> Build(const RouteSpec& root);

  // The nodes an alert goes to, as Alertmanager walks: depth-first, left to
  // right, the first match wins unless it says `continue`; a node whose
  // children do not match is the result itself. Never empty. The pointers live
  // as long as the tree stays where it is.
  // Source: prometheus/alertmanager dispatch/route.go, Route.Match.
  std::vector<const Route*> Decide(const LabelSet& labels,
                                   const Origin& origin) const;

  // All nodes, depth-first.
  std::vector<const Route*> Routes() const;

 private:
  struct Node {
    Route route;
    std::vector<Matcher> matchers;
    bool continue_matching = false;
    std::vector<Node> children;
  };
  Tree() = default;
  static Node BuildNode(const RouteSpec& spec, const Node* parent,
                        std::string_view parent_path);
  static bool Match(const Node& node, const LabelSet& labels,
                    const Origin& origin, std::vector<const Route*>& out);
  static void NumberTwins(Node& node,
                          std::unordered_map<std::string, int>& seen);
  static void Collect(const Node& node, std::vector<const Route*>& out);

  Node root_;
};

// The key under which alerts of one route form one alert group: the values of
// the route's `group_by` where it has one (`{a="x", b="y"}`, labels that the
// alert lacks left out), else Alertmanager's `groupKey`.
std::string GroupKey(const Route& route, const LabelSet& labels,
                     std::string_view alertmanager_group_key);

}  // namespace tocsin::routing
