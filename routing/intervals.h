#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "base/zone.h"

// Alertmanager's time intervals: when a route pages and when it does not.
// Pure. Source: prometheus/alertmanager timeinterval/timeinterval.go.
namespace tocsin::routing {

// From `first` to `last`. Which of the two is still inside: see the field.
struct Range {
  int first = 0;
  int last = 0;
  bool operator==(const Range&) const = default;
};

// One entry of a named interval. All fields that are there must hold; of a
// field's ranges, one must. A field without ranges never holds.
struct TimeInterval {
  std::optional<std::vector<Range>> minutes;   // of the day; `last` is outside
  std::optional<std::vector<Range>> weekdays;  // 0 is Sunday; both inside
  // 1 to 31, or -1 (the last day of the month) to -31; both inside.
  std::optional<std::vector<Range>> days_of_month;
  std::optional<std::vector<Range>> months;  // 1 to 12; both inside
  std::optional<std::vector<Range>> years;   // both inside
  std::optional<Zone> zone;                  // absent: UTC

  bool Contains(Instant at) const;
};

// By name; each name stands for all of its entries, of which one must hold.
// The entries are shared with the routes that name them.
using Intervals =
    std::map<std::string, std::shared_ptr<const std::vector<TimeInterval>>,
             std::less<>>;

// The texts of the file. Errors are kInvalid with one sentence.
// "09:00" and "17:00"; "24:00" ends a day; the end comes after the start.
Result<Range> ParseTimes(std::string_view start, std::string_view end);
// "monday", "monday:friday"; any case; must not wrap.
Result<Range> ParseWeekdays(std::string_view text);
// "1", "1:5", "-3:-1", "28:31".
Result<Range> ParseDaysOfMonth(std::string_view text);
// "january:march", "1:3", "december".
Result<Range> ParseMonths(std::string_view text);
// "2026", "2026:2030".
Result<Range> ParseYears(std::string_view text);

}  // namespace tocsin::routing
