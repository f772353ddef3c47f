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

// Runs these stories on so many threads and adds up what happened. A story is
// the same on any thread, so the counts do not depend on their number. Stops
// early once far too much is broken.
SimResult RunSeeds(Seeds seeds, unsigned workers);

}  // namespace tocsin::testing
