#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "config/config.h"
#include "daemon/ctl/command.h"
#include "routing/route.h"

// What `routes show`, `routes test` and `simulate` share. None needs a daemon
// or the secrets of the configuration.
namespace tocsin::ctl {

// A file's routes as the daemon would build them.
struct LoadedRoutes {
  config::Config config;
  routing::Tree tree;
};

// Faults go to stderr, one a line; the Failure counts them.
std::variant<LoadedRoutes, Failure> LoadRoutes(const std::string& file);

// The instant that --at names, else now.
Result<Instant> AtOf(const Invocation& invocation);

// A failure where --source names none of the file.
Outcome CheckSource(const Invocation& invocation, const config::Config& config);

// One line of a drawn tree, and what hangs below it.
struct Branch {
  std::string text;
  std::vector<Branch> below;
};

// The tree in the characters that amtool draws with, its trunk "." first.
std::string Draw(const Branch& root);

// A node's matchers as amtool calls the node: "default-route" without any.
std::string NodeText(const routing::RouteSpec& node);

}  // namespace tocsin::ctl
