#include "web/router.h"

#include <utility>

#include "base/log.h"
#include "web/problem.h"

namespace tocsin::web {
namespace {

// Cuts the next segment off `rest`, which starts behind a slash.
std::string_view NextSegment(std::string_view& rest) {
  const std::size_t slash = rest.find('/');
  const std::string_view segment = rest.substr(0, slash);
  rest.remove_prefix(slash == std::string_view::npos ? rest.size() : slash + 1);
  return segment;
}

std::string_view WithoutLastSlash(std::string_view path) {
  if (path.ends_with('/')) path.remove_suffix(1);
  return path;
}

bool Takes(const Route& route, std::string_view method) {
  return route.method == method || (route.method == "GET" && method == "HEAD");
}

std::string Allow(const std::vector<const Route*>& routes) {
  std::string methods;
  for (const Route* route : routes) {
    if (!methods.empty()) methods += ", ";
    methods += route->method == "GET" ? "GET, HEAD" : route->method;
  }
  return methods;
}

}  // namespace

std::optional<std::vector<std::string>> MatchPath(std::string_view pattern,
                                                  std::string_view path) {
  pattern = WithoutLastSlash(pattern);
  path = WithoutLastSlash(path);
  if (path.ends_with('/')) return std::nullopt;  // an empty segment
  std::vector<std::string> parameters;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view expected = NextSegment(pattern);
    const std::string_view found = NextSegment(path);
    if (expected.starts_with('<')) {
      if (found.empty()) return std::nullopt;
      parameters.emplace_back(found);
    } else if (expected != found) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

Router::Router(std::vector<Route> routes, const CurrentSettings& settings,
               std::shared_ptr<WorkerPool> pool)
    : routes_(std::move(routes)), settings_(settings), pool_(std::move(pool)) {}

void Router::Handle(Request request, Reply reply) const {
  std::vector<const Route*> same_path;
  for (const Route& route : routes_) {
    auto parameters = MatchPath(route.pattern, request.path);
    if (!parameters) continue;
    if (Takes(route, request.method)) {
      return Run(route, {.request = std::move(request),
                         .parameters = std::move(*parameters),
                         .actor = {},
                         .reply = std::move(reply)});
    }
    same_path.push_back(&route);
  }
  if (same_path.empty()) return reply.Send(ProblemFor(404, "Not found."));
  Response response = ProblemFor(
      405, "Method \"" + request.method.substr(0, 20) + "\" not allowed.");
  response.headers.emplace_back("Allow", Allow(same_path));
  reply.Send(std::move(response));
}

void Router::Run(const Route& route, Call call) const {
  if (route.role) {
    auto actor =
        settings_.Get()->credentials.Api(call.request.Header("Authorization"));
    if (!actor.ok()) return call.reply.Send(ProblemFor(actor.error()));
    const Status allowed = Require(actor.value(), *route.role);
    if (!allowed.ok()) return call.reply.Send(ProblemFor(allowed.error()));
    call.actor = std::move(actor).value();
  }
  if (route.where == Where::kTransport) return route.handler(call);
  const Reply reply = call.reply;
  // The route outlives the job: the pool stops before the router goes.
  const bool posted =
      pool_->Post([&route, held = std::make_shared<Call>(std::move(call))] {
        route.handler(*held);
      });
  if (!posted) reply.Send(ProblemFor(503, "Overloaded, send again."));
}

}  // namespace tocsin::web
