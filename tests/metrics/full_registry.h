#pragma once

#include <string>

#include "metrics/metrics.h"

namespace tocsin::test {

inline metrics::Names SomeNames() {
  return {.sources = {"prometheus", "lab"},
          .teams = {"platform", "web"},
          .providers = {"console", "ntfy"}};
}

// The exposition of a daemon that runs: every family has a series.
inline std::string FullExposition() {
  metrics::Metrics metrics(SomeNames());
  metrics.BuildInfo("0.1.0");
  metrics.ConfigLoaded("00ff", 1'700'000'000);
  return metrics.Serialize();
}

}  // namespace tocsin::test
