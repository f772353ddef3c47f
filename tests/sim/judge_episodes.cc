#include <algorithm>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// What commits did to episodes of alerts:
// - the start that a group knows of an alert never goes back while it fires;
// - an episode that an open group holds is given to no newborn one;
// - one that a person or a step has ended stays ended for a day.
namespace tocsin::testing {

namespace {

using std::chrono::hours;

const paging::AlertState* FiringIn(const paging::AlertGroup& group,
                                   std::uint64_t fingerprint) {
  for (const paging::AlertState& alert : group.alerts) {
    if (alert.fingerprint == fingerprint &&
        alert.status == routing::AlertStatus::kFiring) {
      return &alert;
    }
  }
  return nullptr;
}

// Whether alerts of the group were resolved, and fired again, in one turn.
bool HeardOfAnEnd(const engine::Changes& changes, paging::AlertGroupId id) {
  for (const engine::GroupWrite& write : changes.groups) {
    if (write.group.id != id) continue;
    return std::any_of(write.entries.begin(), write.entries.end(),
                       [](const paging::TimelineEntry& entry) {
                         return entry.kind ==
                                paging::TimelineKind::kAlertResolved;
                       });
  }
  return false;
}

class EpisodesJudge final : public Property {
 public:
  void Committed(Story& story, const engine::Changes& changes) override {
    for (const engine::GroupWrite& write : changes.groups) {
      const paging::AlertGroup* before = story.Before(write.group.id);
      if (before == nullptr) {
        LookAtNewborn(story, write.group, changes);
      } else {
        LookAtStarts(story, *before, write.group);
      }
      Remember(before, write.group);
    }
  }

 private:
  using Where = std::tuple<std::string, std::string, std::uint64_t>;
  struct Ended {
    paging::AlertGroupId group;
    Instant starts_at;
    Instant at;
  };

  static void LookAtStarts(Story& story, const paging::AlertGroup& before,
                           const paging::AlertGroup& after) {
    for (const paging::AlertState& alert : before.alerts) {
      const paging::AlertState* now = FiringIn(after, alert.fingerprint);
      if (now != nullptr && now->starts_at < alert.starts_at) {
        story.Broken("a late word moved the start of an alert back");
      }
    }
  }

  void LookAtNewborn(Story& story, const paging::AlertGroup& group,
                     const engine::Changes& changes) const {
    for (const paging::AlertState& alert : group.alerts) {
      for (const auto& [id, other] : story.store.groups()) {
        const paging::AlertGroup* before = story.Before(id);
        if (before == nullptr || !IsOpen(*before) || !IsOpen(other)) continue;
        const paging::AlertState* held = FiringIn(*before, alert.fingerprint);
        if (held != nullptr && held->starts_at >= alert.starts_at &&
            FiringIn(other, alert.fingerprint) != nullptr &&
            !HeardOfAnEnd(changes, id)) {
          story.Broken("group " + std::to_string(group.id.value()) +
                       " was born of an episode that group " +
                       std::to_string(id.value()) + " holds");
        }
      }
      const auto ended = ended_.find(WhereOf(group, alert.fingerprint));
      if (ended != ended_.end() && ended->second.starts_at == alert.starts_at &&
          group.created_at < ended->second.at + hours(24) &&
          !HeardOfAnEnd(changes, ended->second.group)) {
        story.Broken("an episode that was ended pages again");
      }
    }
  }

  void Remember(const paging::AlertGroup* before,
                const paging::AlertGroup& after) {
    const auto* resolved = std::get_if<paging::Resolved>(&after.life);
    const bool just =
        resolved != nullptr && (before == nullptr || IsOpen(*before));
    for (const paging::AlertState& alert : after.alerts) {
      const Where where = WhereOf(after, alert.fingerprint);
      const bool fires = alert.status == routing::AlertStatus::kFiring;
      if (just && fires) {
        ended_[where] = {.group = after.id,
                         .starts_at = alert.starts_at,
                         .at = resolved->at};
      } else if (resolved == nullptr || !fires) {
        ended_.erase(where);
      }
    }
  }

  static Where WhereOf(const paging::AlertGroup& group,
                       std::uint64_t fingerprint) {
    return {group.identity.team, group.identity.route, fingerprint};
  }

  std::map<Where, Ended> ended_;
};

}  // namespace

std::unique_ptr<Property> Episodes() {
  return std::make_unique<EpisodesJudge>();
}

}  // namespace tocsin::testing
