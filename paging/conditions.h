#pragma once

#include <cstddef>
#include <string>

#include "base/time.h"
#include "base/zone.h"
#include "paging/roster.h"

// What the conditions of a chain ask.
namespace tocsin::paging {

// Whether the clock on a wall in `zone` shows a time of the condition. Times
// that span midnight belong to the weekday on which they begin.
bool IsBetween(const IfTimeBetween& condition, const Zone& zone, Instant at);

// The first instant after `at`, which is outside, at which the condition's
// times begin. What begins in an hour that the clocks leave out begins when
// they go on.
Instant NextBegin(const IfTimeBetween& condition, const Zone& zone, Instant at);

// "between 22:00 and 06:00 in Europe/Zurich, monday to friday"
std::string DescribeTimes(const IfTimeBetween& condition);

// "1 alert", "7 alerts"
std::string DescribeCount(std::size_t alerts);

}  // namespace tocsin::paging
