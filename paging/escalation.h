#pragma once

#include <cstddef>
#include <optional>

#include "paging/draft.h"

namespace tocsin::paging {

// A step does not run again sooner than this after its last run, whatever leads
// to it.
inline constexpr Duration kStepAgainAfter = std::chrono::minutes(1);

// A run of `snapshot` whose first step is due at `now`.
Escalation StartEscalation(const ChainSnapshot& snapshot, Instant now);

// Runs the steps of the group's chain that are due, up to the next wait, and
// those of the last resort's. Only firing groups escalate; for others it does
// nothing. At most 100 steps a call: what is left is due at once and runs in
// the next turn.
void RunEscalation(Draft& draft);

// Begins the chain anew when it is used up and something new fires: nobody has
// acknowledged, so nobody may be taken to be looking. Its steps still do not
// run twice within a minute.
void RestartIfUsedUp(Draft& draft);

// Ends the running wait when everybody notified since the last one has been
// failed to be reached (decision: one dead phone of ten wakes nobody higher up,
// but ten dead phones must not cost the wait). At most one wait a pass.
void CutWaitIfNobodyHeard(Draft& draft);

// Ends the running wait, of the last resort's chain if the group's own has
// none, since a person says so; `step` is the step behind it that they saw,
// from 1. Returns why not.
std::optional<Refusal> CutWait(Draft& draft,
                               const std::optional<std::size_t>& step);

// What must be known of a life's runs when a chain starts after it; `before` is
// known of earlier lives.
std::optional<LeftRun> LeftBy(const Firing& firing,
                              const std::optional<LeftRun>& before);

// Puts off what ran right before its chain was left: no step runs twice at
// once, in whichever chain.
void KeepApart(const LeftRun& left, Escalation& escalation);

}  // namespace tocsin::paging
