#include <algorithm>
#include <charconv>
#include <chrono>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "config/not_yet.h"
#include "config/sections.h"
#include "config/wall_times.h"

namespace tocsin::config {
namespace {

using std::chrono::hours;

// Shorter shifts are most likely a slip, and a year has too many of them.
constexpr Duration kShortestShift = hours(1);
constexpr Duration kDefaultRefresh = hours(1);
// The last day that every month has.
constexpr int kLastCommonDay = 28;

std::optional<int> ParseNumber(std::string_view text) {
  int number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (stop != end || error != std::errc() || text.front() == '-') {
    return std::nullopt;
  }
  return number;
}

std::chrono::year_month_day CalendarDay(const Date& date) {
  return std::chrono::year(date.year) /
         std::chrono::month(static_cast<unsigned>(date.month)) /
         std::chrono::day(static_cast<unsigned>(date.day));
}

// "2026-11-30".
std::optional<Date> ParseDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const std::optional<int> year = ParseNumber(text.substr(0, 4));
  const std::optional<int> month = ParseNumber(text.substr(5, 2));
  const std::optional<int> day = ParseNumber(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  const Date date{.year = *year, .month = *month, .day = *day};
  if (!CalendarDay(date).ok()) return std::nullopt;
  return date;
}

std::optional<Date> ReadStart(const Reader& at) {
  const std::optional<std::string> text = at.Text();
  if (!text) return std::nullopt;
  const std::optional<Date> date = ParseDate(*text);
  if (!date) {
    at.AddFault(Quoted(*text) +
                " is not a day of the calendar: write it as in 2026-11-30");
  }
  return date;
}

// One item of `users`: a person, or the people who share a shift.
std::vector<std::string> ReadShift(const Reader& item, const Names& users) {
  std::vector<std::string> people;
  if (item.IsList()) {
    for (const Reader::Entry& entry : users.ResolveList(item)) {
      people.push_back(entry.name);
    }
    if (item.IsEmptyList()) item.AddFault("names no users");
  } else if (const std::optional<std::string> name = users.Resolve(item)) {
    people.push_back(*name);
  }
  return people;
}

void ReadShifts(const Reader& list, const Names& users, Layer& layer) {
  for (const Reader& item : list.Items()) {
    layer.shifts.push_back(ReadShift(item, users));
  }
  if (list.IsEmptyList()) list.AddFault("names no users");
}

// Splits "monday 09:00" at its last blank; without one, all is the time.
struct HandOffText {
  std::string day;
  std::string time;
};

HandOffText SplitHandOff(const std::string& text) {
  const std::size_t blank = text.rfind(' ');
  if (blank == std::string::npos) return {"", text};
  return {text.substr(0, blank), text.substr(blank + 1)};
}

std::optional<int> ParseWeekday(const std::string& text) {
  const Result<routing::Range> range = routing::ParseWeekdays(text);
  if (!range.ok() || range.value().first != range.value().last) {
    return std::nullopt;
  }
  return range.value().first;
}

// The weekday or day of the month, where the rotation has one.
bool ParseHandOffDay(const std::string& text, Rotation rotation,
                     HandOff& hand_off) {
  if (rotation == Rotation::kWeekly) {
    const std::optional<int> weekday = ParseWeekday(text);
    hand_off.weekday = weekday.value_or(0);
    return weekday.has_value();
  }
  if (rotation == Rotation::kMonthly) {
    const std::optional<int> day =
        text.empty() ? std::nullopt : ParseNumber(text);
    hand_off.day = day.value_or(1);
    return day && *day >= 1 && *day <= kLastCommonDay;
  }
  return text.empty();
}

const char* HandOffExample(Rotation rotation) {
  switch (rotation) {
    case Rotation::kWeekly:
      return "a weekday and a time, as in \"monday 09:00\"";
    case Rotation::kMonthly:
      return "a day of the month from 1 to 28, which every month has, and a "
             "time, as in \"1 09:00\"";
    case Rotation::kDaily:
    case Rotation::kCustom:
      return "a time, as in \"09:00\"";
  }
  return "";
}

void ReadHandOff(const Reader& at, Layer& layer) {
  const std::optional<std::string> text = at.Text();
  if (!text) return;
  const HandOffText parts = SplitHandOff(*text);
  const Result<routing::Range> time = routing::ParseTimes(parts.time, "24:00");
  if (!time.ok() ||
      !ParseHandOffDay(parts.day, layer.rotation, layer.hand_off)) {
    at.AddFault(Quoted(*text) + " is no hand-off of this rotation: it is " +
                HandOffExample(layer.rotation));
    return;
  }
  layer.hand_off.minute = time.value().first;
}

// Without `hand_off` shifts change as the first one began: at midnight of the
// weekday or the day of the month of `start`.
void SettleHandOff(const Reader* start, Layer& layer) {
  const std::chrono::sys_days day = CalendarDay(layer.start);
  layer.hand_off.weekday =
      static_cast<int>(std::chrono::weekday(day).c_encoding());
  layer.hand_off.day = layer.start.day;
  if (start != nullptr && layer.rotation == Rotation::kMonthly &&
      layer.start.day > kLastCommonDay) {
    start->AddFault(
        "not every month has this day: give `hand_off`, a day from 1 to 28 "
        "and a time");
  }
}

void ReadShiftLength(const Fields& fields, Layer& layer) {
  const Reader* const length = fields.Find("shift_length");
  if (layer.rotation != Rotation::kCustom) {
    if (length != nullptr) {
      length->AddFault("only a custom rotation has a shift_length");
    }
    return;
  }
  if (fields.Require("shift_length") == nullptr) return;
  layer.shift_length = length->AnyLength().value_or(kShortestShift);
  if (layer.shift_length < kShortestShift) {
    length->AddFault("is too short: 1h is the least");
  }
}

void ReadOnly(const Reader& at, Layer& layer) {
  const Fields fields = at.Keys({"weekdays", "times"});
  if (const Reader* weekdays = fields.Find("weekdays")) {
    layer.weekdays = ReadWeekdays(*weekdays);
    if (weekdays->IsEmptyList()) weekdays->AddFault("names no weekdays");
  }
  if (const Reader* times = fields.Find("times")) {
    layer.times = ReadTimes(*times);
    if (times->IsEmptyList()) times->AddFault("names no times");
  }
}

Layer ReadLayer(const Reader& at, const NameIndex& names) {
  const Fields fields = at.Keys(
      {"users", "rotation", "shift_length", "start", "hand_off", "only"});
  Layer layer;
  if (const Reader* users = fields.Require("users")) {
    ReadShifts(*users, names.users, layer);
  }
  const Reader* const rotation = fields.Require("rotation");
  const std::optional<Rotation> kind =
      rotation == nullptr ? std::nullopt
                          : rotation->Choice<Rotation>(
                                "rotation", {{"daily", Rotation::kDaily},
                                             {"weekly", Rotation::kWeekly},
                                             {"monthly", Rotation::kMonthly},
                                             {"custom", Rotation::kCustom}});
  const Reader* const start = fields.Require("start");
  std::optional<Date> first_day;
  if (start != nullptr) first_day = ReadStart(*start);
  if (first_day) layer.start = *first_day;
  const Reader* const hand_off = fields.Find("hand_off");
  if (kind) {
    layer.rotation = *kind;
    ReadShiftLength(fields, layer);
    SettleHandOff(hand_off == nullptr && first_day ? start : nullptr, layer);
    if (hand_off != nullptr) ReadHandOff(*hand_off, layer);
  }
  if (const Reader* only = fields.Find("only")) ReadOnly(*only, layer);
  return layer;
}

Calendar ReadCalendar(const Reader& at) {
  const Fields fields = at.Keys({"url", "file", "refresh"});
  Calendar calendar;
  calendar.refresh = kDefaultRefresh;
  if (const Reader::Entry* where = fields.RequireOneOf({"url", "file"})) {
    if (where->name == "url") {
      calendar.url = Secret(ReadUrl(where->value).value_or(""));
    } else {
      calendar.path = ReadPath(where->value).value_or("");
    }
  }
  if (const Reader* refresh = fields.Find("refresh")) {
    calendar.refresh = refresh->Length().value_or(kDefaultRefresh);
  }
  return calendar;
}

Schedule ReadSchedule(const Reader::Entry& entry, const NameIndex& names,
                      const Config& config) {
  const Fields fields = entry.value.Keys(
      {"aliases", "time_zone", "layers", "ical", "going_on_call"});
  Schedule schedule;
  schedule.name = entry.name;
  schedule.time_zone = config.time_zone;
  if (const Reader* zone = fields.Find("time_zone")) {
    schedule.time_zone = ReadZone(*zone).value_or(config.time_zone);
  }
  if (const Reader::Entry* who = fields.RequireOneOf({"layers", "ical"})) {
    if (who->name == "ical") {
      schedule.calendar = ReadCalendar(who->value);
    } else {
      for (const Reader& item : who->value.Items()) {
        schedule.layers.push_back(ReadLayer(item, names));
      }
      if (who->value.IsEmptyList()) who->value.AddFault("has no layers");
    }
  }
  if (const Reader* notice = fields.Find("going_on_call")) {
    schedule.going_on_call = notice->Length();
    WarnNotYet(*notice, "going_on_call");
  }
  return schedule;
}

}  // namespace

void LoadSchedules(const std::vector<Reader::Entry>& schedules,
                   const NameIndex& names, Config& config) {
  for (const Reader::Entry& entry : schedules) {
    WarnNotYet(entry.key, "schedules");
    config.schedules[entry.name] = ReadSchedule(entry, names, config);
  }
  config.schedule_aliases = names.schedules.aliases();
}

}  // namespace tocsin::config
