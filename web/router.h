#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "metrics/metrics.h"
#include "web/auth.h"
#include "web/door.h"
#include "web/message.h"
#include "web/reply.h"
#include "web/settings.h"
#include "web/users.h"
#include "web/worker_pool.h"

namespace tocsin::web {

// A request that has found its route and passed its door.
struct Call {
  Request request;
  std::vector<std::string> parameters;  // what stood for <...> in the pattern
  Actor actor;                          // empty where the door asks no token
  Reply reply;
};
using Handler = std::function<void(const Call&)>;

// Where a handler runs: on the transport's thread, if it never waits, else on
// a worker.
enum class Where { kTransport, kWorker };

struct Route {
  std::string_view method;   // GET routes take HEAD as well
  std::string_view pattern;  // "/api/v1/alert_groups/<id>/"
  Door door;
  Where where = Where::kWorker;
  Handler handler;
};

// Finds the route of a request: 404 for a path that is none, 405 with Allow for
// a method it does not have, 401 and 403 where the door is shut, 503 when the
// workers or the doors are behind. A slash at the end of a path may be left
// out; there is never a redirect. Thread-safe.
class Router {
 public:
  // The references outlive the router; `users` stop before it goes.
  Router(std::vector<Route> routes, const CurrentSettings& settings,
         Users& users, std::shared_ptr<WorkerPool> pool,
         metrics::Metrics& metrics);

  // Judges a request whose body is still to come by its path, method and token:
  // what Handle would answer, if that is a refusal which is known at once.
  // Where users come in, the body must be small besides, and say its length:
  // 413 and 411.
  Admission Admit(const Request& head) const;

  // Vouches for a client with a token that may pass, or with a user's password.
  void Handle(Request request, Reply reply) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  // Where a request leads: to a route, or to a refusal for those who pass the
  // door.
  struct Found {
    Door door;
    const Route* route = nullptr;
    std::vector<std::string> parameters{};
    Response refusal{};  // where there is no route
  };

  Found Find(const Request& request) const;
  Result<Actor> ActorOf(const Request& head, const Door& door) const;
  void Refuse(const Door& door, const Request& request, Response response,
              const Reply& reply) const;
  void Pass(const Route& route, Call call) const;
  void Run(const Route& route, Call call) const;

  const std::vector<Route> routes_;
  const CurrentSettings& settings_;
  Users& users_;
  const std::shared_ptr<WorkerPool> pool_;  // shared with the listener
  metrics::Metrics& metrics_;
};

// The parts of `path` that stand for <...> in `pattern`; absent: no match.
std::optional<std::vector<std::string>> MatchPath(std::string_view pattern,
                                                  std::string_view path);

}  // namespace tocsin::web
