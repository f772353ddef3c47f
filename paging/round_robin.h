#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "paging/roster.h"

// Whose turn it is in the lists of `notify_round_robin`. A chain has one
// pointer, over all groups that run it: who has had a turn, the latest last. So
// the next of a list is the one who has waited longest, also when the list was
// edited, and in a chain with several lists.
namespace tocsin::paging {

using Served = std::vector<std::string>;
using Pointers = std::map<std::string, Served, std::less<>>;  // by chain

// A pointer remembers no more people than this.
inline constexpr std::size_t kMaxServed = 1000;

// The people of the list in the order in which their turns come; who never had
// one comes before the others, in the order of the list.
std::vector<std::string> InTurn(const std::vector<std::string>& list,
                                const Served& served, const Roster& roster);

// The pointer after a turn of `user`. Who has left the roster is forgotten.
Served AfterTurnOf(std::string_view user, const Served& served,
                   const Roster& roster);

}  // namespace tocsin::paging
