#pragma once

#include <functional>
#include <vector>

#include "base/result.h"
#include "metrics/metrics.h"
#include "web/handlers/alert_groups.h"
#include "web/handlers/alertmanager.h"
#include "web/handlers/daemon_state.h"
#include "web/handlers/events.h"
#include "web/router.h"

namespace tocsin::web {

// What the routes lead to. All of it outlives them.
struct Handlers {
  AlertmanagerHandler& alertmanager;
  AlertGroupsHandler& alert_groups;
  EventsHandler& events;
  const metrics::Metrics& metrics;
  std::function<Readiness()> ready;
  Reload reload;
};

// The table of all paths.
std::vector<Route> MakeRoutes(const Handlers& handlers);

}  // namespace tocsin::web
