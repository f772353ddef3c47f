#include "paging/personal.h"

#include <algorithm>
#include <utility>

#include "paging/planted.h"

namespace tocsin::paging {

namespace {

bool HasOpenNotification(const AlertGroup& group, std::size_t run) {
  return std::any_of(
      group.open_notifications.begin(), group.open_notifications.end(),
      [run](const OpenNotification& open) { return open.run == run; });
}

bool UnderWay(const AlertGroup& group, std::size_t index) {
  const PersonalRun& run = group.runs[index];
  return !run.stopped && (run.next_step < run.policy.size() ||
                          HasOpenNotification(group, index));
}

// The first notify step at or after `step`; the policy's size where none is.
std::size_t NextNotifyStep(const Policy& policy, std::size_t step) {
  while (step < policy.size() &&
         !std::holds_alternative<NotifyMethod>(policy[step])) {
    ++step;
  }
  return step;
}

// The message sent by `step` will not get through in time: whatever waits
// behind it is cut and the next notify step is due now, unless the policy is
// already past it.
void FallBack(Draft& draft, std::size_t index, std::size_t step) {
  PersonalRun& run = draft.group.runs[index];
  const std::size_t next = NextNotifyStep(run.policy, step + 1);
  if (run.stopped || run.next_step > next) return;
  run.next_step = next;
  run.due = draft.now;
  draft.changed = true;
}

// The run of this person, perhaps under another name of theirs.
std::optional<std::size_t> FindRun(const Draft& draft, std::string_view user) {
  const std::vector<PersonalRun>& runs = draft.group.runs;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    if (draft.world.roster.SamePerson(runs[i].user, user)) return i;
  }
  return std::nullopt;
}

bool HasMethod(const User& user, const std::string& method) {
  return std::find(user.contact_methods.begin(), user.contact_methods.end(),
                   method) != user.contact_methods.end();
}

void Issue(Draft& draft, std::size_t index, const User& user,
           const std::string& method) {
  AlertGroup& group = draft.group;
  const PersonalRun& run = group.runs[index];
  if (!IsPlanted(Planted::kIdReused) || run.next_step == 0) {
    ++group.last_sequence;
  }
  const NotificationId id{group.id, group.last_sequence};
  group.open_notifications.push_back({.sequence = id.sequence,
                                      .run = index,
                                      .step = run.next_step,
                                      .issued_at = draft.now,
                                      .failing_since = std::nullopt,
                                      .attempts = 0,
                                      .fell_back = false,
                                      .unreached = false});
  draft.effects.push_back(
      Notify{.id = id,
             .priority = run.next_step == NextNotifyStep(run.policy, 0)
                             ? Priority::kFirstPage
                             : Priority::kLaterPage,
             .user = user.name,
             .method = method,
             .importance = run.importance,
             .why = run.why,
             .due = draft.now});
  draft.Note(TimelineKind::kNotificationIssued,
             "notify " + StoredName(run.user, user.name) + " by " + method +
                 " (" + ImportanceName(run.importance) + "), notification " +
                 NotificationIdText(id));
}

// Runs the step that is due. Its user may have left the file, or lost the
// method, since the run began.
void RunPolicyStep(Draft& draft, std::size_t index) {
  PersonalRun& run = draft.group.runs[index];
  if (const auto* wait = std::get_if<Wait>(&run.policy[run.next_step])) {
    run.due = draft.Base(run.due) + wait->length;
    ++run.next_step;
    return;
  }
  const std::string& method =
      std::get<NotifyMethod>(run.policy[run.next_step]).method;
  const User* user = draft.world.roster.FindUser(run.user);
  if (user == nullptr) {
    run.stopped = true;
    draft.NotNotified("user_removed",
                      run.user + " is no longer in the configuration");
    return;
  }
  run.due = draft.Base(run.due);
  if (HasMethod(*user, method)) {
    Issue(draft, index, *user, method);
    ++draft.group.runs[index].next_step;
    return;
  }
  draft.NotNotified("contact_method_missing",
                    run.user + " has no contact method " + method);
  FallBack(draft, index, run.next_step);
}

std::vector<OpenNotification>::iterator FindOpen(AlertGroup& group,
                                                 std::uint32_t sequence) {
  return std::find_if(group.open_notifications.begin(),
                      group.open_notifications.end(),
                      [sequence](const OpenNotification& open) {
                        return open.sequence == sequence;
                      });
}

// An outcome of what was withdrawn or is over: it was already on its way. Its
// row went with the commit that withdrew it.
void TakeOvertaken(Draft& draft, std::uint32_t sequence, bool delivered) {
  const NotificationId id{draft.group.id, sequence};
  const bool known = sequence >= 1 && sequence <= draft.group.last_sequence;
  draft.Note(TimelineKind::kIgnored,
             "notification " + NotificationIdText(id) +
                 (known ? " was already being sent when it was withdrawn; it "
                        : " was never issued; it ") +
                 (delivered ? "arrived" : "did not arrive"),
             {}, delivered ? "overtaken" : "");
}

// Whether the run ended, or has failed for so long, without a message that
// arrived.
bool Unheard(const AlertGroup& group, std::size_t index) {
  const PersonalRun& run = group.runs[index];
  if (run.delivered) return false;
  // Steps still to come may reach them, unless they only wait.
  if (!run.stopped &&
      NextNotifyStep(run.policy, run.next_step) < run.policy.size()) {
    return false;
  }
  return std::all_of(group.open_notifications.begin(),
                     group.open_notifications.end(),
                     [index](const OpenNotification& open) {
                       return open.run != index || open.unreached;
                     });
}

}  // namespace

