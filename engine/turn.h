#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/inbox.h"
#include "engine/ports.h"
#include "engine/settings.h"
#include "paging/apply.h"

namespace tocsin::engine {

// What a turn will touch by these posts and due groups.
Footprint Gather(const Settings& settings, const std::vector<Posted>& posted,
                 const std::vector<paging::AlertGroupId>& due);

// Adds the siblings of those groups whose actions take them along. They are
// known once the groups themselves are loaded.
void AddSiblings(const std::vector<Posted>& posted, const Loaded& loaded,
                 Footprint& footprint);

// The groups of one turn in memory: loaded or born, changed by the core, and at
// the end turned into one set of changes. Later posts of a turn see what the
// earlier ones did. Thrown away when the commit fails. Confined to the engine's
// thread.
class Turn {
 public:
  // One group in this turn.
  struct Slot {
    paging::AlertGroup group;
    std::string state_before;  // LifeName at load; "" when born in this turn
    bool changed = false;
    std::vector<paging::Effect> effects;  // of all its transitions, in order
    std::vector<routing::Alert> contents;
    std::optional<Instant> was_due;  // wake_at of the timer that fired
    bool heard_before = false;       // somebody had been reached at load
    bool unattended_before = false;
  };

  Turn(const Settings& settings, Loaded loaded, IdSource& ids, Instant now);

  void Timer(paging::AlertGroupId id);
  Answer Take(const Posted& posted);

  // The changes of the turn. Of what is due in the outbox (`claimable`) and
  // what was issued now, the `room` most urgent are claimed: they are in
  // claimed(), to be handed to delivery after the commit.
  Changes Finish(std::vector<Message> claimable, std::size_t room);

  const std::vector<Message>& claimed() const { return claimed_; }
  const std::unordered_map<paging::AlertGroupId, Slot>& slots() const {
    return slots_;
  }
  Instant now() const { return now_; }
  // Pointers that were missing: the turn must be run again with them.
  const std::set<std::string>& needs() const { return needs_; }

 private:
  // The updates of one webhook for one group, with where they came from.
  struct Share {
    Slot* slot = nullptr;
    paging::AlertsReceived event;
  };

  // Who takes an alert.
  struct Takers {
    std::vector<Slot*> slots;
    bool told = false;  // of this episode, so the routes are not asked
  };

  Answer Webhook(const WebhookPosted& post);
  Answer Act(paging::AlertGroupId id, const paging::Event& event);
  // The action on the group, then on each of its siblings.
  Answer ActOnAll(const ActionPosted& action);
  // The groups that these shares make siblings: born of them, or joined by an
  // episode that another group joins as well. To be asked before they are
  // applied.
  static std::vector<Slot*> Meeting(const std::vector<Share>& shares);
  void Introduce(const std::vector<Slot*>& meeting);
  Takers Holders(const WebhookPosted& post, const routing::Alert& alert) const;
  bool Covers(const Slot& slot, const routing::Route& route) const;
  void AskRoutes(const WebhookPosted& post, const routing::Alert& alert,
                 std::vector<Slot*>& takers);
  void Assign(const WebhookPosted& post, const routing::Alert& alert,
              std::vector<Share>& shares);
  Slot& OpenGroup(const WebhookPosted& post, const routing::Alert& alert,
                  const routing::Route& route);
  Slot& Bear(const WebhookPosted& post, const routing::Alert& alert,
             const routing::Route& route, paging::GroupIdentity identity);
  std::optional<paging::Refusal> Apply(Slot& slot, const paging::Event& event,
                                       const routing::Payload* payload);
  paging::World Sees() const;
  // `payload`: where alerts came from, if they did.
  void Keep(Slot& slot, paging::Effect effect, const routing::Payload* payload);
  Slot& Add(paging::AlertGroup group);
  void Hold(Slot& slot, const std::string& source, std::uint64_t fingerprint);
  GroupWrite WriteOf(Slot& slot);
  void AdmitNew();
  void Admit(Slot& slot, std::size_t effect);
  void Claim(std::vector<Message> claimable, std::vector<Message> issued,
             const std::set<paging::NotificationId>& over, std::size_t room,
             Changes& changes);

  const Settings& settings_;
  IdSource& ids_;
  const Instant now_;
  paging::SnapshotSet snapshots_;
  paging::Pointers pointers_;
  std::set<std::string> moved_;  // of these
  std::set<std::string> needs_;
  std::vector<std::shared_ptr<const paging::ChainSnapshot>> taken_;
  std::unordered_map<paging::AlertGroupId, Slot> slots_;
  std::unordered_map<std::string, Slot*> by_identity_;
  std::unordered_map<std::string, std::vector<Slot*>> by_alert_;
  std::map<paging::FoldKey, Instant> departures_;
  std::map<paging::FoldKey, Instant> new_departures_;
  std::vector<Message> claimed_;
};

}  // namespace tocsin::engine
