#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "paging/draft.h"

// How a chain calls that of another team's way out, and goes on when the other
// is used up: `escalate_to_team`.
namespace tocsin::paging {

// So deep a chain may be called by another. The loader refuses circles; this is
// the end of one that it did not see.
inline constexpr std::size_t kMaxCallers = 8;

// Lets the way out of the step's team run before the next step: by the snapshot
// that runs, or by the roster where an older program took that. Returns why no
// chain runs.
std::optional<std::string> Call(Draft& draft, Escalation& escalation,
                                const EscalateToTeam& step);

// Where the chain that is used up was called: back to the one that called it.
// Returns whether it was.
bool Return(Draft& draft, Escalation& escalation);

// When a step of the run ran last, of the chain that runs or of another.
std::optional<Instant> LastStep(const Escalation& escalation);

// The group's own chain: where it stands, whichever runs now.
Caller Outermost(const Escalation& escalation);

}  // namespace tocsin::paging
