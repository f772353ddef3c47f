#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/inbox.h"
#include "engine/ports.h"
#include "metrics/metrics.h"
#include "web/event_hub.h"
#include "web/handlers/daemon_state.h"
#include "web/limits.h"
#include "web/settings.h"

namespace tocsin::web {

struct ServerOptions {
  // "host:port", "[::]:9876", ":9876" (all addresses); port 0: any free one.
  std::vector<std::string> listen;
  Limits limits;
};

// What the server works with. References outlive the server.
struct Dependencies {
  engine::Inbox& inbox;
  engine::Reader& reader;
  EventHub& events;
  metrics::Metrics& metrics;
  const CurrentSettings& settings;
  // What /-/ready says. Called on threads of ours, at any time; must not wait.
  std::function<Readiness()> ready;
  // What POST /-/reload asks; must not block.
  Reload reload;
  // TLS, users and headers; nothing of it where it is left out.
  Entrance entrance{};
};

// The HTTP server: a Listener with the table of routes behind it. Webhooks and
// actions of people are answered after the engine's commit, reads run on a
// small pool; neither makes another connection wait.
class Server {
 public:
  // Listens on all addresses, or on none: kInvalid for an address that cannot
  // be understood, kUnavailable for one that cannot be bound; the sentence
  // names it. Signals should be blocked before: threads inherit the mask.
  static Result<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                               Dependencies dependencies);
  // Stops, if that was not done.
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // The ports listened on, in the order of `listen`.
  std::vector<std::uint16_t> ports() const;

  // Answers new requests 503 and closes, waits for those in flight up to
  // Limits::stopping (somebody must still drain the inbox), then closes all
  // connections and ends the threads. Idempotent; not on a thread of ours.
  void Stop();

 private:
  class Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::web
