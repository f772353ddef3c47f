#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// What each commit did to the lives of groups:
// - all groups that one commit bore are where one of the two files, the same
//   for all of them, puts each of their alerts;
// - a group is born held if and only if its route is muted then;
// - a held group begins to fire only when by one of the files its route pages,
//   or is gone, or sends to another team.
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

bool BornBy(const engine::Settings& file, Story& story,
            const paging::AlertGroup& group) {
  const auto view = story.store.Group(group.id).value();
  return std::all_of(view->alerts.begin(), view->alerts.end(),
                     [&](const routing::Alert& alert) {
                       const routing::Route* by = Taker(file, group, alert);
                       return by != nullptr && LifeFits(group, *by);
                     });
}

void Changed(Story& story, const std::string& before,
             const paging::AlertGroup& group) {
  const std::string after = LifeName(group.life);
  if (before == after) return;
  story.Count("life:" + before + ">" + after);
  if (before != "held" || after != "firing") return;
  const bool due = std::any_of(
      story.files.begin(), story.files.end(), [&group](const auto& file) {
        const routing::Route* route = RouteOf(*file, group);
        return route == nullptr ||
               !routing::MutedBecause(*route, group.last_turn);
      });
  if (!due) story.Broken("a hold has ended while its route was muted");
}

class BirthsJudge final : public Property {
 public:
  void Committed(Story& story, const engine::Changes& changes) override {
    std::vector<const paging::AlertGroup*> born;
    for (const engine::GroupWrite& write : changes.groups) {
      const paging::AlertGroup& group = write.group;
      const auto [seen, first] = seen_.try_emplace(group.id, "born");
      if (first) born.push_back(&group);
      const std::string before =
          std::exchange(seen->second, LifeName(group.life));
      Changed(story, before, group);
      const auto* resolved = std::get_if<paging::Resolved>(&group.life);
      if (resolved != nullptr && before != "resolved" && resolved->by.empty() &&
          FiringAlerts(group) > 0) {
        story.Count("resolved_by_step");
      }
    }
    if (born.size() > 1) story.Count("commit:several_births");
    const bool one_file = std::any_of(
        story.files.begin(), story.files.end(), [&](const auto& file) {
          return std::all_of(born.begin(), born.end(),
                             [&](const paging::AlertGroup* group) {
                               return BornBy(*file, story, *group);
                             });
        });
    if (!one_file) {
      story.Broken("what one commit bore is not what one configuration says");
    }
  }

  std::vector<std::string> MustOccur() const override {
    return {"commit:several_births",      "resolved_by_step",
            "life:born>firing",           "life:born>held",
            "life:held>firing",           "life:held>acknowledged",
            "life:held>resolved",         "life:held>silenced",
            "life:firing>silenced",       "life:acknowledged>firing",
            "life:acknowledged>silenced", "life:silenced>acknowledged",
            "life:silenced>firing",       "life:resolved>firing",
            "life:resolved>held"};
  }

 private:
  std::map<paging::AlertGroupId, std::string> seen_;  // the name of its life
};

}  // namespace

std::unique_ptr<Property> Births() { return std::make_unique<BirthsJudge>(); }

}  // namespace tocsin::testing