bool StartRun(Draft& draft, std::string_view user, Importance importance,
              const std::string& why) {
  const User* found = draft.world.roster.FindUser(user);
  if (found == nullptr) {
    draft.NotNotified("user_removed",
                      std::string(user) + " is no longer in the configuration");
    return false;
  }
  const std::string& name = found->name;
  const Policy& policy = found->policy(importance);
  if (NextNotifyStep(policy, 0) == policy.size()) {
    draft.NotNotified("user_without_policy",
                      name + " has no " + ImportanceName(importance) +
                          " notification policy that notifies");
    return false;
  }
  std::optional<std::size_t> index = FindRun(draft, user);
  if (index && UnderWay(draft.group, *index)) {
    if (IsPlanted(Planted::kNotNotifiedUnsaid)) return true;
    draft.NotNotified("run_under_way", name + " is already being notified");
    return true;
  }
  if (!index) {
    index = draft.group.runs.size();
    draft.group.runs.emplace_back();
  }
  draft.group.runs[*index] = PersonalRun{.user = name,
                                         .importance = importance,
                                         .policy = policy,
                                         .why = why,
                                         .next_step = 0,
                                         .due = draft.now};
  draft.changed = true;
  return true;
}

void NoticeLastingFailures(Draft& draft) {
  for (OpenNotification& open : draft.group.open_notifications) {
    if (!open.failing_since) continue;
    const Duration lasts = draft.now - *open.failing_since;
    if (!open.fell_back && lasts >= kFallBackAfter) {
      open.fell_back = true;
      draft.changed = true;
      FallBack(draft, open.run, open.step);
    }
    if (!open.unreached && lasts >= kUnreachedAfter) {
      open.unreached = true;
      draft.changed = true;
    }
  }
}

void RunPolicies(Draft& draft) {
  for (std::size_t i = 0; i < draft.group.runs.size(); ++i) {
    const auto runnable = [&draft, i] {
      const PersonalRun& run = draft.group.runs[i];
      return !run.stopped && run.next_step < run.policy.size() &&
             run.due <= draft.now;
    };
    while (runnable()) {
      RunPolicyStep(draft, i);
      draft.changed = true;
    }
  }
}

void TakeDelivered(Draft& draft, const NotificationDelivered& event) {
  AlertGroup& group = draft.group;
  const NotificationId id{group.id, event.sequence};
  const auto open = FindOpen(group, event.sequence);
  if (open == group.open_notifications.end()) {
    TakeOvertaken(draft, event.sequence, true);
    return;
  }
  draft.effects.push_back(Close{.id = id, .outcome = Outcome::kDelivered});
  PersonalRun& run = group.runs[open->run];
  run.delivered = true;
  if (!group.first_delivered_at) group.first_delivered_at = draft.now;
  draft.Note(TimelineKind::kNotificationDelivered,
             "notification " + NotificationIdText(id) + " reached " + run.user +
                 " (" + event.detail + ")");
  if (IsPlanted(Planted::kOutcomeTwice)) return;
  group.open_notifications.erase(open);
}

void TakeFailed(Draft& draft, const NotificationFailed& event) {
  AlertGroup& group = draft.group;
  const NotificationId id{group.id, event.sequence};
  const auto open = FindOpen(group, event.sequence);
  if (open == group.open_notifications.end()) {
    TakeOvertaken(draft, event.sequence, false);
    return;
  }
  const std::size_t run = open->run;
  const std::size_t step = open->step;
  const std::string what = "notification " + NotificationIdText(id) + " to " +
                           group.runs[run].user + " failed: " + event.reason;
  ++open->attempts;
  if (!event.retry_at) {
    group.open_notifications.erase(open);
    draft.effects.push_back(Close{.id = id, .outcome = Outcome::kFailed});
    draft.Note(TimelineKind::kNotificationFailed, what);
    if (!IsPlanted(Planted::kNoOtherMethod)) FallBack(draft, run, step);
    return;
  }
  if (!open->failing_since) open->failing_since = open->issued_at;
  const Duration wait = std::max(Duration::zero(), *event.retry_at - draft.now);
  draft.effects.push_back(RetryAt{.id = id, .due = *event.retry_at});
  draft.Note(TimelineKind::kNotificationRetried,
             what + "; attempt " + std::to_string(open->attempts + 1) + " in " +
                 DescribeDuration(wait));
}

void StopRuns(Draft& draft, std::string_view reason) {
  AlertGroup& group = draft.group;
  for (const OpenNotification& open : group.open_notifications) {
    const NotificationId id{group.id, open.sequence};
    if (!IsPlanted(Planted::kRetryAfterQuiet) || open.attempts == 0) {
      draft.effects.push_back(Close{.id = id, .outcome = Outcome::kWithdrawn});
    }
    draft.Note(TimelineKind::kNotificationWithdrawn,
               "notification " + NotificationIdText(id) + " to " +
                   group.runs[open.run].user +
                   " is withdrawn: " + std::string(reason),
               {}, reason);
  }
  group.open_notifications.clear();
  for (PersonalRun& run : group.runs) run.stopped = true;
}

bool UnheardOf(const Draft& draft, std::string_view user) {
  const std::optional<std::size_t> index = FindRun(draft, user);
  return !index || Unheard(draft.group, *index);
}

bool AnybodyMayHear(const AlertGroup& group) {
  for (std::size_t i = 0; i < group.runs.size(); ++i) {
    if (!group.runs[i].stopped && !Unheard(group, i)) return true;
  }
  return false;
}

}  // namespace tocsin::paging
