#include "daemon/ctl/route_tree.h"

#include <cstdio>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "config/fault.h"
#include "config/load.h"
#include "config/suggest.h"
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

Result<Instant> AtOf(const Invocation& invocation) {
  if (!invocation.at) return SystemClock().Now();
  Result<Instant> asked = ParseRfc3339(*invocation.at);
  if (!asked.ok()) {
    return Error{Code::kInvalid, "--at: " + asked.error().message};
  }
  return asked;
}

Outcome CheckSource(const Invocation& invocation,
                    const config::Config& config) {
  if (invocation.source.empty()) return std::nullopt;
  std::vector<std::string_view> known;
  for (const config::Source& source : config.sources) {
    if (source.name == invocation.source) return std::nullopt;
    known.push_back(source.name);
  }
  return Failure{ExitCode::kUsage,
                 "--source: no source is named " +
                     config::Quoted(invocation.source) +
                     config::DidYouMean(invocation.source, known)};
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
