#pragma once

#include <functional>

#include "base/result.h"
#include "engine/ports.h"
#include "metrics/metrics.h"
#include "paging/roster.h"

namespace tocsin::daemon {

// Shows every open group once, page by page, as the store has it. A group whose
// state changes meanwhile may be left out.
Status ForEachOpenGroup(
    engine::Reader& reader,
    const std::function<void(const paging::AlertGroup&)>& visit);

// Sets the metrics of open groups to what the store has before the engine
// starts to count what changes; also for teams that are not in the roster.
Status CountOpenGroups(const paging::Roster& roster, engine::Reader& reader,
                       metrics::Metrics& metrics);

}  // namespace tocsin::daemon
