// Which groups of a turn are siblings, and what a person asks of all of them.

#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "engine/turn.h"

namespace tocsin::engine {

namespace {

// Whether these words begin an episode that the group does not know yet.
bool IsNews(const paging::AlertGroup& group,
            const paging::AlertUpdate& update) {
  if (update.status != routing::AlertStatus::kFiring) return false;
  return std::none_of(group.alerts.begin(), group.alerts.end(),
                      [&update](const paging::AlertState& known) {
                        return known.fingerprint == update.fingerprint &&
                               known.status == routing::AlertStatus::kFiring &&
                               update.starts_at <= known.starts_at;
                      });
}

}  // namespace

std::vector<Turn::Slot*> Turn::Meeting(const std::vector<Share>& shares) {
  std::map<std::uint64_t, std::size_t> joined;  // groups, by what is news there
  if (shares.size() < 2) return {};
  for (const Share& share : shares) {
    for (const paging::AlertUpdate& update : share.event.alerts) {
      if (IsNews(share.slot->group, update)) ++joined[update.fingerprint];
    }
  }
  std::vector<Slot*> meeting;
  for (const Share& share : shares) {
    const paging::AlertGroup& group = share.slot->group;
    const auto& updates = share.event.alerts;
    const bool together = std::any_of(
        updates.begin(), updates.end(), [&](const paging::AlertUpdate& update) {
          return IsNews(group, update) && joined[update.fingerprint] > 1;
        });
    if (group.alerts.empty() || together) meeting.push_back(share.slot);
  }
  return meeting;
}

// Everybody of a circle knows everybody; a webhook that makes more groups than
// one circle holds makes several.
void Turn::Introduce(const std::vector<Slot*>& meeting) {
  constexpr std::size_t kCircle = paging::kMaxSiblings + 1;
  for (std::size_t begin = 0; begin < meeting.size(); begin += kCircle) {
    const std::size_t end = std::min(begin + kCircle, meeting.size());
    if (end - begin < 2) return;
    paging::SiblingsMet met;
    for (std::size_t i = begin; i < end; ++i) {
      const paging::AlertGroup& group = meeting[i]->group;
      met.groups.push_back({.group = group.id, .team = group.identity.team});
    }
    for (std::size_t i = begin; i < end; ++i) Apply(*meeting[i], met, nullptr);
  }
}

Answer Turn::ActOnAll(const ActionPosted& action) {
  Answer answer = Act(action.group, action.event);
  const auto asked = slots_.find(action.group);
  const auto* request =
      std::get_if<paging::AcknowledgeRequested>(&action.event);
  if (asked == slots_.end() || request == nullptr) return answer;
  const paging::AcknowledgeRequested along{.by = request->by,
                                           .along_with = action.group};
  for (const paging::AlertGroupId id : asked->second.group.siblings) {
    Answer sibling = Act(id, along);
    answer.siblings.push_back({.group = id,
                               .found = sibling.status.ok(),
                               .refusal = sibling.refusal});
  }
  return answer;
}

void AddSiblings(const std::vector<Posted>& posted, const Loaded& loaded,
                 Footprint& footprint) {
  for (const Posted& post : posted) {
    const auto* action = std::get_if<ActionPosted>(&post.what);
    if (action == nullptr || !action->with_siblings) continue;
    for (const paging::AlertGroup& group : loaded.groups) {
      if (group.id != action->group) continue;
      footprint.groups.insert(footprint.groups.end(), group.siblings.begin(),
                              group.siblings.end());
    }
  }
}

}  // namespace tocsin::engine
