// What a committed turn means in metrics.
#include <chrono>

#include "engine/engine.h"
#include "engine/turn.h"

namespace tocsin::engine {

namespace {

double Seconds(Duration length) {
  return std::chrono::duration<double>(length).count();
}

const char* OutcomeName(paging::Outcome outcome) {
  switch (outcome) {
    case paging::Outcome::kDelivered:
      return "delivered";
    case paging::Outcome::kFailed:
      return "failed";
    case paging::Outcome::kWithdrawn:
      return "withdrawn";
  }
  return "failed";
}

void CountRecord(const paging::Record& record, metrics::Metrics& metrics) {
  switch (record.entry.kind) {
    case paging::TimelineKind::kStepRun:
      if (!record.word.empty()) metrics.StepRun(record.word);
      return;
    case paging::TimelineKind::kStepFailed:
      metrics.StepFailed(record.word);
      return;
    case paging::TimelineKind::kNotNotified:
    case paging::TimelineKind::kNotificationWithdrawn:
      metrics.Suppressed(record.word);
      return;
    case paging::TimelineKind::kIgnored:
      if (record.word == "overtaken") metrics.NotificationOvertaken();
      return;
    default:  // the other kinds are records only, no metric counts them
      return;
  }
}

void CountState(const Turn::Slot& slot, metrics::Metrics& metrics) {
  const std::string& team = slot.group.identity.team;
  const std::string state = LifeName(slot.group.life);
  if (slot.state_before.empty()) {
    metrics.GroupBorn(team, ImportanceName(slot.group.importance));
  }
  const bool unattended = IsUnattended(slot.group);
  if (unattended != slot.unattended_before) {
    metrics.Unattended(team, unattended ? +1 : -1);
  }
  if (state == slot.state_before) return;
  if (!slot.state_before.empty() && slot.state_before != "resolved") {
    metrics.OpenGroups(team, slot.state_before, -1);
  }
  if (state != "resolved") metrics.OpenGroups(team, state, +1);
}

}  // namespace

void Engine::Account(const Turn& turn) {
  for (const auto& [id, slot] : turn.slots()) {
    if (!slot.changed) continue;
    CountState(slot, metrics_);
    if (slot.was_due) metrics_.TimerLate(Seconds(turn.now() - *slot.was_due));
    if (!slot.heard_before && slot.group.first_delivered_at) {
      metrics_.FirstNotification(
          Seconds(*slot.group.first_delivered_at - slot.group.created_at));
    }
    for (const paging::Effect& effect : slot.effects) {
      if (const auto* record = std::get_if<paging::Record>(&effect)) {
        CountRecord(*record, metrics_);
      } else if (const auto* close = std::get_if<paging::Close>(&effect)) {
        metrics_.NotificationEnded(slot.group.identity.team,
                                   OutcomeName(close->outcome));
      }
    }
  }
}

}  // namespace tocsin::engine
