#pragma once

#include "web/event_hub.h"
#include "web/router.h"
#include "web/settings.h"

namespace tocsin::web {

// What happens, while it happens. Thread-safe.
class EventsHandler {
 public:
  // Both outlive the handler; `settings` outlive the streams of `hub`.
  EventsHandler(EventHub& hub, const CurrentSettings& settings);

  // GET /api/v1/events/ ?team= (or team_id=), Last-Event-ID: a stream of
  // server-sent events, which ends when its token does. 400 for a team that
  // the running configuration does not know, and for any other parameter.
  void Watch(const Call& call);

 private:
  EventHub& hub_;
  const CurrentSettings& settings_;
};

}  // namespace tocsin::web
