#pragma once

#include <cstdint>

#include "tests/sim/report.h"

namespace tocsin::testing {

// The seeds from `first` on, this many.
struct Seeds {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
};

struct SimResult {
  SimReport report;
  std::uint64_t stories = 0;  // that were run
};

// Reads the time zones, before threads do: the library that keeps them is not
// built for the thread sanitizer, which would see a race in its first use.
void LoadZones();

// Runs these stories on so many threads and adds up what happened. A story is
// the same on any thread, so the counts do not depend on their number. Stops
// early once far too much is broken.
SimResult RunSeeds(Seeds seeds, unsigned workers);

}  // namespace tocsin::testing
