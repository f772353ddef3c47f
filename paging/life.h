#pragma once

#include <string>

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

// The group is over. `by` is a person, or "" for all else.
void Resolve(Draft& draft, const std::string& by, std::string text);

}  // namespace tocsin::paging
