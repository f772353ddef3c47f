#include "web/routes.h"

#include <utility>

namespace tocsin::web {

std::vector<Route> MakeRoutes(const Handlers& handlers) {
  auto& intake = handlers.alertmanager;
  auto& groups = handlers.alert_groups;
  const auto act = [&groups](Action action) {
    return [&groups, action](const Call& call) { groups.Act(action, call); };
  };
  return {
      {"POST", "/integrations/v1/alertmanager/<token>/", std::nullopt,
       Where::kTransport, [&intake](const Call& call) { intake.ByPath(call); }},
      {"POST", "/api/v1/webhooks/alertmanager/", std::nullopt,
       Where::kTransport,
       [&intake](const Call& call) { intake.ByHeader(call); }},

      {"GET", "/api/v1/alert_groups/", Role::kViewer, Where::kWorker,
       [&groups](const Call& call) { groups.List(call); }},
      {"GET", "/api/v1/alert_groups/<id>/", Role::kViewer, Where::kWorker,
       [&groups](const Call& call) { groups.Show(call); }},
      {"GET", "/api/v1/alert_groups/<id>/timeline/", Role::kViewer,
       Where::kWorker, [&groups](const Call& call) { groups.Timeline(call); }},
      {"POST", "/api/v1/alert_groups/<id>/acknowledge/", Role::kResponder,
       Where::kTransport, act(Action::kAcknowledge)},
      {"POST", "/api/v1/alert_groups/<id>/unacknowledge/", Role::kResponder,
       Where::kTransport, act(Action::kUnacknowledge)},
      {"POST", "/api/v1/alert_groups/<id>/resolve/", Role::kResponder,
       Where::kTransport, act(Action::kResolve)},
      {"POST", "/api/v1/alert_groups/<id>/unresolve/", Role::kResponder,
       Where::kTransport, act(Action::kUnresolve)},
      {"POST", "/api/v1/alert_groups/<id>/silence/", Role::kResponder,
       Where::kTransport, act(Action::kSilence)},
      {"POST", "/api/v1/alert_groups/<id>/unsilence/", Role::kResponder,
       Where::kTransport, act(Action::kUnsilence)},
      {"POST", "/api/v1/alert_groups/<id>/escalate/", Role::kResponder,
       Where::kTransport, act(Action::kEscalate)},

      {"GET", "/-/healthy", std::nullopt, Where::kTransport, Healthy},
      {"GET", "/-/ready", std::nullopt, Where::kWorker,
       [ready = handlers.ready](const Call& call) { Ready(ready, call); }},
      {"POST", "/-/reload", std::nullopt, Where::kTransport,
       [reload = handlers.reload](const Call& call) {
         AskToReload(reload, call);
       }},
      {"GET", "/metrics", std::nullopt, Where::kWorker,
       [&metrics = handlers.metrics](const Call& call) {
         ShowMetrics(metrics, call);
       }},
  };
}

}  // namespace tocsin::web
