#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "metrics/metrics.h"
#include "web/router.h"

// The paths that machines watch a daemon by, as with Prometheus.
namespace tocsin::web {

// GET /-/healthy: the process answers.
void Healthy(const Call& call);

// GET /-/ready: 200 if pages would go out, else 503 with the reason.
void Ready(const std::function<Status()>& ready, const Call& call);

// Asks for a reload of the configuration. `done` is called once, on another
// thread, when the new one runs (with what is worth knowing of it, a line each)
// or was refused (with all that is wrong with it).
using Reload =
    std::function<void(std::function<void(const Result<std::string>&)> done)>;

// POST /-/reload: answers when it is done, 200, or 500 in Prometheus' words:
// "failed to reload config: ...".
void AskToReload(const Reload& reload, const Call& call);

// GET /metrics: text format 0.0.4.
void ShowMetrics(const metrics::Metrics& metrics, const Call& call);

}  // namespace tocsin::web
