#include "routing/intervals.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <system_error>

namespace tocsin::routing {
namespace {

constexpr int kMinutesOfDay = 24 * 60;
constexpr int kShortestMonth = 28;
constexpr int kLongestMonth = 31;

constexpr std::array<std::string_view, 7> kWeekdays = {
    "sunday",   "monday", "tuesday", "wednesday",
    "thursday", "friday", "saturday"};
constexpr std::array<std::string_view, 12> kMonths = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

Error Invalid(std::string message) {
  return {Code::kInvalid, std::move(message)};
}

bool OneHolds(const std::optional<std::vector<Range>>& ranges, int value) {
  if (!ranges) return true;
  return std::any_of(ranges->begin(), ranges->end(), [value](const Range& r) {
    return r.first <= value && value <= r.last;
  });
}

bool MinuteHolds(const std::optional<std::vector<Range>>& ranges, int minute) {
  if (!ranges) return true;
  return std::any_of(ranges->begin(), ranges->end(), [minute](const Range& r) {
    return r.first <= minute && minute < r.last;
  });
}

// The day that -1 and the like mean in the month of `wall`; 0 and less where
// the month is too short for it.
int DayInMonth(int day, const WallTime& wall) {
  return day < 0 ? wall.days_in_month + 1 + day : day;
}

bool DayHolds(const std::optional<std::vector<Range>>& ranges,
              const WallTime& wall) {
  if (!ranges) return true;
  return std::any_of(ranges->begin(), ranges->end(), [&wall](const Range& r) {
    return DayInMonth(r.first, wall) <= wall.day &&
           wall.day <= DayInMonth(r.last, wall);
  });
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::optional<int> Number(std::string_view text) {
  const bool has_plus = text.substr(0, 1) == "+";
  if (has_plus) text.remove_prefix(1);
  if (has_plus && text.substr(0, 1) == "-") return std::nullopt;
  int value = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

template <std::size_t kSize>
std::optional<int> IndexOf(const std::array<std::string_view, kSize>& names,
                           std::string_view name) {
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) return std::nullopt;
  return static_cast<int>(at - names.begin());
}

// "first:last" or one for both, each end read by `read`; `what` they should be.
struct Ends {
  std::string first;
  std::string last;
};

Result<Ends> SplitRange(std::string_view text) {
  const std::string lower = Lower(text);
  const std::size_t colon = lower.find(':');
  if (colon == std::string::npos) return Ends{lower, lower};
  if (lower.find(':', colon + 1) != std::string::npos) {
    return Invalid("couldn't parse range " + lower + ", invalid format");
  }
  return Ends{lower.substr(0, colon), lower.substr(colon + 1)};
}

template <typename Read>
Result<Range> ReadRange(const Ends& ends, const std::string& what, Read read) {
  const std::optional<int> first = read(ends.first);
  if (!first) return Invalid(ends.first + " is not a valid " + what);
  const std::optional<int> last = read(ends.last);
  if (!last) return Invalid(ends.last + " is not a valid " + what);
  return Range{*first, *last};
}

Error Backwards(const std::string& what, const Ends& ends) {
  return Invalid("end " + what + " " + ends.last + " is before start " + what +
                 " " + ends.first);
}

// "HH:MM" up to 24:00.
Result<int> ParseMinute(std::string_view text) {
  const auto digit = [text](std::size_t i) { return text[i] - '0'; };
  const auto is_digit = [text](std::size_t i) {
    return text[i] >= '0' && text[i] <= '9';
  };
  const Error bad = Invalid("couldn't parse timestamp " + std::string(text) +
                            ", invalid format");
  if (text.size() != 5 || text[2] != ':') return bad;
  for (const std::size_t i : {0U, 1U, 3U, 4U}) {
    if (!is_digit(i)) return bad;
  }
  const int minutes = digit(3) * 10 + digit(4);
  const int of_day = (digit(0) * 10 + digit(1)) * 60 + minutes;
  if (minutes > 59 || of_day > kMinutesOfDay) return bad;
  return of_day;
}

bool IsDayOfMonth(int day) {
  return day != 0 && day >= -kLongestMonth && day <= kLongestMonth;
}

Error DayOutOfRange(int day) {
  return Invalid(std::to_string(day) +
                 " is not a valid day of the month: out of range");
}

}  // namespace

bool TimeInterval::Contains(Instant at) const {
  const WallTime wall = (zone ? *zone : Zone::Utc()).At(at);
  return MinuteHolds(minutes, wall.minute) && DayHolds(days_of_month, wall) &&
         OneHolds(months, wall.month) && OneHolds(weekdays, wall.weekday) &&
         OneHolds(years, wall.year);
}

Result<Range> ParseTimes(std::string_view start, std::string_view end) {
  if (start.empty() || end.empty()) {
    return Invalid("both start and end times must be provided");
  }
  const Result<int> first = ParseMinute(start);
  if (!first.ok()) return first.error();
  const Result<int> last = ParseMinute(end);
  if (!last.ok()) return last.error();
  if (first.value() >= last.value()) {
    return Invalid("start time cannot be equal or greater than end time");
  }
  return Range{first.value(), last.value()};
}

Result<Range> ParseWeekdays(std::string_view text) {
  const Result<Ends> ends = SplitRange(text);
  if (!ends.ok()) return ends.error();
  Result<Range> range =
      ReadRange(ends.value(), "weekday",
                [](std::string_view name) { return IndexOf(kWeekdays, name); });
  if (range.ok() && range.value().first > range.value().last) {
    return Backwards("day", ends.value());
  }
  return range;
}

Result<Range> ParseDaysOfMonth(std::string_view text) {
  const Result<Ends> ends = SplitRange(text);
  if (!ends.ok()) return ends.error();
  Result<Range> range = ReadRange(ends.value(), "day of the month", Number);
  if (!range.ok()) return range;
  const auto [first, last] = range.value();
  if (!IsDayOfMonth(first)) return DayOutOfRange(first);
  if (!IsDayOfMonth(last)) return DayOutOfRange(last);
  if (first < 0 && last > 0) {
    return Invalid("end day must be negative if start day is negative");
  }
  // Which of two ends counted from both sides comes first depends on the
  // month; refused is what the shortest one cannot hold.
  const auto in_shortest = [](int day) {
    return day < 0 ? kShortestMonth + day : day;
  };
  if (in_shortest(first) > in_shortest(last)) {
    return Invalid("end day " + std::to_string(last) +
                   " is always before start day " + std::to_string(first));
  }
  return range;
}

Result<Range> ParseMonths(std::string_view text) {
  const Result<Ends> ends = SplitRange(text);
  if (!ends.ok()) return ends.error();
  Result<Range> range = ReadRange(
      ends.value(), "month", [](std::string_view name) -> std::optional<int> {
        const std::optional<int> index = IndexOf(kMonths, name);
        if (index) return *index + 1;
        const std::optional<int> number = Number(name);
        if (!number || *number < 1 || *number > 12) return {};
        return number;
      });
  if (range.ok() && range.value().first > range.value().last) {
    return Backwards("month", ends.value());
  }
  return range;
}

Result<Range> ParseYears(std::string_view text) {
  const Result<Ends> ends = SplitRange(text);
  if (!ends.ok()) return ends.error();
  Result<Range> range = ReadRange(ends.value(), "year", Number);
  if (range.ok() && range.value().first > range.value().last) {
    return Backwards("year", ends.value());
  }
  return range;
}

}  // namespace tocsin::routing
