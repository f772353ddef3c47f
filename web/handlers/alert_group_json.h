#pragma once

#include <boost/json/object.hpp>
#include <string_view>

#include "engine/ports.h"
#include "paging/effect.h"

// The wire form of alert groups. Private to handlers/.
namespace tocsin::web {

// OnCall's fields, then ours: team, source, receiver, severity, importance,
// summary, and per group the numbers of its alerts.
boost::json::object ToJson(const paging::AlertGroup& group,
                           std::string_view external_url);

// The same with `alerts` and OnCall's `last_alert`.
boost::json::object ToJson(const engine::GroupView& view,
                           std::string_view external_url);

boost::json::object ToJson(const paging::TimelineEntry& entry);

}  // namespace tocsin::web
