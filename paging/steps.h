#pragma once

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

}  // namespace tocsin::paging
