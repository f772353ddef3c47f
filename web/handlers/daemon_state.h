#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "metrics/metrics.h"
#include "web/router.h"

// The paths that machines watch a daemon by, as with Prometheus.
namespace tocsin::web {

// GET /-/healthy: the process answers.
void Healthy(const Call& call);

// Whether pages would go out now.
struct Readiness {
  std::vector<std::string> faults{};  // a sentence each; none: they would
  std::vector<std::string> notes{};   // worth knowing, and no fault
};

// GET /-/ready: 200 if pages would go out, else 503; what is wrong, and what is
// worth knowing, a line each.
Response Ready(const Readiness& readiness);

// Asks for a reload of the configuration. `done` is called once, on another
// thread, when the new one runs (with what is worth knowing of it, a line each)
// or was refused (with all that is wrong with it).
using Reload =
    std::function<void(std::function<void(const Result<std::string>&)> done)>;

// POST /-/reload: answers when it is done, 200, or 500 in Prometheus' words:
// "failed to reload config: ...".
void AskToReload(const Reload& reload, const Call& call);

// GET /metrics: text format 0.0.4.
Response ShowMetrics(const metrics::Metrics& metrics);

}  // namespace tocsin::web
