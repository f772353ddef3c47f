#include "tests/sim/watch.h"

#include <algorithm>
#include <utility>

namespace tocsin::testing {

namespace {

// The route that takes this alert to the group; null: none does.
const routing::Route* Taker(const engine::Settings& file,
                            const paging::AlertGroup& group,
                            const routing::Alert& alert) {
  for (const routing::Route* route :
       file.tree.Decide(alert.labels, {.source = group.identity.source,
                                      .receiver = group.identity.receiver})) {
    if (route->identity == group.identity.route &&
        route->team == group.identity.team) {
      return route;
    }
  }
  return nullptr;
}

bool LifeFits(const paging::AlertGroup& group, const routing::Route& route) {
  const bool silent = route.discard || route.heartbeat.has_value();
  const bool muted =
      !silent && routing::MutedBecause(route, group.created_at).has_value();
  if (std::holds_alternative<paging::Held>(group.life)) return muted;
  const auto* firing = std::get_if<paging::Firing>(&group.life);
  if (firing == nullptr) return true;  // it was born and over in one turn
  return !muted && !(silent && firing->escalation);
}

}  // namespace

const routing::Route* RouteOf(const engine::Settings& file,
                              const paging::AlertGroup& group) {
  const routing::Route* route = file.tree.Find(group.identity.route);
  if (route == nullptr) return nullptr;
  const paging::Team* team = file.roster.FindTeam(group.identity.team);
  const bool same = route->team == group.identity.team ||
                    (team != nullptr && team->name == route->team);
  return same ? route : nullptr;
}

Watch::Watch(const Files& files, std::function<void(const std::string&)> count,
             std::function<void(const std::string&)> broken)
    : files_(files), count_(std::move(count)), broken_(std::move(broken)) {}

bool Watch::BornBy(const engine::Settings& file, ModelStore& store,
                   const paging::AlertGroup& group) const {
  const auto view = store.Group(group.id).value();
  return std::all_of(view->alerts.begin(), view->alerts.end(),
                     [&](const routing::Alert& alert) {
                       const routing::Route* by = Taker(file, group, alert);
                       return by != nullptr && LifeFits(group, *by);
                     });
}

void Watch::Changed(const std::string& before,
                    const paging::AlertGroup& group) {
  const std::string after = LifeName(group.life);
  if (before == after) return;
  count_("life:" + before + ">" + after);
  if (before != "held" || after != "firing") return;
  const bool due =
      std::any_of(files_.begin(), files_.end(), [&group](const auto& file) {
        const routing::Route* route = RouteOf(*file, group);
        return route == nullptr ||
               !routing::MutedBecause(*route, group.last_turn);
      });
  if (!due) broken_("a hold has ended while its route was muted");
}

void Watch::Look(ModelStore& store) {
  std::vector<const paging::AlertGroup*> born;
  for (const auto& [id, group] : store.groups()) {
    const auto [seen, first] = seen_.try_emplace(id, "born");
    if (first) born.push_back(&group);
    const std::string before =
        std::exchange(seen->second, LifeName(group.life));
    Changed(before, group);
    const auto* resolved = std::get_if<paging::Resolved>(&group.life);
    if (resolved != nullptr && before != "resolved" && resolved->by.empty() &&
        FiringAlerts(group) > 0) {
      count_("resolved_by_step");
    }
  }
  if (born.size() > 1) count_("commit:several_births");
  const bool one_file =
      std::any_of(files_.begin(), files_.end(), [&](const auto& file) {
        return std::all_of(born.begin(), born.end(),
                           [&](const paging::AlertGroup* group) {
                             return BornBy(*file, store, *group);
                           });
      });
  if (!one_file) {
    broken_("what one commit bore is not what one configuration says");
  }
}

}  // namespace tocsin::testing
