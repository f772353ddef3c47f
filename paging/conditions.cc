#include "paging/conditions.h"

#include <algorithm>
#include <array>

namespace tocsin::paging {

namespace {

using namespace std::chrono_literals;

constexpr int kHour = 60;  // minutes
constexpr int kDay = 24 * kHour;
constexpr int kWeek = 7;

// Zones change their clocks at whole quarters of an hour.
constexpr int kQuarter = 15;
// More than any zone leaves out at once.
constexpr int kLeap = 3 * kHour;
// A week, and one more where the clocks leave out the times of its only day.
constexpr Duration kSearch = 24h * (2 * kWeek + 1);

bool OnDay(const IfTimeBetween& condition, int weekday) {
  const auto& days = condition.weekdays;
  return days.empty() ||
         std::any_of(days.begin(), days.end(),
                     [&](const routing::Range& range) {
                       return range.first <= weekday && weekday <= range.last;
                     });
}

std::string TimeText(int minute) {
  const auto two = [](int number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
  };
  return two(minute / kHour) + ":" + two(minute % kHour);
}

const char* DayName(int weekday) {
  static constexpr std::array<const char*, kWeek> kNames = {
      "sunday",   "monday", "tuesday", "wednesday",
      "thursday", "friday", "saturday"};
  return kNames.at(static_cast<std::size_t>(weekday));
}

}  // namespace

bool IsBetween(const IfTimeBetween& condition, const Zone& zone, Instant at) {
  const WallTime wall = zone.At(at);
  const bool begun = wall.minute >= condition.start;
  const bool ended = wall.minute >= condition.end;
  if (condition.start < condition.end) {
    return begun && !ended && OnDay(condition, wall.weekday);
  }
  if (begun) return OnDay(condition, wall.weekday);
  return !ended && OnDay(condition, (wall.weekday + kWeek - 1) % kWeek);
}

Instant NextBegin(const IfTimeBetween& condition, const Zone& zone,
                  Instant at) {
  const Instant end = at + kSearch;
  Instant minute = std::chrono::floor<std::chrono::minutes>(at) + 1min;
  while (minute < end) {
    const int now = zone.At(minute).minute;
    const int ahead = (condition.start - now + kDay) % kDay;
    if ((ahead == 0 || now % kQuarter == 0) &&
        IsBetween(condition, zone, minute)) {
      return minute;
    }
    minute += std::chrono::minutes(std::max(1, ahead - kLeap));
  }
  return end;
}

std::string DescribeTimes(const IfTimeBetween& condition) {
  std::string text = "between " + TimeText(condition.start) + " and " +
                     TimeText(condition.end) + " in " + condition.time_zone;
  for (const routing::Range& days : condition.weekdays) {
    text += std::string(", ") + DayName(days.first);
    if (days.last != days.first) {
      text += std::string(" to ") + DayName(days.last);
    }
  }
  return text;
}

std::string DescribeCount(std::size_t alerts) {
  return std::to_string(alerts) + (alerts == 1 ? " alert" : " alerts");
}

}  // namespace tocsin::paging
