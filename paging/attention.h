#pragma once

#include <optional>
#include <string>

#include "paging/draft.h"

// Somebody always hears of a group that fires. Where nobody does, or nobody
// acts, the group is unattended: it is counted as such, and the last resort is
// paged within it, beside whatever its own chain does.
namespace tocsin::paging {

// After a chain that ends without a wait, people get this long to answer. One
// that ends with a wait has said how long.
inline constexpr Duration kTimeToAnswer = std::chrono::minutes(5);

// When the group is unattended if nobody acts: its chain is used up. Absent:
// not by time alone.
std::optional<Instant> UnattendedAt(const Firing& firing);

// Looks whether a firing group with a chain has become unattended: the chain
// has ended and nobody acknowledged, or nobody could be reached and the chain
// has nobody new to offer. Once a life: whoever acts ends that life.
void LookIfAttended(Draft& draft);

// The firing group is unattended `because` of something that has just been
// found. Pages the last resort.
void LeaveUnattended(Draft& draft, const std::string& because);

}  // namespace tocsin::paging
