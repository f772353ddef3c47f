#include "engine/bundle.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/check.h"
#include "engine/turn.h"

namespace tocsin::engine {

namespace {

// A new notification of this turn, and where it stands among its effects.
struct New {
  Turn::Slot* slot;
  std::size_t effect;
};

paging::Notify& NotifyAt(const New& fresh) {
  return std::get<paging::Notify>(fresh.slot->effects[fresh.effect]);
}

// Those that were not withdrawn in the same turn.
void Collect(Turn::Slot& slot, std::vector<New>& out) {
  for (std::size_t i = 0; i < slot.effects.size(); ++i) {
    const auto* notify = std::get_if<paging::Notify>(&slot.effects[i]);
    if (notify == nullptr) continue;
    const auto& open = slot.group.open_notifications;
    const bool stands =
        std::any_of(open.begin(), open.end(),
                    [notify](const paging::OpenNotification& known) {
                      return known.sequence == notify->id.sequence;
                    });
    if (stands) out.push_back({.slot = &slot, .effect = i});
  }
}

}  // namespace

paging::FoldKey FoldKeyOf(const Message& message) {
  return {.user = message.user,
          .method = message.method,
          .importance = message.importance};
}

std::vector<Message> Bundled(std::vector<Message> messages) {
  std::vector<Message> out;
  std::map<paging::FoldKey, std::size_t> heads;  // index into out
  for (Message& message : messages) {
    if (message.folded) {
      const auto [head, first] = heads.emplace(FoldKeyOf(message), out.size());
      if (!first) {
        out[head->second].bundled.push_back(std::move(message));
        continue;
      }
    }
    out.push_back(std::move(message));
  }
  return out;
}

std::vector<paging::NotificationId> IdsOf(const Message& message) {
  std::vector<paging::NotificationId> ids = {message.id};
  for (const Message& other : message.bundled) ids.push_back(other.id);
  return ids;
}

Message Rebundled(const Message& message,
                  const std::vector<paging::NotificationId>& standing) {
  std::vector<Message> left = message.bundled;
  left.insert(left.begin(), message);
  left.front().bundled.clear();
  std::erase_if(left, [&standing](const Message& member) {
    return std::find(standing.begin(), standing.end(), member.id) ==
           standing.end();
  });
  TOCSIN_CHECK(!left.empty());
  Message head = std::move(left.front());
  left.erase(left.begin());
  head.bundled = std::move(left);
  return head;
}

// In the order in which they would leave, so that the first message of a storm
// is its most urgent one.
void Turn::AdmitNew() {
  std::vector<New> fresh;
  for (auto& [id, slot] : slots_) Collect(slot, fresh);
  std::sort(fresh.begin(), fresh.end(), [](const New& a, const New& b) {
    const paging::Notify& first = NotifyAt(a);
    const paging::Notify& second = NotifyAt(b);
    return std::pair(first.priority, first.id) <
           std::pair(second.priority, second.id);
  });
  for (const New& one : fresh) Admit(*one.slot, one.effect);
}

void Turn::Admit(Slot& slot, std::size_t effect) {
  auto& notify = std::get<paging::Notify>(slot.effects[effect]);
  const paging::FoldKey key{.user = notify.user,
                            .method = notify.method,
                            .importance = notify.importance};
  const auto last = departures_.find(key);
  const auto admission = paging::Admit(
      last == departures_.end() ? std::nullopt : std::optional(last->second),
      notify.due, settings_.fold_within);
  departures_[key] = new_departures_[key] = admission.leaves_at;
  if (!admission.folded) return;
  notify.due = admission.leaves_at;
  notify.folded = true;
  slot.effects.emplace_back(
      paging::PutOff(slot.group, notify.id, admission, now_));
}

}  // namespace tocsin::engine
