#include "web/handlers/events.h"

#include <string>
#include <utility>

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

}  // namespace

EventsHandler::EventsHandler(EventHub& hub, const CurrentSettings& settings)
    : hub_(hub), settings_(settings) {}

void EventsHandler::Watch(const Call& call) {
  EventHub::Subscription subscription;
  subscription.last_id = call.request.Header("Last-Event-ID");
  const auto team = Query(call.request.query).Get("team");
  if (team && !team->empty()) {
    const auto settings = settings_.Get();
    const auto other = settings->team_aliases.find(*team);
    subscription.team =
        other == settings->team_aliases.end() ? *team : other->second;
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
