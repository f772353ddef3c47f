#include "daemon/web_limits.h"

#include <sys/resource.h>

#include <algorithm>

#include "base/log.h"

namespace tocsin::daemon {
namespace {

// The transport's descriptor of a connection, and ours.
constexpr std::size_t kFilesEach = 2;

// For the database, sends under way, and connections that the transport has
// accepted or not yet let go of while the cap is reached: accept() must never
// run out of descriptors, or its thread spins.
constexpr std::size_t kReserve = 512;

// Fewer than this and a flood of strangers is felt.
constexpr std::size_t kEnough = 1024;

// All bodies under way together may be this many of the largest size.
constexpr std::size_t kBodiesAtOnce = 8;

}  // namespace

std::size_t FileLimit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return kReserve;
  return limit.rlim_cur;
}

web::Limits MakeWebLimits(const Options& options, std::size_t files) {
  web::Limits limits;
  limits.connections = options.max_connections.value_or(limits.connections);
  limits.body_bytes = options.max_request_bytes.value_or(limits.body_bytes);
  limits.buffered_bytes =
      std::max(limits.buffered_bytes, kBodiesAtOnce * limits.body_bytes);
  const std::size_t reserve = std::min(kReserve, files / 2);
  const std::size_t fitting =
      std::max<std::size_t>((files - reserve) / kFilesEach, 1);
  if (limits.connections <= fitting) return limits;
  limits.connections = fitting;
  if (fitting < kEnough) {
    log::Warn("few connections fit into the limit of open files",
              {{"connections", fitting}, {"files", files}});
  }
  return limits;
}

}  // namespace tocsin::daemon
