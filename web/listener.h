#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "web/guard.h"
#include "web/limits.h"
#include "web/traffic.h"
#include "web/worker_pool.h"

namespace tocsin::web {

// Sockets and framing without any idea of paths: hands complete requests to an
// Application. The Server is a Listener with routes behind it; benchmarks and
// tests put other things there.
class Listener {
 public:
  // Listens on all addresses, or on none. `pool` goes on with pipelined
  // requests and large bodies; it must be stopped after the listener. All
  // addresses have the same entrance.
  static Result<std::unique_ptr<Listener>> Start(
      const std::vector<std::string>& addresses, const Limits& limits,
      Application application, std::shared_ptr<WorkerPool> pool,
      const Entrance& entrance = {});
  // Stops, if that was not done.
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  std::vector<std::uint16_t> ports() const;

  // As Server::Stop says. Idempotent.
  void Stop();

 private:
  explicit Listener(std::shared_ptr<Traffic> traffic);

  std::shared_ptr<Traffic> traffic_;  // shared with connections
  std::vector<std::unique_ptr<Guard>> guards_;
  bool stopped_ = false;
};

}  // namespace tocsin::web
