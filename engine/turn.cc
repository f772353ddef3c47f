#include "engine/turn.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/assign.h"
#include "engine/bundle.h"
#include "engine/intake.h"
#include "paging/planted.h"

namespace tocsin::engine {

namespace {

void GatherWebhook(const Settings& settings, const WebhookPosted& post,
                   Footprint& footprint) {
  const std::string receiver = routing::UnquoteReceiver(post.payload.receiver);
  for (const routing::Alert& alert : post.payload.alerts) {
    footprint.alerts.push_back(
        {.source = post.source, .fingerprint = alert.fingerprint});
    if (alert.status != routing::AlertStatus::kFiring) continue;
    for (const routing::Route* route :
         RoutesOf(settings, post, receiver, alert)) {
      paging::GroupIdentity identity =
          IdentityOf(post, receiver, alert, *route);
      if (footprint.identities.empty() ||
          footprint.identities.back() != identity) {
        footprint.identities.push_back(std::move(identity));
      }
    }
  }
}

// The more urgent first: by priority, then by age, then as they were born.
bool MoreUrgent(const Message& a, const Message& b) {
  return std::tuple(a.priority, a.issued_at, a.id) <
         std::tuple(b.priority, b.issued_at, b.id);
}

// Whether the second one is to be preferred: an open group to a resolved one,
// then the newer one.
bool Before(const Turn::Slot& first, const Turn::Slot& second) {
  const auto rank = [](const Turn::Slot& slot) {
    return std::pair(IsOpen(slot.group), slot.group.id);
  };
  return rank(first) < rank(second);
}

Message MessageOf(const paging::Notify& notify,
                  const paging::AlertGroup& group) {
  return {.id = notify.id,
          .priority = notify.priority,
          .user = notify.user,
          .method = notify.method,
          .importance = notify.importance,
          .team = group.identity.team,
          .title = group.title,
          .summary = group.summary,
          .severity = group.severity,
          .why = notify.why,
          .alerts_firing = static_cast<std::int64_t>(FiringAlerts(group)),
          .issued_at = notify.due,
          .attempts = 0,
          .folded = notify.folded};
}

}  // namespace

Footprint Gather(const Settings& settings, const std::vector<Posted>& posted,
                 const std::vector<paging::AlertGroupId>& due) {
  Footprint footprint;
  footprint.groups = due;
  for (const Posted& post : posted) {
    if (const auto* webhook = std::get_if<WebhookPosted>(&post.what)) {
      GatherWebhook(settings, *webhook, footprint);
    } else if (const auto* action = std::get_if<ActionPosted>(&post.what)) {
      footprint.groups.push_back(action->group);
    } else {
      footprint.groups.push_back(std::get<OutcomePosted>(post.what).group);
    }
  }
  return footprint;
}

Turn::Turn(const Settings& settings, Loaded loaded, IdSource& ids, Instant now)
    : settings_(settings),
      ids_(ids),
      now_(now),
      snapshots_(std::move(loaded.snapshots)),
      pointers_(std::move(loaded.pointers)),
      departures_(std::move(loaded.departures)) {
  slots_.reserve(loaded.groups.size());
  for (paging::AlertGroup& group : loaded.groups) {
    const std::string state = LifeName(group.life);
    Slot& slot = Add(std::move(group));
    slot.state_before = state;
    slot.heard_before = slot.group.first_delivered_at.has_value();
    slot.unattended_before = IsUnattended(slot.group);
  }
}

Turn::Slot& Turn::Add(paging::AlertGroup group) {
  const paging::AlertGroupId id = group.id;
  Slot& slot = slots_[id];
  slot.group = std::move(group);
  if (Hears(slot.group)) {
    Slot*& found = by_identity_[Key(slot.group.identity)];
    if (found == nullptr || Before(*found, slot)) found = &slot;
    for (const paging::AlertState& alert : slot.group.alerts) {
      Hold(slot, slot.group.identity.source, alert.fingerprint);
    }
  }
  return slot;
}

void Turn::Hold(Slot& slot, const std::string& source,
                std::uint64_t fingerprint) {
  std::vector<Slot*>& holders = by_alert_[Key(source, fingerprint)];
  if (std::find(holders.begin(), holders.end(), &slot) == holders.end()) {
    holders.push_back(&slot);
  }
}

void Turn::Timer(paging::AlertGroupId id) {
  const auto it = slots_.find(id);
  if (it == slots_.end()) return;
  const std::optional<Instant> due = WakeAt(it->second.group);
  if (due && *due <= now_) it->second.was_due = due;
  Apply(it->second, paging::TimerFired{}, nullptr);
}

Answer Turn::Take(const Posted& posted) {
  if (const auto* webhook = std::get_if<WebhookPosted>(&posted.what)) {
    return Webhook(*webhook);
  }
  if (const auto* action = std::get_if<ActionPosted>(&posted.what)) {
    return action->with_siblings ? ActOnAll(*action)
                                 : Act(action->group, action->event);
  }
  const auto& outcome = std::get<OutcomePosted>(posted.what);
  return Act(outcome.group, outcome.event);
}

Answer Turn::Act(paging::AlertGroupId id, const paging::Event& event) {
  const auto it = slots_.find(id);
  if (it == slots_.end()) {
    return {.status = Error{Code::kNotFound, "there is no alert group " +
                                                 std::to_string(id.value())},
            .refusal = std::nullopt};
  }
  return {.status = {}, .refusal = Apply(it->second, event, nullptr)};
}

Answer Turn::Webhook(const WebhookPosted& post) {
  std::vector<Share> shares;
  for (const routing::Alert& alert : post.payload.alerts) {
    Assign(post, alert, shares);
  }
  const std::vector<Slot*> meeting = Meeting(shares);
  for (Share& share : shares) {
    Apply(*share.slot, std::move(share.event), &post.payload);
  }
  Introduce(meeting);
  return {};
}

Turn::Slot& Turn::Bear(const WebhookPosted& post, const routing::Alert& alert,
                       const routing::Route& route,
                       paging::GroupIdentity identity) {
  paging::Birth birth;
  birth.id = ids_.NextGroupId();
  birth.title = TitleOf(post.payload, alert);
  birth.summary = SummaryOf(alert);
  birth.severity = std::string(alert.labels.Get("severity"));
  birth.identity = std::move(identity);
  paging::Transition born =
      paging::Begin(std::move(birth), route, Sees(), now_);
  Slot& slot = Add(std::move(born.state));
  slot.changed = true;
  for (paging::Effect& effect : born.effects) {
    Keep(slot, std::move(effect), nullptr);
  }
  return slot;
}

paging::World Turn::Sees() const {
  return {.roster = settings_.roster,
          .tree = settings_.tree,
          .snapshots = snapshots_,
          .pointers = pointers_};
}

std::optional<paging::Refusal> Turn::Apply(Slot& slot,
                                           const paging::Event& event,
                                           const routing::Payload* payload) {
  paging::Transition next =
      paging::Apply(std::move(slot.group), event, Sees(), now_);
  slot.group = std::move(next.state);
  slot.changed |= next.changed;
  needs_.insert(next.needs.begin(), next.needs.end());
  for (paging::Effect& effect : next.effects) {
    Keep(slot, std::move(effect), payload);
  }
  return next.refusal;
}

void Turn::Keep(Slot& slot, paging::Effect effect,
                const routing::Payload* payload) {
  const auto* keep = std::get_if<paging::KeepContents>(&effect);
  if (keep != nullptr && payload != nullptr) {
    const auto alert =
        std::find_if(payload->alerts.begin(), payload->alerts.end(),
                     [keep](const routing::Alert& a) {
                       return a.fingerprint == keep->fingerprint;
                     });
    if (alert != payload->alerts.end() &&
        !paging::IsPlanted(paging::Planted::kContentsLost)) {
      slot.contents.push_back(*alert);
    }
  } else if (const auto* took = std::get_if<paging::KeepSnapshot>(&effect)) {
    if (snapshots_.emplace(took->snapshot->hash, took->snapshot).second) {
      taken_.push_back(took->snapshot);
    }
  } else if (const auto* move = std::get_if<paging::MovePointer>(&effect)) {
    pointers_[move->chain] = move->served;
    moved_.insert(move->chain);
  }
  slot.effects.push_back(std::move(effect));
}

GroupWrite Turn::WriteOf(Slot& slot) {
  GroupWrite write;
  for (const paging::Effect& effect : slot.effects) {
    if (const auto* record = std::get_if<paging::Record>(&effect)) {
      write.entries.push_back(record->entry);
    }
  }
  if (!slot.contents.empty()) {
    ++slot.group.contents_chunks;
    write.contents = std::move(slot.contents);
  }
  write.wake_at = WakeAt(slot.group);
  write.group = slot.group;
  return write;
}

Changes Turn::Finish(std::vector<Message> claimable, std::size_t room) {
  AdmitNew();
  Changes changes;
  changes.snapshots = taken_;
  changes.departures = std::move(new_departures_);
  for (const std::string& chain : moved_) {
    changes.pointers[chain] = pointers_.at(chain);
  }
  std::set<paging::NotificationId> over;  // closed, or put off, in this turn
  std::vector<Message> issued;
  for (auto& [id, slot] : slots_) {
    if (!slot.changed) continue;
    for (const paging::Effect& effect : slot.effects) {
      if (const auto* notify = std::get_if<paging::Notify>(&effect)) {
        issued.push_back(MessageOf(*notify, slot.group));
      } else if (const auto* retry = std::get_if<paging::RetryAt>(&effect)) {
        if (paging::IsPlanted(paging::Planted::kRetryLost)) continue;
        changes.retries.push_back(*retry);
        over.insert(retry->id);
      } else if (const auto* close = std::get_if<paging::Close>(&effect)) {
        changes.closed.push_back(close->id);
        if (paging::IsPlanted(paging::Planted::kClaimAfterClose)) continue;
        over.insert(close->id);
      }
    }
    changes.groups.push_back(WriteOf(slot));
  }
  Claim(std::move(claimable), std::move(issued), over, room, changes);
  return changes;
}

void Turn::Claim(std::vector<Message> claimable, std::vector<Message> issued,
                 const std::set<paging::NotificationId>& over, std::size_t room,
                 Changes& changes) {
  const auto is_over = [&over](const Message& m) {
    return over.contains(m.id);
  };
  std::erase_if(claimable, is_over);
  std::erase_if(issued, is_over);
  std::set<paging::NotificationId> waiting;
  for (const Message& message : claimable) waiting.insert(message.id);
  claimed_ = Bundled(std::move(claimable));
  for (const Message& message : issued) {
    if (!message.folded) claimed_.push_back(message);
  }
  std::stable_sort(claimed_.begin(), claimed_.end(), MoreUrgent);
  if (claimed_.size() > room) claimed_.resize(room);
  std::set<paging::NotificationId> claimed;
  for (const Message& message : claimed_) {
    for (const paging::NotificationId& id : IdsOf(message)) {
      claimed.insert(id);
      if (waiting.contains(id)) changes.claimed.push_back(id);
    }
  }
  for (Message& message : issued) {
    const bool taken = claimed.contains(message.id);
    const Instant due = message.issued_at;
    changes.inserts.push_back(
        {.message = std::move(message), .due = due, .claimed = taken});
  }
}

}  // namespace tocsin::engine
