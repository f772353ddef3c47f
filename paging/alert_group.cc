#include "paging/alert_group.h"

#include <algorithm>

#include "paging/attention.h"
#include "paging/effect.h"
#include "paging/planted.h"

namespace tocsin::paging {

std::string NotificationIdText(NotificationId id) {
  return std::to_string(id.group.value()) + "-" + std::to_string(id.sequence);
}

const char* LifeName(const Life& life) {
  struct Names {
    const char* operator()(const Firing&) const { return "firing"; }
    const char* operator()(const Acknowledged&) const { return "acknowledged"; }
    const char* operator()(const Resolved&) const { return "resolved"; }
    const char* operator()(const Held&) const { return "held"; }
    const char* operator()(const Silenced&) const { return "silenced"; }
  };
  return std::visit(Names{}, life);
}

bool IsOpen(const AlertGroup& group) {
  return !std::holds_alternative<Resolved>(group.life);
}

std::vector<std::string> SnapshotsOf(const AlertGroup& group) {
  std::vector<std::string> hashes;
  if (const auto* firing = std::get_if<Firing>(&group.life)) {
    for (const auto* run : {&firing->escalation, &firing->last_resort}) {
      if (!*run) continue;
      for (const Caller& caller : (*run)->callers) {
        hashes.push_back(caller.snapshot);
      }
      hashes.push_back((*run)->snapshot);
    }
  }
  const auto* held = std::get_if<Held>(&group.life);
  if (held && !held->snapshot.empty()) hashes.push_back(held->snapshot);
  return hashes;
}

bool IsUnattended(const AlertGroup& group) {
  const auto* firing = std::get_if<Firing>(&group.life);
  return firing != nullptr && firing->unattended_since;
}

bool Hears(const AlertGroup& group) {
  const auto* resolved = std::get_if<Resolved>(&group.life);
  return resolved == nullptr || resolved->reopens_until ||
         resolved->holds_until;
}

std::size_t FiringAlerts(const AlertGroup& group) {
  return static_cast<std::size_t>(std::count_if(
      group.alerts.begin(), group.alerts.end(), [](const AlertState& alert) {
        return alert.status == routing::AlertStatus::kFiring;
      }));
}

std::optional<Instant> WakeAt(const AlertGroup& group) {
  std::optional<Instant> earliest;
  const auto consider = [&earliest](Instant due) {
    if (!earliest || due < *earliest) earliest = due;
  };
  if (const auto* firing = std::get_if<Firing>(&group.life)) {
    for (const auto* run : {&firing->escalation, &firing->last_resort}) {
      const bool waits =
          *run && !(*run)->finished && (*run)->pause != Pause::kForAlerts;
      if (waits && !IsPlanted(Planted::kLostWakeUp)) consider((*run)->due);
    }
    if (const auto at = UnattendedAt(*firing)) consider(*at);
  }
  if (const auto* held = std::get_if<Held>(&group.life)) {
    if (!IsPlanted(Planted::kLostLook)) consider(held->look_again);
  }
  if (const auto* resolved = std::get_if<Resolved>(&group.life)) {
    // One look is enough: whichever ends later.
    if (Hears(group)) {
      consider(std::max(resolved->reopens_until.value_or(resolved->at),
                        resolved->holds_until.value_or(resolved->at)));
    }
  }
  const auto* silenced = std::get_if<Silenced>(&group.life);
  if (silenced != nullptr && silenced->until &&
      !IsPlanted(Planted::kSilenceNeverEnds)) {
    consider(*silenced->until);
  }
  for (const PersonalRun& run : group.runs) {
    if (IsPlanted(Planted::kLostPolicyWakeUp)) continue;
    if (!run.stopped && run.next_step < run.policy.size()) consider(run.due);
  }
  for (const OpenNotification& open : group.open_notifications) {
    if (!open.failing_since) continue;
    if (!open.fell_back) consider(*open.failing_since + kFallBackAfter);
    if (!open.unreached) consider(*open.failing_since + kUnreachedAfter);
  }
  return earliest;
}

const char* TimelineKindName(TimelineKind kind) {
  switch (kind) {
    case TimelineKind::kGroupCreated:
      return "group_created";
    case TimelineKind::kAlertFired:
      return "alert_fired";
    case TimelineKind::kAlertResolved:
      return "alert_resolved";
    case TimelineKind::kSiblingsMet:
      return "siblings_met";
    case TimelineKind::kStepRun:
      return "step_run";
    case TimelineKind::kStepFailed:
      return "step_failed";
    case TimelineKind::kEscalationFinished:
      return "escalation_finished";
    case TimelineKind::kNotificationIssued:
      return "notification_issued";
    case TimelineKind::kNotificationDelivered:
      return "notification_delivered";
    case TimelineKind::kNotificationRetried:
      return "notification_retried";
    case TimelineKind::kNotificationFailed:
      return "notification_failed";
    case TimelineKind::kNotificationWithdrawn:
      return "notification_withdrawn";
    case TimelineKind::kNotNotified:
      return "not_notified";
    case TimelineKind::kAcknowledged:
      return "acknowledged";
    case TimelineKind::kResolved:
      return "resolved";
    case TimelineKind::kUnacknowledged:
      return "unacknowledged";
    case TimelineKind::kReopened:
      return "reopened";
    case TimelineKind::kUnresolved:
      return "unresolved";
    case TimelineKind::kSilenced:
      return "silenced";
    case TimelineKind::kUnsilenced:
      return "unsilenced";
    case TimelineKind::kEscalated:
      return "escalated";
    case TimelineKind::kUnattended:
      return "unattended";
    case TimelineKind::kHoldEnded:
      return "hold_ended";
    case TimelineKind::kIgnored:
      return "ignored";
  }
  return "ignored";
}

}  // namespace tocsin::paging
