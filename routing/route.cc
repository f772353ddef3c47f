#include "routing/route.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "routing/fnv.h"
#include "routing/quote.h"
#include "routing/route_index.h"

namespace tocsin::routing {
namespace {

constexpr std::string_view kAllLabels = "...";

template <typename T>
void Override(std::optional<T>& inherited, const std::optional<T>& own) {
  if (own) inherited = own;
}

void Override(Patience& inherited, const Patience& own) {
  Override(inherited.stale_after, own.stale_after);
  Override(inherited.absent_after, own.absent_after);
  Override(inherited.reopen_within, own.reopen_within);
  Override(inherited.resolve_holds, own.resolve_holds);
}

void DropWayOut(Route& route) {
  route.escalation_chain.reset();
  route.chat_channels.reset();
}

// Chain and channels are a team's way out: with another team they are gone.
void HandTo(Route& route, const std::string& team) {
  if (route.team == team) return;
  route.team = team;
  DropWayOut(route);
}

// What holds at a node, all but its identity, name and intervals.
Route Inherit(const RouteSpec& spec, const Route* parent) {
  Route route;
  if (parent != nullptr) route = *parent;
  if (spec.team) HandTo(route, *spec.team);
  if (spec.own_way_out) DropWayOut(route);
  Override(route.escalation_chain, spec.escalation_chain);
  Override(route.chat_channels, spec.chat_channels);
  route.important = spec.important.value_or(route.important);
  Override(route.group_by, spec.group_by);
  Override(route.patience, spec.patience);
  route.discard = spec.discard;
  route.heartbeat = spec.heartbeat;
  return route;
}

Result<std::vector<NamedInterval>> Named(const std::vector<std::string>& names,
                                         const Intervals& intervals) {
  std::vector<NamedInterval> found;
  for (const std::string& name : names) {
    const auto at = intervals.find(name);
    if (at == intervals.end()) {
      return Error{Code::kInvalid, "a route names the time interval " +
                                       Quote(name) + ", which is not there"};
    }
    found.push_back({name, at->second});
  }
  return found;
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

Status CheckRoot(const RouteSpec& root) {
  if (!root.team || root.team->empty()) {
    return Error{Code::kInvalid, "the root route names no team"};
  }
  if (!root.matchers.empty()) {
    return Error{Code::kInvalid,
                 "the root route has matchers; it must take every alert"};
  }
  std::set<std::string_view> names;
  return CheckNames(root, names);
}

std::size_t CountMatchers(const RouteSpec& spec) {
  std::size_t count = spec.matchers.size();
  for (const RouteSpec& child : spec.routes) count += CountMatchers(child);
  return count;
}

// Builds the nodes of one tree from the root down. `matchers` has room for all
// that there are, so that the nodes can point into it.
class Builder {
 public:
  Builder(const Intervals& intervals, std::vector<Matcher>& matchers)
      : intervals_(intervals), matchers_(matchers) {}

  Result<RouteNode> Build(const RouteSpec& spec, const Route* parent,
                          std::string_view parent_path) {
    auto active = Named(spec.active_time_intervals, intervals_);
    if (!active.ok()) return active.error();
    auto mute = Named(spec.mute_time_intervals, intervals_);
    if (!mute.ok()) return mute.error();
    Route route = Inherit(spec, parent);
    route.active = std::move(active).value();
    route.mute = std::move(mute).value();
    std::string path(parent_path);
    if (parent != nullptr) path += '/';
    path += MatchersText(spec.matchers);
    Call(route, spec.name, path);
    RouteNode node = Hold(spec);
    node.route = std::make_unique<const Route>(std::move(route));
    std::vector<RouteNode> children;
    children.reserve(spec.routes.size());
    for (const RouteSpec& child : spec.routes) {
      Result<RouteNode> built = Build(child, node.route.get(), path);
      if (!built.ok()) return built.error();
      children.push_back(std::move(built).value());
    }
    if (!children.empty()) {
      node.children = std::make_unique<const Children>(std::move(children));
    }
    return node;
  }

 private:
  RouteNode Hold(const RouteSpec& spec) {
    RouteNode node;
    const std::size_t first = matchers_.size();
    matchers_.insert(matchers_.end(), spec.matchers.begin(),
                     spec.matchers.end());
    node.first_matcher = matchers_.data() + first;
    node.matcher_count = static_cast<std::uint32_t>(spec.matchers.size());
    node.continue_matching = spec.continue_matching;
    return node;
  }

  // Gives the route its name and identity; `path` are the matchers from the
  // root. Of twins the later ones are numbered.
  void Call(Route& route, const std::string& name, const std::string& path) {
    route.name = name.empty() ? path : name;
    route.identity = name;
    if (name.empty()) {
      const std::uint64_t hash = Fnv1a(path, Fnv1a(route.team + '\n'));
      route.identity = "#" + FingerprintText(hash);
    }
    const int count = ++seen_[route.identity];
    if (count > 1) route.identity += "#" + std::to_string(count);
  }

  const Intervals& intervals_;
  std::vector<Matcher>& matchers_;
  std::unordered_map<std::string, int> seen_;
};

void Collect(const RouteNode& node, std::vector<const Route*>& out) {
  out.push_back(node.route.get());
  if (!node.children) return;
  for (const RouteNode& child : node.children->nodes()) Collect(child, out);
}

}  // namespace

struct Tree::Impl {
  std::vector<Matcher> matchers;  // of all nodes
  RouteNode root;
  // source -> the root's route for another team.
  std::map<std::string, Route, std::less<>> defaults;
  std::unordered_map<std::string_view, const Route*> by_identity;
};

Tree::Tree(std::shared_ptr<const Impl> impl) : impl_(std::move(impl)) {}

Result<Tree> Tree::Build(const RouteSpec& root, const TreeOptions& options) {
  const Status sound = CheckRoot(root);
  if (!sound.ok()) return sound.error();
  auto impl = std::make_shared<Impl>();
  impl->matchers.reserve(CountMatchers(root));
  Result<RouteNode> built =
      Builder(options.intervals, impl->matchers).Build(root, nullptr, "");
  if (!built.ok()) return built.error();
  impl->root = std::move(built).value();
  for (const auto& [source, team] : options.default_teams) {
    Route route = *impl->root.route;
    HandTo(route, team);
    impl->defaults.emplace(source, std::move(route));
  }
  std::vector<const Route*> routes;
  Collect(impl->root, routes);
  for (const Route* route : routes) {
    impl->by_identity.emplace(route->identity, route);
  }
  return Tree(std::move(impl));
}

std::vector<const Route*> Tree::Decide(const LabelSet& labels,
                                       const Origin& origin) const {
  std::vector<const Route*> taken = Walk(impl_->root, labels, origin);
  const bool by_root = taken.front() == impl_->root.route.get();
  if (!by_root || impl_->defaults.empty()) return taken;
  const auto own = impl_->defaults.find(origin.source);
  if (own != impl_->defaults.end()) taken.front() = &own->second;
  return taken;
}

std::vector<const Route*> Tree::Routes() const {
  std::vector<const Route*> routes;
  Collect(impl_->root, routes);
  return routes;
}

const Route* Tree::Find(std::string_view identity) const {
  const auto at = impl_->by_identity.find(identity);
  return at == impl_->by_identity.end() ? nullptr : at->second;
}

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
