#include "paging/escalation.h"

#include <algorithm>
#include <utility>

#include "paging/calls.h"
#include "paging/conditions.h"
#include "paging/episodes.h"
#include "paging/personal.h"
#include "paging/planted.h"
#include "paging/steps.h"

// How a chain runs. `next_step` is the step to run and `due` is when. A wait
// does not block: running it sets `due` and moves on, so the step behind the
// wait is the one that becomes due. All other steps leave `due` alone, and run
// in one go until a wait puts `due` into the future.
//
// Three guards keep a chain from turning hot, whatever it says and whatever
// cuts its waits: a step does not run again within a minute of its last run, a
// pass skips at most one wait, and a turn runs at most a hundred steps.

namespace tocsin::paging {

namespace {

constexpr int kMaxStepsATurn = 100;

// The two escalations that a firing group may run beside each other.
using Which = std::optional<Escalation> Firing::*;
constexpr Which kBoth[] = {&Firing::escalation, &Firing::last_resort};

// The running one of a firing group; null where it is not there or used up.
Escalation* Running(AlertGroup& group, Which which) {
  auto* firing = std::get_if<Firing>(&group.life);
  if (firing == nullptr || !(firing->*which)) return nullptr;
  Escalation& escalation = *(firing->*which);
  return escalation.finished ? nullptr : &escalation;
}

// A planted fault: the chain goes on as the file has it now.
void RunTheFile(Draft& draft, Escalation& escalation) {
  const Chain& old = draft.Snapshot(escalation.snapshot).chain;
  const auto edited = draft.world.roster.chains.find(old.name);
  if (edited == draft.world.roster.chains.end() ||
      edited->second.steps.size() != old.steps.size()) {
    return;
  }
  escalation.snapshot = draft.Take(edited->second).hash;
}

bool IsPausing(const Escalation& escalation, Instant now) {
  return escalation.pause == Pause::kForAlerts ||
         (escalation.pause != Pause::kNone && escalation.due > now);
}

// Whether the step must not run yet since it just did; then it is due when it
// may.
bool HeldBack(Draft& draft, Escalation& escalation, const Step& step) {
  if (std::holds_alternative<Wait>(step)) return false;
  if (IsPlanted(Planted::kStepAgainAtOnce)) return false;
  const std::optional<Instant>& last =
      escalation.last_run[escalation.next_step];
  if (!last || draft.now - *last >= kStepAgainAfter) return false;
  escalation.due = *last + kStepAgainAfter;
  return true;
}

// A chain that waits for alerts goes on once enough of them came.
void NoticeAlerts(Draft& draft, Escalation& escalation, const Chain& chain) {
  if (escalation.pause != Pause::kForAlerts) return;
  const std::size_t step = escalation.next_step - 1;
  const auto& condition = std::get<IfAlertCount>(chain.steps.at(step));
  const std::size_t came = EpisodesWithin(draft, condition.within);
  if (came <= condition.more_than) return;
  escalation.pause = Pause::kUntilDue;
  escalation.due = draft.now;
  draft.Note(TimelineKind::kStepRun,
             StepName(chain, step) + " is fulfilled: " + DescribeCount(came) +
                 " within " + DescribeDuration(condition.within));
}

// Runs the step that is due; false where none is.
bool RunNext(Draft& draft, Which which) {
  Escalation* escalation = Running(draft.group, which);
  if (escalation == nullptr) return false;
  if (IsPlanted(Planted::kChainFromTheFile)) RunTheFile(draft, *escalation);
  const Chain& chain = draft.Snapshot(escalation->snapshot).chain;
  NoticeAlerts(draft, *escalation, chain);
  if (escalation->pause == Pause::kForAlerts || escalation->due > draft.now) {
    return false;
  }
  draft.changed = true;
  if (escalation->next_step >= chain.steps.size()) {
    if (Return(draft, *escalation)) return true;
    escalation->finished = true;
    draft.Note(TimelineKind::kEscalationFinished,
               "chain " + chain.name + " is used up, nobody acknowledged");
    return false;
  }
  const Step& step = chain.steps[escalation->next_step];
  if (HeldBack(draft, *escalation, step)) return false;
  RunStep(draft, *escalation, chain);
  return true;
}

void CutIfNobodyHeard(Draft& draft, Escalation& escalation) {
  if (escalation.pause != Pause::kWait || escalation.skipped_wait ||
      escalation.due <= draft.now) {
    return;
  }
  const std::vector<std::string>& notified = escalation.notified;
  if (!escalation.sought && notified.empty()) return;
  const bool unheard = std::all_of(
      notified.begin(), notified.end(),
      [&](const std::string& user) { return UnheardOf(draft, user); });
  if (!unheard) return;
  escalation.skipped_wait = true;
  escalation.due = draft.now;
  draft.Note(TimelineKind::kStepRun,
             "the wait of chain " +
                 draft.Snapshot(escalation.snapshot).chain.name +
                 " ends early: nobody notified since the last one could be "
                 "reached",
             {}, "wait_cut");
}

}  // namespace

Escalation StartEscalation(const ChainSnapshot& snapshot, Instant now) {
  const std::size_t steps = snapshot.chain.steps.size();
  Escalation escalation;
  escalation.snapshot = snapshot.hash;
  escalation.due = now;
  escalation.repeated.resize(steps);
  escalation.last_run.resize(steps);
  return escalation;
}

void RunEscalation(Draft& draft) {
  int left = kMaxStepsATurn;
  for (const Which which : kBoth) {
    while (left > 0 && RunNext(draft, which)) --left;
  }
}

void RestartIfUsedUp(Draft& draft) {
  auto* firing = std::get_if<Firing>(&draft.group.life);
  if (firing == nullptr || IsPlanted(Planted::kChainStaysUsedUp)) return;
  for (const Which which : kBoth) {
    std::optional<Escalation>& used_up = firing->*which;
    if (!used_up || !used_up->finished) continue;
    const ChainSnapshot& snapshot = draft.Snapshot(used_up->snapshot);
    Escalation again = StartEscalation(snapshot, draft.now);
    again.last_run = std::move(used_up->last_run);
    again.past_calls = std::move(used_up->past_calls);
    again.importance = used_up->importance;
    used_up = std::move(again);
    draft.Note(TimelineKind::kStepRun,
               "chain " + snapshot.chain.name +
                   " starts again: it was used up and nobody acknowledged",
               {}, "restart");
  }
}

void CutWaitIfNobodyHeard(Draft& draft) {
  for (const Which which : kBoth) {
    Escalation* escalation = Running(draft.group, which);
    if (escalation != nullptr) CutIfNobodyHeard(draft, *escalation);
  }
}

std::optional<Refusal> CutWait(Draft& draft,
                               const std::optional<std::size_t>& step) {
  for (const Which which : kBoth) {
    Escalation* escalation = Running(draft.group, which);
    if (escalation == nullptr || !IsPausing(*escalation, draft.now)) continue;
    if (step && *step != escalation->next_step + 1) return Refusal::kMoved;
    if (escalation->pause == Pause::kForAlerts) {
      escalation->pause = Pause::kUntilDue;
    }
    escalation->due = draft.now;
    draft.changed = true;
    return std::nullopt;
  }
  return Refusal::kNotWaiting;
}

std::optional<LeftRun> LeftBy(const Firing& firing,
                              const std::optional<LeftRun>& before) {
  const std::optional<Escalation>& latest =
      firing.escalation ? firing.escalation : firing.last_resort;
  if (!latest) return before;
  Caller own = Outermost(*latest);
  LeftRun left{.snapshot = std::move(own.snapshot),
               .last_run = std::move(own.last_run),
               .last_step = std::nullopt};
  if (before) left.last_step = before->last_step;
  for (const Which which : kBoth) {
    const std::optional<Escalation>& run = firing.*which;
    if (run) left.last_step = std::max(left.last_step, LastStep(*run));
  }
  return left;
}

// Of another chain it cannot be told which step that was, so the first one
// waits.
void KeepApart(const LeftRun& left, Escalation& escalation) {
  std::optional<Instant> known;  // by its step
  if (left.snapshot == escalation.snapshot) {
    escalation.last_run = left.last_run;
    known = LastStep(escalation);
  }
  if (left.last_step <= known) return;
  escalation.due = std::max(escalation.due, *left.last_step + kStepAgainAfter);
}

}  // namespace tocsin::paging
