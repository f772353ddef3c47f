#include "tests/sim/judge.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <variant>

#include "tests/sim/simulator.h"
#include "tests/sim/watch.h"

namespace tocsin::testing {

namespace {

using std::chrono::hours;

// What the timeline says where the files differ, or people are not notified.
const char* const kWordsThatMustOccur[] = {"(now robert)",
                                           "eva is no longer in",
                                           "team web is no longer in",
                                           "team web has no members",
                                           "notify team crew",
                                           "does not run notify_schedule",
                                           "resolved by step",
                                           "is not muted any more",
                                           "is gone from the configuration",
                                           "nobody is notified of it: the",
                                           "outside of day",
                                           "outside of noon",
                                           "within noon",
                                           "the route takes heartbeats",
                                           "the route discards",
                                           "there are only chat channels"};

}  // namespace

Judge::Judge(ModelStore& store, std::function<void(const std::string&)> count,
             std::function<void(const std::string&)> broken)
    : store_(store), count_(std::move(count)), broken_(std::move(broken)) {}

void Judge::BetweenTurns(Instant now, const engine::Settings& file) {
  for (const auto& [id, group] : store_.groups()) {
    if (group.timeline_length != store_.Timeline(id).value().size()) {
      broken_("timeline of group " + std::to_string(id.value()) +
              " has another length than it says");
    }
    if (std::holds_alternative<paging::Held>(group.life))
      CheckHeld(group, now, file);
    const auto* firing = std::get_if<paging::Firing>(&group.life);
    if (firing == nullptr) {
      if (!group.open_notifications.empty()) {
        broken_("a quiet group has open notifications");
      }
      continue;
    }
    if (firing->escalation && !firing->escalation->finished && !WakeAt(group)) {
      broken_("a firing group sleeps for ever");
    }
  }
}

void Judge::CheckHeld(const paging::AlertGroup& group, Instant now,
                      const engine::Settings& file) {
  const std::optional<Instant> next = store_.NextDue().value();
  if (next && *next <= now) return;  // delivery had no room
  count_("seen:held");
  const routing::Route* route = RouteOf(file, group);
  if (route == nullptr || !routing::MutedBecause(*route, now)) {
    broken_("group " + std::to_string(group.id.value()) +
            " is held though its route pages");
  }
  const std::optional<Instant> wake = WakeAt(group);
  if (!wake || *wake > now + hours(24)) {
    broken_("a held group sleeps for more than a day");
  }
  const bool notified =
      std::any_of(group.runs.begin(), group.runs.end(),
                  [](const paging::PersonalRun& run) { return !run.stopped; });
  if (notified || !group.open_notifications.empty()) {
    broken_("somebody is notified of a held group");
  }
}

void Judge::AtTheEnd(const Words& words) {
  JudgeWords(words);
  for (const auto& [id, group] : store_.groups()) {
    JudgeNotifications(id, group);
    const auto* firing = std::get_if<paging::Firing>(&group.life);
    if (firing != nullptr && firing->escalation &&
        !firing->escalation->finished) {
      broken_("two quiet days did not use up a chain");
    }
    for (const paging::PersonalRun& run : group.runs) {
      if (!run.stopped && run.next_step < run.policy.size()) {
        broken_("two quiet days did not use up the policy of " + run.user);
      }
    }
  }
}

void Judge::NewEpisode(const Key& key, const Word& word,
                       const engine::Settings& file) {
  if (!word.firing) return;
  const routing::LabelSet labels = LabelsOf(key);
  const std::uint64_t fingerprint = routing::Fingerprint(labels);
  for (const routing::Route* route :
       file.tree.Decide(labels, {.source = "am", .receiver = "tocsin"})) {
    const auto has = [&](const auto& entry) {
      const paging::AlertGroup& group = entry.second;
      const paging::Team* team = file.roster.FindTeam(group.identity.team);
      return team != nullptr && team->name == route->team &&
             std::any_of(group.alerts.begin(), group.alerts.end(),
                         [&](const paging::AlertState& alert) {
                           return alert.fingerprint == fingerprint &&
                                  alert.starts_at == word.starts_at &&
                                  alert.status == routing::AlertStatus::kFiring;
                         });
    };
    count_("seen:new_episode");
    if (std::none_of(store_.groups().begin(), store_.groups().end(), has)) {
      broken_("team " + route->team + " was not told of " + key.first);
    }
  }
}

void Judge::JudgeWords(const Words& words) {
  for (const auto& [key, word] : words) {
    if (!word.accepted) continue;
    const std::uint64_t fingerprint = routing::Fingerprint(LabelsOf(key));
    // To the group that heard of it last, or to any that is open.
    bool newest = !word.firing;  // agrees
    bool any_open = false;
    Instant last_seen;
    for (const auto& [id, group] : store_.groups()) {
      for (const paging::AlertState& alert : group.alerts) {
        if (alert.fingerprint != fingerprint) continue;
        const bool fires = alert.status == routing::AlertStatus::kFiring;
        // That it is over does not concern a group that is over.
        const bool agrees =
            fires == word.firing || (!word.firing && !IsOpen(group));
        any_open |= agrees && IsOpen(group);
        if (alert.last_seen < last_seen) continue;
        newest = agrees || (newest && alert.last_seen == last_seen);
        last_seen = alert.last_seen;
      }
    }
    const bool told = newest || any_open;
    if (!told) broken_("the source's last word on " + key.first + " is lost");
  }
}

void Judge::JudgeNotifications(paging::AlertGroupId id,
                               const paging::AlertGroup& group) {
  std::int64_t issued = 0;
  std::int64_t ended = 0;
  for (const paging::TimelineEntry& entry : store_.Timeline(id).value()) {
    count_(std::string("timeline:") + TimelineKindName(entry.kind));
    if (entry.text.find("bob is no longer in") != std::string::npos) {
      broken_("somebody with a new name is taken to be gone");
    }
    for (const char* words : kWordsThatMustOccur) {
      if (entry.text.find(words) != std::string::npos) {
        count_(std::string("text:") + words);
      }
    }
    switch (entry.kind) {
      case paging::TimelineKind::kNotificationIssued:
        ++issued;
        break;
      case paging::TimelineKind::kNotificationDelivered:
      case paging::TimelineKind::kNotificationFailed:
      case paging::TimelineKind::kNotificationWithdrawn:
        ++ended;
        break;
      default:
        break;
    }
  }
  if (issued != group.last_sequence || ended != issued) {
    broken_("group " + std::to_string(id.value()) + " issued " +
            std::to_string(issued) + " notifications and ended " +
            std::to_string(ended));
  }
}

const char* EventName(const paging::Event& event) {
  struct Names {
    const char* operator()(const paging::AlertsReceived&) { return "alerts"; }
    const char* operator()(const paging::TimerFired&) { return "timer"; }
    const char* operator()(const paging::AcknowledgeRequested&) {
      return "acknowledge";
    }
    const char* operator()(const paging::ResolveRequested&) {
      return "resolve";
    }
    const char* operator()(const paging::UnacknowledgeRequested&) {
      return "unacknowledge";
    }
    const char* operator()(const paging::UnresolveRequested&) {
      return "unresolve";
    }
    const char* operator()(const paging::SilenceRequested&) {
      return "silence";
    }
    const char* operator()(const paging::UnsilenceRequested&) {
      return "unsilence";
    }
    const char* operator()(const paging::EscalateRequested&) {
      return "escalate";
    }
    const char* operator()(const paging::NotificationDelivered&) {
      return "delivered";
    }
    const char* operator()(const paging::NotificationFailed& failed) {
      return failed.retry_at ? "failed_temporary" : "failed_permanent";
    }
  };
  return std::visit(Names{}, event);
}

std::vector<std::string> KindsThatMustOccur() {
  std::vector<std::string> kinds = {"event:alerts",
                                    "event:acknowledge",
                                    "event:resolve",
                                    "event:unacknowledge",
                                    "event:unresolve",
                                    "event:silence",
                                    "event:unsilence",
                                    "event:escalate",
                                    "event:delivered",
                                    "event:failed_temporary",
                                    "event:failed_permanent",
                                    "fault:before_write",
                                    "fault:after_write",
                                    "fault:conflict",
                                    "fault:crash",
                                    "fault:lost_outcome",
                                    "fault:downtime",
                                    "post:duplicate",
                                    "post:twice_in_a_turn",
                                    "post:flap_in_a_turn",
                                    "post:several_alerts",
                                    "commit:several_births",
                                    "reload:between_turns",
                                    "reload:in_a_turn",
                                    "reload:at_a_start",
                                    "life:born>firing",
                                    "life:born>held",
                                    "life:held>firing",
                                    "life:held>acknowledged",
                                    "life:held>resolved",
                                    "life:held>silenced",
                                    "life:firing>silenced",
                                    "life:acknowledged>firing",
                                    "life:acknowledged>silenced",
                                    "life:silenced>acknowledged",
                                    "life:silenced>firing",
                                    "life:resolved>firing",
                                    "life:resolved>held",
                                    "seen:held",
                                    "seen:new_episode",
                                    "resolved_by_step",
                                    "answer:refused",
                                    "send:sent",
                                    "send:not_permitted",
                                    "timeline:group_created",
                                    "timeline:alert_fired",
                                    "timeline:alert_resolved",
                                    "timeline:step_run",
                                    "timeline:escalation_finished",
                                    "timeline:notification_issued",
                                    "timeline:notification_delivered",
                                    "timeline:notification_retried",
                                    "timeline:notification_failed",
                                    "timeline:notification_withdrawn",
                                    "timeline:not_notified",
                                    "timeline:acknowledged",
                                    "timeline:unacknowledged",
                                    "timeline:resolved",
                                    "timeline:unresolved",
                                    "timeline:reopened",
                                    "timeline:silenced",
                                    "timeline:unsilenced",
                                    "timeline:escalated",
                                    "timeline:hold_ended",
                                    "timeline:step_failed",
                                    "timeline:ignored"};
  for (const char* words : kWordsThatMustOccur) {
    kinds.push_back(std::string("text:") + words);
  }
  return kinds;
}

}  // namespace tocsin::testing
