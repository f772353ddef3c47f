#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/config.h"
#include "engine/ports.h"
#include "routing/route.h"

// What a reload leaves behind: open groups that lean on something which is in
// the file no more. Nothing is lost by it: groups keep their chain, and are
// said to go on without what is gone. A person should still know.
namespace tocsin::daemon {

// What the old configuration has and the new one lacks. A name that became an
// alias is not gone.
struct Gone {
  std::set<std::string> sources;
  std::set<std::string> teams;
  std::set<std::string> users;
  std::set<std::string> routes;  // Route::identity

  bool empty() const {
    return sources.empty() && teams.empty() && users.empty() && routes.empty();
  }
};

Gone WhatIsGone(const config::Config& before, const routing::Tree& tree_before,
                const config::Config& after, const routing::Tree& tree_after);

// One sentence for each thing that is gone and that open groups lean on, with
// their number. Reads all open groups, page by page, and their chain snapshots.
Result<std::vector<std::string>> DescribeOrphans(const Gone& gone,
                                                 engine::Reader& reader);

}  // namespace tocsin::daemon
