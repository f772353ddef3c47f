#pragma once

#include <vector>

#include "config/audience.h"
#include "config/config.h"
#include "config/reader.h"

namespace tocsin::config {

// Warns of nodes of the routing tree that no alert gets to, and of those that
// page nobody, wake nobody or discard everything without saying so. `places`
// are where the nodes stand, depth-first. Does nothing when there are faults
// already: what the tree would do is then not known.
void WarnOfQuietRoutes(const Config& config, const std::vector<Reader>& places,
                       const Audiences& audiences);

// Of sources whose default team has no way out that wakes somebody. Under the
// same condition.
void WarnOfQuietDefaultTeams(const Reader* sources, const Config& config);

}  // namespace tocsin::config
