#include "paging/escalation.h"

#include <algorithm>
#include <utility>

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

// Whether a step between the wait that runs and the one before it is there to
// notify people; `next_step` is behind the wait.
bool ShouldHaveNotified(const Chain& chain, std::size_t next_step) {
  for (std::size_t i = next_step - 1; i-- > 0;) {
    if (std::holds_alternative<Wait>(chain.steps[i])) return false;
    if (IsForPeople(chain.steps[i])) return true;
  }
  return false;
}

// When its latest step ran.
std::optional<Instant> LastRun(const Escalation& escalation) {
  std::optional<Instant> last;
  for (const auto& ran : escalation.last_run) last = std::max(last, ran);
  return last;
}

// Runs the step that is due; false where none is.
bool RunNext(Draft& draft, Which which) {
  Escalation* escalation = Running(draft.group, which);
  if (escalation == nullptr || escalation->due > draft.now) return false;
  draft.changed = true;
  if (IsPlanted(Planted::kChainFromTheFile)) RunTheFile(draft, *escalation);
  const Chain& chain = draft.Snapshot(escalation->snapshot).chain;
  if (escalation->next_step >= chain.steps.size()) {
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
  if (!escalation.waiting || escalation.skipped_wait ||
      escalation.due <= draft.now) {
    return;
  }
  const Chain& chain = draft.Snapshot(escalation.snapshot).chain;
  const std::vector<std::string>& notified = escalation.notified;
  if (notified.empty() && !ShouldHaveNotified(chain, escalation.next_step)) {
    return;
  }
  const bool unheard = std::all_of(
      notified.begin(), notified.end(),
      [&](const std::string& user) { return UnheardOf(draft, user); });
  if (!unheard) return;
  escalation.skipped_wait = true;
  escalation.due = draft.now;
  draft.Note(TimelineKind::kStepRun,
             "the wait of chain " + chain.name +
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
    if (escalation == nullptr || !escalation->waiting ||
        escalation->due <= draft.now) {
      continue;
    }
    if (step && *step != escalation->next_step + 1) return Refusal::kMoved;
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
  LeftRun left{.snapshot = latest->snapshot,
               .last_run = latest->last_run,
               .last_step = std::nullopt};
  if (before) left.last_step = before->last_step;
  for (const Which which : kBoth) {
    const std::optional<Escalation>& run = firing.*which;
    if (run) left.last_step = std::max(left.last_step, LastRun(*run));
  }
  return left;
}

// Of another chain it cannot be told which step that was, so the first one
// waits.
void KeepApart(const LeftRun& left, Escalation& escalation) {
  std::optional<Instant> known;  // by its step
  if (left.snapshot == escalation.snapshot) {
    escalation.last_run = left.last_run;
    known = LastRun(escalation);
  }
  if (left.last_step <= known) return;
  escalation.due = std::max(escalation.due, *left.last_step + kStepAgainAfter);
}

}  // namespace tocsin::paging
