#pragma once

#include <optional>
#include <vector>

#include "config/reader.h"
#include "routing/intervals.h"

// Times of day and days of the week, wherever the file has them; private to
// config/. What is wrong is reported and left out.
namespace tocsin::config {

// "09:00" to "23:59", in minutes of the day; "24:00" only where a day may end.
std::optional<int> ReadMinute(const Reader& at);
std::optional<int> ReadEndMinute(const Reader& at);

// A list of {start_time, end_time}, the end after the start.
std::vector<routing::Range> ReadTimes(const Reader& list);

// A list of "monday" or "monday:friday".
std::vector<routing::Range> ReadWeekdays(const Reader& list);

// A list whose items each become a range by one of the parsers of
// routing/intervals.h.
std::vector<routing::Range> ReadRanges(
    const Reader& list, Result<routing::Range> (*parse)(std::string_view));

}  // namespace tocsin::config
