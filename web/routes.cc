#include "web/routes.h"

#include <utility>

#include "web/representation.h"

namespace tocsin::web {
namespace {

// A handler that reads, and answers as the client likes it.
template <typename Read>
Handler Reading(Validator validator, Read read) {
  return [validator, read = std::move(read)](const Call& call) {
    call.reply.Send(Represent(call.request, read(call), validator));
  };
}

}  // namespace

std::vector<Route> MakeRoutes(const Handlers& handlers) {
  auto& intake = handlers.alertmanager;
  auto& groups = handlers.alert_groups;
  auto& events = handlers.events;
  const auto act = [&groups](Action action) {
    return [&groups, action](const Call& call) { groups.Act(action, call); };
  };
  return {
      {"POST", "/integrations/v1/alertmanager/<token>/", Door::Own(),
       Where::kTransport, [&intake](const Call& call) { intake.ByPath(call); }},
      {"POST", "/api/v1/webhooks/alertmanager/", Door::Own(), Where::kTransport,
       [&intake](const Call& call) { intake.ByHeader(call); }},

      {"GET", "/api/v1/alert_groups/", Door::Token(Role::kViewer),
       Where::kWorker,
       Reading(Validator::kEtag,
               [&groups](const Call& call) { return groups.List(call); })},
      {"GET", "/api/v1/alert_groups/<id>/", Door::Token(Role::kViewer),
       Where::kWorker,
       Reading(Validator::kEtag,
               [&groups](const Call& call) { return groups.Show(call); })},
      {"GET", "/api/v1/alert_groups/<id>/timeline/", Door::Token(Role::kViewer),
       Where::kWorker,
       Reading(Validator::kEtag,
               [&groups](const Call& call) { return groups.Timeline(call); })},
      {"POST", "/api/v1/alert_groups/<id>/acknowledge/",
       Door::Token(Role::kResponder), Where::kTransport,
       act(Action::kAcknowledge)},
      {"POST", "/api/v1/alert_groups/<id>/unacknowledge/",
       Door::Token(Role::kResponder), Where::kTransport,
       act(Action::kUnacknowledge)},
      {"POST", "/api/v1/alert_groups/<id>/resolve/",
       Door::Token(Role::kResponder), Where::kTransport, act(Action::kResolve)},
      {"POST", "/api/v1/alert_groups/<id>/unresolve/",
       Door::Token(Role::kResponder), Where::kTransport,
       act(Action::kUnresolve)},
      {"POST", "/api/v1/alert_groups/<id>/silence/",
       Door::Token(Role::kResponder), Where::kTransport, act(Action::kSilence)},
      {"POST", "/api/v1/alert_groups/<id>/unsilence/",
       Door::Token(Role::kResponder), Where::kTransport,
       act(Action::kUnsilence)},
      {"POST", "/api/v1/alert_groups/<id>/escalate/",
       Door::Token(Role::kResponder), Where::kTransport,
       act(Action::kEscalate)},
      {"GET", "/api/v1/events/", Door::Token(Role::kViewer), Where::kTransport,
       [&events](const Call& call) { events.Watch(call); }},
      {"GET", "/api/v1/intake/refusals/", Door::Token(Role::kViewer),
       Where::kWorker,
       Reading(Validator::kEtag,
               [&intake](const Call& call) { return intake.Refusals(call); })},

      {"GET", "/-/healthy", Door::Users(), Where::kTransport, Healthy},
      {"GET", "/-/ready", Door::Users(), Where::kTransport,
       [ready = handlers.ready](const Call& call) {
         call.reply.Send(Ready(ready()));
       }},
      {"POST", "/-/reload", Door::Users(), Where::kTransport,
       [reload = handlers.reload](const Call& call) {
         AskToReload(reload, call);
       }},
      {"GET", "/metrics", Door::Users(), Where::kWorker,
       Reading(Validator::kNone,
               [&metrics = handlers.metrics](const Call& /*call*/) {
                 return ShowMetrics(metrics);
               })},
  };
}

}  // namespace tocsin::web
