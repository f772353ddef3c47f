#include "web/handlers/events.h"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/utf8.h"
#include "web/problem.h"
#include "web/query.h"

namespace tocsin::web {
namespace {

// Proxies hold back what they think is a page; nginx is told by its own header.
Response StreamHead() {
  return {
      .body = "retry: 2000\n\n",
      .content_type = "text/event-stream",
      .headers = {{"Cache-Control", "no-store"}, {"X-Accel-Buffering", "no"}}};
}

// The name that a fault is told under: a client's own if it is one, as what is
// not UTF-8 must not come back.
std::string_view FieldOf(const std::string& name) {
  return IsValidUtf8(name) ? std::string_view(name) : "parameters";
}

// The team asked for, by the name it has now ("" for all), or what is wrong
// with the parameters: who watches for what never comes would take that for
// calm.
std::variant<std::string, Response> ParseTeam(const Query& query,
                                              const Settings& settings) {
  std::string team;
  for (const auto& [name, value] : query.parameters()) {
    if (name != "team" && name != "team_id") {
      return FieldProblem(FieldOf(name),
                          "Unknown parameter: there is only team, or team_id.");
    }
    if (value.empty()) continue;
    const auto other = settings.team_aliases.find(value);
    const std::string& now =
        other == settings.team_aliases.end() ? value : other->second;
    if (!settings.teams.contains(now)) {
      return FieldProblem(name, "There is no team of that name.");
    }
    if (!team.empty() && team != now) {
      return FieldProblem(name, "Only one team can be asked for.");
    }
    team = now;
  }
  return team;
}

}  // namespace

EventsHandler::EventsHandler(EventHub& hub, const CurrentSettings& settings)
    : hub_(hub), settings_(settings) {}

void EventsHandler::Watch(const Call& call) {
  EventHub::Subscription subscription;
  subscription.last_id = call.request.Header("Last-Event-ID");
  auto team = ParseTeam(Query(call.request.query), *settings_.Get());
  if (auto* problem = std::get_if<Response>(&team)) {
    return call.reply.Send(std::move(*problem));
  }
  if (auto& name = std::get<std::string>(team); !name.empty()) {
    subscription.team = std::move(name);
  }
  subscription.allowed =
      [&settings = settings_,
       authorization = std::string(call.request.Header("Authorization"))] {
        const auto actor = settings.Get()->credentials.Api(authorization);
        return actor.ok() && Require(actor.value(), Role::kViewer).ok();
      };
  const bool joined = hub_.Join(std::move(subscription), [&reply = call.reply] {
    return reply.Stream(StreamHead());
  });
  if (!joined) {
    call.reply.Send(ProblemFor(503, "Too many watch already, ask later."));
  }
}

}  // namespace tocsin::web
