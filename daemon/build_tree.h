#pragma once

#include "base/result.h"
#include "config/config.h"
#include "routing/route.h"

namespace tocsin::daemon {

// The routing tree of a configuration, the same for the daemon and for the
// commands that show and try it.
inline Result<routing::Tree> BuildTree(const config::Config& config) {
  routing::TreeOptions options{.intervals = config.time_intervals,
                               .default_teams = {}};
  for (const config::Source& source : config.sources) {
    if (!source.default_team.empty()) {
      options.default_teams[source.name] = source.default_team;
    }
  }
  return routing::Tree::Build(config.route, options);
}

}  // namespace tocsin::daemon
