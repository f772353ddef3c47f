#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/auth.h"
#include "web/message.h"
#include "web/reply.h"
#include "web/settings.h"
#include "web/worker_pool.h"

namespace tocsin::web {

// A request that has found its route and passed its door.
struct Call {
  Request request;
  std::vector<std::string> parameters;  // what stood for <...> in the pattern
  Actor actor;                          // empty where the route asks for none
  Reply reply;
};
using Handler = std::function<void(const Call&)>;

// Where a handler runs: on the transport's thread, if it never waits, else on
// a worker.
enum class Where { kTransport, kWorker };

struct Route {
  std::string_view method;   // GET routes take HEAD as well
  std::string_view pattern;  // "/api/v1/alert_groups/<id>/"
  std::optional<Role> role;  // absent: the handler looks at credentials itself
  Where where = Where::kWorker;
  Handler handler;
};

// Finds the route of a request: 404 for a path that is none, 405 with Allow for
// a method it does not have, 401 and 403 where a role is asked for, 503 when
// the workers are behind. A slash at the end of a path may be left out; there
// is never a redirect. Thread-safe.
class Router {
 public:
  // `settings` outlive the router.
  Router(std::vector<Route> routes, const CurrentSettings& settings,
         std::shared_ptr<WorkerPool> pool);

  void Handle(Request request, Reply reply) const;

  const std::vector<Route>& routes() const { return routes_; }

 private:
  void Run(const Route& route, Call call) const;

  const std::vector<Route> routes_;
  const CurrentSettings& settings_;
  const std::shared_ptr<WorkerPool> pool_;  // shared with the listener
};

// The parts of `path` that stand for <...> in `pattern`; absent: no match.
std::optional<std::vector<std::string>> MatchPath(std::string_view pattern,
                                                  std::string_view path);

}  // namespace tocsin::web
