#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "paging/calls.h"
#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// What each commit did to chains:
// - one under way stays what it was, whatever file is read;
// - a wait counts from the due time, or from now when we were down;
// - a new alert starts a used-up chain again;
// - a group that fires without a chain says why nobody is notified.
// And to policies: a message that failed for good starts the next method.
namespace tocsin::testing {

namespace {

using Kind = paging::TimelineKind;
using std::chrono::minutes;

bool Says(const engine::GroupWrite& write, std::initializer_list<Kind> kinds) {
  return std::any_of(write.entries.begin(), write.entries.end(),
                     [kinds](const paging::TimelineEntry& entry) {
                       return std::find(kinds.begin(), kinds.end(),
                                        entry.kind) != kinds.end();
                     });
}

bool SaysWhyNot(const engine::GroupWrite& write) {
  return std::any_of(write.entries.begin(), write.entries.end(),
                     [](const paging::TimelineEntry& entry) {
                       return entry.kind == Kind::kNotNotified &&
                              entry.text.find("nobody is notified") !=
                                  std::string::npos;
                     });
}

const paging::Escalation* ChainOf(const paging::AlertGroup* group) {
  if (group == nullptr) return nullptr;
  const auto* firing = std::get_if<paging::Firing>(&group->life);
  if (firing == nullptr || !firing->escalation) return nullptr;
  return &*firing->escalation;
}

bool FiresAlone(const paging::AlertGroup* group) {
  return group != nullptr &&
         std::holds_alternative<paging::Firing>(group->life) &&
         ChainOf(group) == nullptr;
}

// Where the run went from `from` to a wait, and did nothing before that one but
// to notify: the wait that it is in.
const paging::Wait* WaitBegun(const std::vector<paging::Step>& steps,
                              const paging::Escalation& from,
                              const paging::Escalation& to) {
  if (to.pause != paging::Pause::kWait || to.snapshot != from.snapshot ||
      to.next_step <= from.next_step) {
    return nullptr;
  }
  for (std::size_t i = from.next_step; i + 1 < to.next_step; ++i) {
    if (!std::holds_alternative<paging::NotifyUsers>(steps[i]) &&
        !std::holds_alternative<paging::NotifyTeam>(steps[i])) {
      return nullptr;
    }
  }
  return std::get_if<paging::Wait>(&steps[to.next_step - 1]);
}

class ChainsJudge final : public Property {
 public:
  void Committed(Story& story, const engine::Changes& changes) override {
    for (const engine::GroupWrite& write : changes.groups) Look(story, write);
  }

  std::vector<std::string> MustOccur() const override {
    return {"seen:wait_in_time", "seen:wait_late", "seen:wait_very_late",
            "seen:used_up_and_fired", "seen:next_method"};
  }

 private:
  static void Look(Story& story, const engine::GroupWrite& write) {
    const paging::AlertGroup* before = story.Before(write.group.id);
    if (FiresAlone(&write.group) && !FiresAlone(before) && !SaysWhyNot(write)) {
      story.Broken("a group fires without a chain and does not say why");
    }
    LookAtMethods(story, write, before);
    const paging::Escalation* from = ChainOf(before);
    const paging::Escalation* to = ChainOf(&write.group);
    if (from == nullptr || to == nullptr ||
        Says(write, {Kind::kUnacknowledged, Kind::kUnsilenced,
                     Kind::kUnresolved, Kind::kReopened})) {
      return;
    }
    if (Outermost(*from).snapshot != Outermost(*to).snapshot) {
      return story.Broken("a chain under way became another one");
    }
    if (from->finished) {
      if (!Says(write, {Kind::kAlertFired})) return;
      story.Count("seen:used_up_and_fired");
      if (to->finished) story.Broken("a used-up chain did not start again");
      return;
    }
    if (!Says(write, {Kind::kEscalated})) LookAtWait(story, write, *from, *to);
  }

  static void LookAtWait(Story& story, const engine::GroupWrite& write,
                         const paging::Escalation& from,
                         const paging::Escalation& to) {
    const auto snapshot = story.store.Snapshot(to.snapshot).value();
    const paging::Wait* wait = WaitBegun(snapshot->chain.steps, from, to);
    const Instant now = write.group.last_turn;
    if (wait == nullptr || from.due > now || to.skipped_wait) return;
    if (from.pause == paging::Pause::kForAlerts) return;  // it was not due
    const Duration late = now - from.due;
    const bool down = late > minutes(1);
    story.Count(late == Duration::zero() ? "seen:wait_in_time"
                : down                   ? "seen:wait_very_late"
                                         : "seen:wait_late");
    if (to.due != (down ? now : from.due) + wait->length) {
      story.Broken("a wait does not count from the right time");
    }
  }

  static void LookAtMethods(Story& story, const engine::GroupWrite& write,
                            const paging::AlertGroup* before) {
    if (before == nullptr ||
        !std::holds_alternative<paging::Firing>(write.group.life)) {
      return;
    }
    for (const paging::OpenNotification& open : before->open_notifications) {
      const std::string failed =
          "notification " +
          paging::NotificationIdText({write.group.id, open.sequence}) + " to ";
      if (std::none_of(write.entries.begin(), write.entries.end(),
                       [&](const paging::TimelineEntry& entry) {
                         return entry.kind == Kind::kNotificationFailed &&
                                entry.text.starts_with(failed);
                       })) {
        continue;
      }
      const paging::PersonalRun& run = write.group.runs[open.run];
      const paging::PersonalRun& was = before->runs[open.run];
      const bool another = run.policy != was.policy || run.why != was.why;
      if (run.stopped || another) continue;
      std::size_t next = open.step + 1;
      while (next < run.policy.size() &&
             std::holds_alternative<paging::Wait>(run.policy[next])) {
        ++next;
      }
      if (next == run.policy.size()) continue;
      story.Count("seen:next_method");
      if (run.next_step <= next && run.next_step != 0) {
        story.Broken("a dead line did not start the next method of " +
                     run.user);
      }
    }
  }
};

}  // namespace

std::unique_ptr<Property> Chains() { return std::make_unique<ChainsJudge>(); }

}  // namespace tocsin::testing
