#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "routing/intervals.h"
#include "routing/labels.h"
#include "routing/matcher.h"

namespace tocsin::routing {

// A route whose alerts are heartbeats: what matters is that they keep coming.
struct Heartbeat {
  Duration expect_within{};
  std::vector<std::string>
      by;  // labels (and pseudo-labels) that tell them apart
  bool important = false;
  bool operator==(const Heartbeat&) const = default;
};

// How long the groups of a route live with what; absent: the house's default.
struct Patience {
  std::optional<Duration> stale_after;
  std::optional<Duration> absent_after;
  std::optional<Duration> reopen_within;
  std::optional<Duration> resolve_holds;
};

// One node of the routing tree as the file writes it. Optional members are
// inherited from the parent when absent (of `patience` each by itself); `name`,
// `continue_matching`, `discard`, `heartbeat` and the time intervals are not.
struct RouteSpec {
  std::string name;               // "" derives one from team and matchers
  std::vector<Matcher> matchers;  // all must match; none matches everything
  bool continue_matching = false;
  std::optional<std::string> team;
  // Inherits neither chain nor channels, also where the team stays the same.
  bool own_way_out = false;
  std::optional<std::string> escalation_chain;  // "none": chat only
  std::optional<std::vector<std::string>> chat_channels;
  std::optional<bool> important;
  std::optional<std::vector<std::string>> group_by;  // {"..."}: all labels
  Patience patience;
  bool discard = false;  // recorded, pages nobody
  std::optional<Heartbeat> heartbeat;
  std::vector<std::string> active_time_intervals;  // names
  std::vector<std::string> mute_time_intervals;
  std::vector<RouteSpec> routes;
};

// A time interval under the name that a route calls it by.
struct NamedInterval {
  std::string name;
  std::shared_ptr<const std::vector<TimeInterval>> entries;
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
  std::optional<std::vector<std::string>> chat_channels;
  bool important = false;
  std::optional<std::vector<std::string>> group_by;
  Patience patience;
  bool discard = false;
  std::optional<Heartbeat> heartbeat;
  std::vector<NamedInterval> active;  // pages only within one of them, if any
  std::vector<NamedInterval> mute;    // never pages within one of them
};

// Why the route pages nobody at `at`, for the timeline: "outside of
// office-hours", "within maintenance". Absent: it pages.
std::optional<std::string> MutedBecause(const Route& route, Instant at);

// For a route that is muted at `at`: the first full minute after it at which
// the route pages, or a day after `at`, whichever is earlier. Then ask again.
Instant NextLook(const Route& route, Instant at);

// What a decision may look at besides the labels: the pseudo-labels
// `__source__` and `__receiver__` (unquoted).
struct Origin {
  std::string_view source;
  std::string_view receiver;
};

// What a tree is built from, besides its nodes.
struct TreeOptions {
  Intervals intervals;
  // source -> team: takes what that source sends and no child of the root
  // takes, instead of the root's team (and so without the root's chain and
  // channels).
  std::map<std::string, std::string, std::less<>> default_teams;
};

// The routing tree. Immutable once built, cheap to copy, thread-safe.
class Tree {
 public:
  // Fails when the root names no team or has matchers, two nodes have one
  // name, or an interval is not there. The config reader reports these with
  // their lines; here they are the last guard. A child that names another team
  // drops the inherited chain and channels.
  static Result<Tree> Build(const RouteSpec& root,
                            const TreeOptions& options = {});

  // The nodes an alert goes to, as Alertmanager walks: depth-first, left to
  // right, the first match wins unless it says `continue`; a node whose
  // children do not match is the result itself. Never empty. The pointers live
  // as long as a copy of the tree does. Costs about the same through 100 and
  // through 10,000 nodes.
  // Source: prometheus/alertmanager dispatch/route.go, Route.Match.
  std::vector<const Route*> Decide(const LabelSet& labels,
                                   const Origin& origin) const;

  // All nodes, depth-first.
  std::vector<const Route*> Routes() const;

  // The route of this identity, as a stored group names it; null: it is gone.
  const Route* Find(std::string_view identity) const;

 private:
  struct Impl;
  explicit Tree(std::shared_ptr<const Impl> impl);

  std::shared_ptr<const Impl> impl_;  // shared by the copies
};

// The matchers of one node as Alertmanager prints them, in an order that does
// not depend on how they are written: `{a="x",b=~"y|z"}`, "{}" for none.
std::string MatchersText(const std::vector<Matcher>& matchers);

// The key under which alerts of one route form one alert group: the values of
// the route's `group_by` where it has one (`{a="x", b="y"}`, labels that the
// alert lacks left out), else Alertmanager's `groupKey`.
std::string GroupKey(const Route& route, const LabelSet& labels,
                     std::string_view alertmanager_group_key);

}  // namespace tocsin::routing
