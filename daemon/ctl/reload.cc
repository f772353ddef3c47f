#include <cstdio>

#include "daemon/ctl/client.h"

namespace tocsin::ctl {

// Waits until the new configuration runs. Its warnings, and what it leaves
// behind, go to stdout; the faults of a refused one to stderr.
Outcome Reload(const Invocation& invocation) {
  const auto answer = Client(invocation).Reload();
  if (const auto* failure = std::get_if<Failure>(&answer)) return *failure;
  std::fputs(std::get<std::string>(answer).c_str(), stdout);
  std::puts("reloaded");
  return std::nullopt;
}

}  // namespace tocsin::ctl
