#pragma once

#include <cstddef>
#include <string>

#include "paging/draft.h"

// What each kind of step does at the moment it runs. When it runs is decided in
// escalation.h.
namespace tocsin::paging {

// Runs the escalation's next step, and moves on to the one that follows: by
// then the group may be resolved, and the escalation gone. `chain` is of the
// escalation's snapshot and has that step.
void RunStep(Draft& draft, Escalation& escalation, const Chain& chain);

// Whether the step is there to notify people.
bool IsForPeople(const Step& step);

// "step 3 of chain platform"; `step` counts from 0.
std::string StepName(const Chain& chain, std::size_t step);

}  // namespace tocsin::paging
