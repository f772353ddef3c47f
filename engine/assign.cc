#include "engine/assign.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "engine/intake.h"
#include "engine/turn.h"
#include "paging/alerts.h"
#include "paging/planted.h"

// Whose an alert is. A group takes what it holds, as long as it hears. For an
// episode that no open group holds yet, the routes decide as well: each of them
// whose team has no group of it among the takers. So an edit of the tree moves
// no episode that is being told, makes no storm, and no team is left out when
// an alert comes back that another team's group still holds.
namespace tocsin::engine {

namespace {

const paging::AlertState* Known(const paging::AlertGroup& group,
                                const routing::Alert& alert) {
  const auto known =
      std::find_if(group.alerts.begin(), group.alerts.end(),
                   [&alert](const paging::AlertState& state) {
                     return state.fingerprint == alert.fingerprint;
                   });
  return known == group.alerts.end() ? nullptr : &*known;
}

// When the group was last told of the alert; of two that were told in one
// instant, the one that was told last that it fires has the later word.
std::pair<Instant, bool> LastWord(const paging::AlertGroup& group,
                                  const routing::Alert& alert) {
  const paging::AlertState* known = Known(group, alert);
  if (known == nullptr) return {};
  return {known->last_seen, known->status == routing::AlertStatus::kFiring};
}

// Whether the group holds this very episode, as one that fires.
bool HoldsEpisode(const paging::AlertGroup& group,
                  const routing::Alert& alert) {
  const paging::AlertState* known = Known(group, alert);
  return known != nullptr && known->status == routing::AlertStatus::kFiring &&
         alert.starts_at <= known->starts_at;
}

}  // namespace

// Each part is preceded by its length, so no two identities share a key.
std::string Key(const paging::GroupIdentity& identity) {
  std::string key;
  for (const std::string* part :
       {&identity.route, &identity.team, &identity.source, &identity.receiver,
        &identity.group_key}) {
    key += std::to_string(part->size()) + ":" + *part;
  }
  return key;
}

std::string Key(const std::string& source, std::uint64_t fingerprint) {
  return std::to_string(fingerprint) + ":" + source;
}

std::vector<const routing::Route*> RoutesOf(const Settings& settings,
                                            const WebhookPosted& post,
                                            const std::string& receiver,
                                            const routing::Alert& alert) {
  return settings.tree.Decide(alert.labels,
                              {.source = post.source, .receiver = receiver});
}

paging::GroupIdentity IdentityOf(const WebhookPosted& post,
                                 const std::string& receiver,
                                 const routing::Alert& alert,
                                 const routing::Route& route) {
  return {.route = route.identity,
          .team = route.team,
          .source = post.source,
          .receiver = receiver,
          .group_key =
              routing::GroupKey(route, alert.labels, post.payload.group_key)};
}

// The open groups that hold the alert; and of each route of each team that has
// none of these, the resolved group that heard of it last, if it concerns that.
Turn::Takers Turn::Holders(const WebhookPosted& post,
                           const routing::Alert& alert) const {
  Takers takers;
  const auto held = by_alert_.find(Key(post.source, alert.fingerprint));
  if (held == by_alert_.end()) return takers;
  using Way = std::pair<std::string_view, std::string_view>;  // team, route
  std::map<Way, Slot*> ended;
  for (Slot* slot : held->second) {
    const paging::AlertGroup& group = slot->group;
    if (IsOpen(group)) {
      takers.slots.push_back(slot);
      takers.told |= HoldsEpisode(group, alert);
      continue;
    }
    Slot*& latest = ended[{group.identity.team, group.identity.route}];
    if (latest == nullptr ||
        LastWord(latest->group, alert) <= LastWord(group, alert)) {
      latest = slot;
    }
  }
  const std::vector<Slot*> open = takers.slots;
  for (const auto& [way, slot] : ended) {
    const paging::AlertGroup& group = slot->group;
    const bool covered =
        std::any_of(open.begin(), open.end(), [&way = way](const Slot* taker) {
          const paging::GroupIdentity& identity = taker->group.identity;
          return Way(identity.team, identity.route) == way;
        });
    if (covered || !Concerns(group, UpdateOf(alert), now_)) continue;
    takers.slots.push_back(slot);
    // A route that is gone cannot be asked again: what a person ended on it
    // stays quiet.
    takers.told |= HoldsEpisode(group, alert) &&
                   settings_.tree.Find(group.identity.route) == nullptr;
  }
  return takers;
}

// Whether the group stands for what the route would take: it is of that route,
// or of one of the same team that has left the file.
bool Turn::Covers(const Slot& slot, const routing::Route& route) const {
  const paging::GroupIdentity& identity = slot.group.identity;
  const paging::Team* team = settings_.roster.FindTeam(identity.team);
  const std::string& name = team != nullptr ? team->name : identity.team;
  return name == route.team && (identity.route == route.identity ||
                                settings_.tree.Find(identity.route) == nullptr);
}

// A resolve that nobody holds is news of something never told: there is nothing
// to do.
void Turn::Assign(const WebhookPosted& post, const routing::Alert& alert,
                  std::vector<Share>& shares) {
  Takers takers = Holders(post, alert);
  if (paging::IsPlanted(paging::Planted::kResendMakesGroup)) takers = {};
  if (!takers.told && alert.status == routing::AlertStatus::kFiring) {
    AskRoutes(post, alert, takers.slots);
  }
  for (Slot* slot : takers.slots) {
    auto share =
        std::find_if(shares.begin(), shares.end(),
                     [slot](const Share& s) { return s.slot == slot; });
    if (share == shares.end()) {
      shares.push_back({.slot = slot, .event = {}});
      share = std::prev(shares.end());
    }
    share->event.alerts.push_back(UpdateOf(alert));
  }
}

void Turn::AskRoutes(const WebhookPosted& post, const routing::Alert& alert,
                     std::vector<Slot*>& takers) {
  const std::string receiver = routing::UnquoteReceiver(post.payload.receiver);
  const std::vector<Slot*> holders = takers;
  for (const routing::Route* route :
       RoutesOf(settings_, post, receiver, alert)) {
    const bool covered =
        std::any_of(holders.begin(), holders.end(),
                    [&](const Slot* slot) { return Covers(*slot, *route); });
    if (covered) continue;
    Slot& slot = OpenGroup(post, alert, *route);
    Hold(slot, post.source, alert.fingerprint);
    takers.push_back(&slot);
    if (paging::IsPlanted(paging::Planted::kSecondTeamForgotten)) return;
  }
}

Turn::Slot& Turn::OpenGroup(const WebhookPosted& post,
                            const routing::Alert& alert,
                            const routing::Route& route) {
  paging::GroupIdentity identity = IdentityOf(
      post, routing::UnquoteReceiver(post.payload.receiver), alert, route);
  const auto it = by_identity_.find(Key(identity));
  if (it != by_identity_.end()) {
    const paging::AlertGroup& group = it->second->group;
    if (IsOpen(group) || ReopensAt(group, now_)) return *it->second;
  }
  return Bear(post, alert, route, std::move(identity));
}

}  // namespace tocsin::engine
