#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "config/secret.h"
#include "routing/intervals.h"

// Schedules as the file writes them: who takes turns, and when. Plain data with
// all defaults filled in; immutable once loaded, thread-safe.
namespace tocsin::config {

enum class Rotation { kDaily, kWeekly, kMonthly, kCustom };

// A day of the calendar that there is.
struct Date {
  int year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
  bool operator==(const Date&) const = default;
};

// When one shift ends and the next begins, on the wall clock of the schedule.
struct HandOff {
  int weekday = 0;  // weekly only: 0 is Sunday
  int day = 1;      // monthly only: 1 to 28, so that every month has it
  int minute = 0;   // of the day, 0 to 1439
  bool operator==(const HandOff&) const = default;
};

// One rotation. A later layer covers an earlier one wherever it is in force.
struct Layer {
  // Who is on call in each shift, in turn; several people share a shift.
  std::vector<std::vector<std::string>> shifts;
  Rotation rotation = Rotation::kWeekly;
  Duration shift_length{};  // of a custom rotation, 1h at least
  Date start;               // the first shift begins at its hand-off or later
  HandOff hand_off;         // default: midnight of `start` and its like
  // In force only on these days and within these times; none: always.
  std::vector<routing::Range> weekdays;  // 0 is Sunday; both ends inside
  std::vector<routing::Range> times;     // minutes of the day; `last` outside
};

// A calendar kept elsewhere, in the iCal format. One of the two is there.
struct Calendar {
  Secret url;        // such URLs open the calendar to whoever has them
  std::string path;  // resolved
  Duration refresh{};
};

// Either layers or a calendar.
struct Schedule {
  std::string name;
  std::string time_zone;
  std::vector<Layer> layers;
  std::optional<Calendar> calendar;
  // How long before their shift people are told; absent: they are not.
  std::optional<Duration> going_on_call;
};

}  // namespace tocsin::config
