#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/inbox.h"
#include "metrics/metrics.h"
#include "web/auth.h"
#include "web/framing.h"
#include "web/intake_account.h"
#include "web/router.h"
#include "web/settings.h"

namespace tocsin::web {

// The door of Alertmanager's webhooks. What it answers is what Alertmanager
// acts on: 200 once the webhook is on disk; 503 when it is not, or when there
// is no room, as only 5xx is sent again at once; 400 and 413 for a body that
// will never do; 401 for an unknown token, also for one in the path, so that
// a path does not tell whether its token is nearly right. Never 3xx (it would
// follow with a GET and lose the page), never 429. Thread-safe.
class AlertmanagerHandler {
 public:
  AlertmanagerHandler(engine::Inbox& inbox, metrics::Metrics& metrics,
                      const CurrentSettings& settings);

  // POST /integrations/v1/alertmanager/<token>/
  void ByPath(const Call& call);
  // POST /api/v1/webhooks/alertmanager, Bearer or Basic
  void ByHeader(const Call& call);

  // Judges a webhook whose body is still to come: the refusal of one that would
  // be refused whatever its body is, and counts it. Others, also requests for
  // other doors, are let through.
  Admission Admit(const Request& head);

  // The connection refused a request by itself; counts it if it was meant for
  // this door.
  void Refused(const Request& head, const Refusal& refusal);

  // Counts a request that the router answers 404 or 405 though it was meant for
  // webhooks: any other than those of this door, of any method, in the folders
  // /integrations/ and /api/v1/webhooks/. To be told once of each.
  void Astray(const Request& head);

  // GET /api/v1/intake/refusals/: the newest ones, newest first
  Response Refusals(const Call& call) const;

 private:
  // Absent: the request is for another door.
  std::optional<WebhookOrigin> OriginOf(const Request& head) const;
  Result<std::string> SourceOf(const Request& head) const;
  void Take(const Result<std::string>& source, const Call& call,
            std::string_view pattern);
  void Post(const std::string& source, routing::Payload payload,
            const Call& call, WebhookOrigin origin);

  engine::Inbox& inbox_;
  const CurrentSettings& settings_;
  // Shared with posts that are under way, which may outlive the server.
  const std::shared_ptr<IntakeAccount> account_;
};

}  // namespace tocsin::web
