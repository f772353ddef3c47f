#include <memory>
#include <string>

#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// The timeline is as long as the group says; a quiet group has nothing to send;
// a firing one has a time to wake or a used-up chain, or none, or its chain
// waits for alerts; and two days without faults use up every other chain, and
// every policy.
namespace tocsin::testing {

namespace {

bool WaitsForAlerts(const paging::Firing& firing) {
  return firing.escalation->pause == paging::Pause::kForAlerts;
}

class RowsJudge final : public Property {
 public:
  void AtRest(Story& story) override {
    for (const auto& [id, group] : story.store.groups()) {
      if (group.timeline_length != story.store.timeline(id).size()) {
        story.Broken("timeline of group " + std::to_string(id.value()) +
                     " has another length than it says");
      }
      const auto* firing = std::get_if<paging::Firing>(&group.life);
      if (firing == nullptr && !group.open_notifications.empty()) {
        story.Broken("a quiet group has open notifications");
      }
      if (firing != nullptr && firing->escalation &&
          !firing->escalation->finished && !WaitsForAlerts(*firing) &&
          !WakeAt(group)) {
        story.Broken("a firing group sleeps for ever");
      }
      const auto* silenced = std::get_if<paging::Silenced>(&group.life);
      if (silenced != nullptr && silenced->until &&
          *silenced->until <= story.clock.Now()) {
        story.Broken("a silence lasts longer than its time");
      }
    }
  }

  void AtTheEnd(Story& story) override {
    for (const auto& [id, group] : story.store.groups()) {
      const auto* firing = std::get_if<paging::Firing>(&group.life);
      if (story.store.Group(id).value()->alerts.size() != group.alerts.size()) {
        story.Broken("a group has alerts whose contents are not kept");
      }
      if (firing != nullptr && firing->escalation &&
          !firing->escalation->finished && !WaitsForAlerts(*firing)) {
        story.Broken("two quiet days did not use up a chain");
      }
      for (const paging::PersonalRun& run : group.runs) {
        if (!run.stopped && run.next_step < run.policy.size()) {
          story.Broken("two quiet days did not use up the policy of " +
                       run.user);
        }
      }
    }
  }
};

}  // namespace

std::unique_ptr<Property> Rows() { return std::make_unique<RowsJudge>(); }

}  // namespace tocsin::testing
