#pragma once

#include <functional>

#include "base/result.h"
#include "metrics/metrics.h"
#include "web/router.h"

// The paths that machines watch a daemon by, as with Prometheus.
namespace tocsin::web {

// GET /-/healthy: the process answers.
void Healthy(const Call& call);

// GET /-/ready: 200 if pages would go out, else 503 with the reason.
void Ready(const std::function<Status()>& ready, const Call& call);

// GET /metrics: text format 0.0.4.
void ShowMetrics(const metrics::Metrics& metrics, const Call& call);

}  // namespace tocsin::web
