#pragma once

#include <string>

#include "engine/inbox.h"
#include "engine/ports.h"
#include "web/handlers/group_action.h"
#include "web/router.h"
#include "web/settings.h"

namespace tocsin::web {

// The resource alert_groups, in OnCall's fields, envelope and words, with more
// fields of ours. Reads come from the Reader; what a person asks is posted to
// the engine and answered after its commit. Thread-safe.
class AlertGroupsHandler {
 public:
  // All of them outlive the handler.
  AlertGroupsHandler(engine::Inbox& inbox, engine::Reader& reader,
                     const CurrentSettings& settings);

  // GET /api/v1/alert_groups/ ?state= ?team_id= ?page= ?perpage=
  Response List(const Call& call);
  // GET /api/v1/alert_groups/<id>/
  Response Show(const Call& call);
  // GET /api/v1/alert_groups/<id>/timeline/
  Response Timeline(const Call& call);
  // POST /api/v1/alert_groups/<id>/acknowledge/ and /resolve/
  void Act(Action action, const Call& call);

 private:
  engine::Inbox& inbox_;
  engine::Reader& reader_;
  const CurrentSettings& settings_;
};

}  // namespace tocsin::web
