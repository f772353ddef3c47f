#include "paging/escalation.h"

#include <algorithm>
#include <utility>

#include "paging/personal.h"

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
constexpr Duration kStepAgainAfter = std::chrono::minutes(1);

std::string StepName(const Chain& chain, std::size_t step) {
  return "step " + std::to_string(step + 1) + " of chain " + chain.name;
}

std::string LateText(Duration late) {
  if (late <= kLateAfter) return "";
  return " (late by " + DescribeDuration(late) + ")";
}

// One step of a chain, at the moment it runs.
class StepRunner {
 public:
  StepRunner(Draft& draft, Escalation& escalation, const Chain& chain)
      : draft_(draft),
        escalation_(escalation),
        chain_(chain),
        step_(escalation.next_step) {}

  void operator()(const Wait& wait) {
    escalation_.due = draft_.Base(escalation_.due) + wait.length;
    escalation_.waiting = true;
    ++escalation_.next_step;
  }

  void operator()(const NotifyUsers& notify) {
    Begin("notify_users");
    bool anybody = false;
    const Importance importance =
        notify.importance.value_or(draft_.group.importance);
    for (const std::string& user : notify.users) {
      escalation_.notified.push_back(user);
      anybody |= StartRun(draft_, user, importance, StepName(chain_, step_));
    }
    if (!anybody) {
      draft_.Note(TimelineKind::kStepFailed,
                  StepName(chain_, step_) + " could notify nobody");
    }
    ++escalation_.next_step;
  }

  void operator()(const Repeat& repeat) {
    std::uint32_t& done = escalation_.repeated[step_];
    if (repeat.times && done >= *repeat.times) {
      ++escalation_.next_step;
      return;
    }
    ++done;
    Begin("repeat");
    escalation_.skipped_wait = false;
    escalation_.next_step = repeat.from;
  }

 private:
  // Records that the step runs; the people of the wait before are history.
  void Begin(std::string_view kind) {
    if (escalation_.waiting) {
      escalation_.waiting = false;
      escalation_.notified.clear();
    }
    escalation_.last_run[step_] = draft_.now;
    std::string text = StepName(chain_, step_) + " runs: " + Describe();
    text += LateText(draft_.now - escalation_.due);
    draft_.Note(TimelineKind::kStepRun, std::move(text), {}, kind);
    escalation_.due = draft_.Base(escalation_.due);
  }

  std::string Describe() const {
    const Step& step = chain_.steps[step_];
    if (const auto* notify = std::get_if<NotifyUsers>(&step)) {
      std::string text = "notify";
      for (std::size_t i = 0; i < notify->users.size(); ++i) {
        text += (i == 0 ? " " : ", ") + notify->users[i];
      }
      return text;
    }
    const auto& repeat = std::get<Repeat>(step);
    std::string text = "repeat from step " + std::to_string(repeat.from + 1);
    text += " (" + std::to_string(escalation_.repeated[step_]);
    if (repeat.times) text += " of " + std::to_string(*repeat.times);
    return text + ")";
  }

  Draft& draft_;
  Escalation& escalation_;
  const Chain& chain_;
  const std::size_t step_;
};

// Whether the step must not run yet since it just did; then it is due when it
// may.
bool HeldBack(Draft& draft, Escalation& escalation, const Step& step) {
  if (std::holds_alternative<Wait>(step)) return false;
  const std::optional<Instant>& last =
      escalation.last_run[escalation.next_step];
  if (!last || draft.now - *last >= kStepAgainAfter) return false;
  escalation.due = *last + kStepAgainAfter;
  return true;
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

const Chain* ChainOf(const AlertGroup& group, const SnapshotSet& snapshots) {
  const auto* firing = std::get_if<Firing>(&group.life);
  if (firing == nullptr || !firing->escalation) return nullptr;
  const auto it = snapshots.find(firing->escalation->snapshot);
  TOCSIN_CHECK(it != snapshots.end());
  return &it->second->chain;
}

void RunEscalation(Draft& draft) {
  const Chain* chain = ChainOf(draft.group, draft.world.snapshots);
  if (chain == nullptr) return;
  Escalation& escalation = *std::get<Firing>(draft.group.life).escalation;
  for (int n = 0; n < kMaxStepsATurn; ++n) {
    if (escalation.finished || escalation.due > draft.now) return;
    draft.changed = true;
    if (escalation.next_step >= chain->steps.size()) {
      escalation.finished = true;
      draft.Note(TimelineKind::kEscalationFinished,
                 "chain " + chain->name + " is used up, nobody acknowledged");
      return;
    }
    const Step& step = chain->steps[escalation.next_step];
    if (HeldBack(draft, escalation, step)) return;
    std::visit(StepRunner(draft, escalation, *chain), step);
  }
}

void RestartIfUsedUp(Draft& draft) {
  auto* firing = std::get_if<Firing>(&draft.group.life);
  if (firing == nullptr || !firing->escalation ||
      !firing->escalation->finished) {
    return;
  }
  const std::string& hash = firing->escalation->snapshot;
  const ChainSnapshot& snapshot = *draft.world.snapshots.at(hash);
  Escalation again = StartEscalation(snapshot, draft.now);
  again.last_run = std::move(firing->escalation->last_run);
  firing->escalation = std::move(again);
  draft.Note(TimelineKind::kStepRun,
             "chain " + snapshot.chain.name +
                 " starts again: it was used up and nobody acknowledged",
             {}, "restart");
}

void CutWaitIfNobodyHeard(Draft& draft) {
  const Chain* chain = ChainOf(draft.group, draft.world.snapshots);
  if (chain == nullptr) return;
  Escalation& escalation = *std::get<Firing>(draft.group.life).escalation;
  if (!escalation.waiting || escalation.skipped_wait || escalation.finished ||
      escalation.due <= draft.now || escalation.notified.empty()) {
    return;
  }
  const bool unheard = std::all_of(
      escalation.notified.begin(), escalation.notified.end(),
      [&](const std::string& user) { return UnheardOf(draft.group, user); });
  if (!unheard) return;
  escalation.skipped_wait = true;
  escalation.due = draft.now;
  draft.Note(TimelineKind::kStepRun,
             "the wait of chain " + chain->name +
                 " ends early: nobody notified since the last one could be "
                 "reached",
             {}, "wait_cut");
}

}  // namespace tocsin::paging
