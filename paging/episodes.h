#pragma once

#include <cstddef>

#include "paging/draft.h"

// The memory of a group for `if_alert_count`: when new episodes of its alerts
// came. Re-sends are none, and neither is a word that has the start that we
// know. It outlives the runs of a chain, so that what came while somebody had
// acknowledged counts when the chain starts again.
namespace tocsin::paging {

// From now on the group keeps what the conditions of this chain need; null, or
// a chain that counts nothing: none.
void KeepEpisodesFor(Draft& draft, const ChainSnapshot* snapshot);

// A new episode has come.
void CountEpisode(Draft& draft);

// How many came within that time, as far as they are kept.
std::size_t EpisodesWithin(const Draft& draft, Duration length);

}  // namespace tocsin::paging
