#include <cstdio>

#include "config/load.h"
#include "daemon/ctl/command.h"

namespace tocsin::ctl {
namespace {

std::string Counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

}  // namespace

// Works without a daemon. Warnings go to stdout, faults to stderr.
Outcome CheckConfig(const Invocation& invocation) {
  const std::string& file = invocation.arguments.front();
  const config::LoadResult loaded = config::Load(file);
  for (const config::Fault& warning : loaded.warnings) {
    std::printf("%s (warning)\n", config::FaultText(warning).c_str());
  }
  for (const config::Fault& fault : loaded.faults) {
    std::fprintf(stderr, "%s\n", config::FaultText(fault).c_str());
  }
  if (!loaded.config) {
    return Failure{ExitCode::kRefused,
                   file + " has " + Counted(loaded.faults.size(), "fault")};
  }
  const config::Config& config = *loaded.config;
  std::printf("%s is good: %s, %s, %s, %s\n", file.c_str(),
              Counted(config.roster.teams.size(), "team").c_str(),
              Counted(config.roster.users.size(), "user").c_str(),
              Counted(config.roster.chains.size(), "chain").c_str(),
              Counted(loaded.warnings.size(), "warning").c_str());
  return std::nullopt;
}

}  // namespace tocsin::ctl
