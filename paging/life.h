#pragma once

#include <string>
#include <string_view>

#include "paging/draft.h"
#include "routing/route.h"

// How a group begins, is held, and ends.
namespace tocsin::paging {

// The life of a newborn: its chain starts, or it is held, or nobody is notified
// and the timeline says why.
void StartLife(Draft& draft, const routing::Route& route);

// Looks at a held group before `event`. It begins to fire when its route pages,
// and in doubt: when the route is gone, or sends to another team now. Then the
// chain chosen at birth runs, else the one that the running configuration
// chooses. A timer plans the next look anew, whenever it was due: the intervals
// may be others.
void LookIfHeld(Draft& draft, const Event& event);

// Ends a silence whose time is over: the group fires.
void EndSilenceIfOver(Draft& draft);

// A resolved group stops listening to its source once its times are over.
void ForgetIfOver(Draft& draft);

// A resolved group fires again, since alerts of it do; held, where its route is
// muted by now.
void Reopen(Draft& draft);

// Leaves firing, or another state, for one in which nobody is notified: runs
// end, and what is not yet sent is withdrawn since `reason`.
void GoQuiet(Draft& draft, std::string_view reason, Life life);

// The group fires (again), with the chain that the running configuration
// chooses, from its first step. One that was born muted and never fired is held
// on, if its route is still muted.
void Restart(Draft& draft);

// The group is over. `by` is a person, or "" for all else.
void Resolve(Draft& draft, const std::string& by, std::string text);

}  // namespace tocsin::paging
