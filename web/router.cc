#include "web/router.h"

#include <charconv>
#include <cstddef>
#include <system_error>
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

Response NotAllowed(const Request& request, std::string allow) {
  Response response = ProblemFor(
      405, "Method \"" + request.method.substr(0, 20) + "\" not allowed.");
  response.headers.emplace_back("Allow", std::move(allow));
  return response;
}

// What a stranger's request may bring where it cannot be told at once whether
// he is one: POST /-/reload has no body at all.
constexpr std::size_t kSmallBody = 4096;

// The refusal of a body at a door of users. It goes by the head alone, so it is
// the same whether the body has come or not.
std::optional<Response> RefuseBody(const Request& head) {
  if (!head.Header("Transfer-Encoding").empty()) {
    return ProblemFor(411, "A length is needed here.");
  }
  const std::string_view length = head.Header("Content-Length");
  if (length.empty()) return std::nullopt;
  std::size_t bytes = 0;
  const auto [end, fault] =
      std::from_chars(length.data(), length.data() + length.size(), bytes);
  if (fault == std::errc() && bytes <= kSmallBody) return std::nullopt;
  return ProblemFor(413, "No such body is taken here.");
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
               Users& users, std::shared_ptr<WorkerPool> pool,
               metrics::Metrics& metrics)
    : routes_(std::move(routes)),
      settings_(settings),
      users_(users),
      pool_(std::move(pool)),
      metrics_(metrics) {}

Router::Found Router::Find(const Request& request) const {
  if (request.path == "*") {  // OPTIONS of the server as a whole
    return {.door = Door::Own(),
            .refusal = NotAllowed(request, "GET, HEAD, POST")};
  }
  std::vector<const Route*> same_path;
  for (const Route& route : routes_) {
    auto parameters = MatchPath(route.pattern, request.path);
    if (!parameters) continue;
    if (Takes(route, request.method)) {
      return {.door = route.door,
              .route = &route,
              .parameters = std::move(*parameters)};
    }
    same_path.push_back(&route);
  }
  if (same_path.empty()) {
    return {.door = Door::Nowhere(request.path),
            .refusal = ProblemFor(404, "Not found.")};
  }
  return {.door = same_path.front()->door,
          .refusal = NotAllowed(request, Allow(same_path))};
}

Admission Router::Admit(const Request& head) const {
  const Found found = Find(head);
  bool known = false;
  switch (found.door.kind()) {
    case Door::Kind::kUsers: {
      if (auto refused = RefuseBody(head)) return {std::move(refused)};
      const auto verdict = users_.Known(head.Header("Authorization"));
      if (!verdict) return {};  // a password takes its time
      if (*verdict != Users::Verdict::kAllowed) return {RefusalFor(*verdict)};
      known = users_.Ask();
      break;
    }
    case Door::Kind::kToken: {
      if (found.route == nullptr) break;
      const auto actor = ActorOf(head, found.door);
      if (!actor.ok()) return {ProblemFor(actor.error())};
      known = true;
      break;
    }
    case Door::Kind::kOwn:
      break;
  }
  if (found.route == nullptr) return {found.refusal};
  return {.known = known};
}

void Router::Handle(Request request, Reply reply) const {
  Found found = Find(request);
  if (found.door.kind() == Door::Kind::kUsers) {
    if (auto refused = RefuseBody(request)) {
      return reply.Send(std::move(*refused));
    }
  }
  if (found.route == nullptr) {
    return Refuse(found.door, request, std::move(found.refusal), reply);
  }
  Pass(*found.route, {.request = std::move(request),
                      .parameters = std::move(found.parameters),
                      .actor = {},
                      .reply = std::move(reply)});
}

// Who a request at a door of tokens is, if it may pass.
Result<Actor> Router::ActorOf(const Request& head, const Door& door) const {
  auto actor = settings_.Get()->credentials.Api(head.Header("Authorization"));
  if (!actor.ok()) return actor;
  const Status allowed = Require(actor.value(), door.role());
  if (!allowed.ok()) return allowed.error();
  return actor;
}

// The refusal of a request that has no handler; at the doors of users only they
// are told so.
void Router::Refuse(const Door& door, const Request& request, Response response,
                    const Reply& reply) const {
  if (door.kind() != Door::Kind::kUsers) return reply.Send(std::move(response));
  users_.Enter(
      request.Header("Authorization"),
      [this, response = std::move(response), reply](Users::Verdict verdict) {
        const bool allowed = verdict == Users::Verdict::kAllowed;
        if (allowed && users_.Ask()) reply.Vouch();
        reply.Send(allowed ? response : RefusalFor(verdict));
      });
}

void Router::Pass(const Route& route, Call call) const {
  switch (route.door.kind()) {
    case Door::Kind::kOwn:
      return Run(route, std::move(call));
    case Door::Kind::kToken: {
      auto actor = ActorOf(call.request, route.door);
      if (!actor.ok()) return call.reply.Send(ProblemFor(actor.error()));
      call.actor = std::move(actor).value();
      call.reply.Vouch();
      return Run(route, std::move(call));
    }
    case Door::Kind::kUsers: {
      const auto held = std::make_shared<Call>(std::move(call));
      users_.Enter(held->request.Header("Authorization"),
                   [this, &route, held](Users::Verdict verdict) {
                     if (verdict == Users::Verdict::kAllowed) {
                       if (users_.Ask()) held->reply.Vouch();
                       return Run(route, std::move(*held));
                     }
                     held->reply.Send(RefusalFor(verdict));
                   });
    }
  }
}

void Router::Run(const Route& route, Call call) const {
  if (route.where == Where::kTransport) return route.handler(call);
  const Reply reply = call.reply;
  // The route outlives the job: the pool stops before the router goes.
  const bool posted =
      pool_->Post([&route, held = std::make_shared<Call>(std::move(call))] {
        route.handler(*held);
      });
  if (posted) return;
  metrics_.HttpRefused("waiting_reads");
  reply.Send(ProblemFor(503, "Overloaded, send again."));
}

}  // namespace tocsin::web
