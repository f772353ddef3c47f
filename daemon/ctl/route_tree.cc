#include "daemon/ctl/route_tree.h"

#include <cstdio>
#include <utility>

#include "config/load.h"
#include "daemon/build_tree.h"
#include "daemon/ctl/table.h"

namespace tocsin::ctl {
namespace {

// With no-break spaces, as amtool has them.
constexpr const char* kPast = "│\u00A0\u00A0 ";
constexpr const char* kBelowLast = "    ";

void DrawBelow(const Branch& branch, const std::string& margin,
               std::string& out) {
  for (std::size_t i = 0; i < branch.below.size(); ++i) {
    const bool last = i + 1 == branch.below.size();
    out += margin + (last ? "└── " : "├── ") + branch.below[i].text + "\n";
    DrawBelow(branch.below[i], margin + (last ? kBelowLast : kPast), out);
  }
}

}  // namespace

std::variant<LoadedRoutes, Failure> LoadRoutes(const std::string& file) {
  config::LoadResult loaded = config::Load(
      file, {.secrets = config::Secrets::kSkip, .wait_for_pipes = true});
  for (const config::Fault& fault : loaded.faults) {
    std::fprintf(stderr, "%s\n", config::FaultText(fault).c_str());
  }
  if (!loaded.config) {
    return Failure{ExitCode::kRefused,
                   file + " has " + Counted(loaded.faults.size(), "fault")};
  }
  auto tree = daemon::BuildTree(*loaded.config);
  if (!tree.ok()) {
    return Failure{ExitCode::kRefused, file + ": " + tree.error().message};
  }
  return LoadedRoutes{std::move(*loaded.config), std::move(tree).value()};
}

std::string Draw(const Branch& root) {
  std::string out = ".\n";
  DrawBelow({.text = "", .below = {root}}, "", out);
  return out;
}

std::string NodeText(const routing::RouteSpec& node) {
  if (node.matchers.empty()) return "default-route";
  return Printable(routing::MatchersText(node.matchers));
}

}  // namespace tocsin::ctl
