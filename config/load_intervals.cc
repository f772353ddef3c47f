#include <map>
#include <memory>
#include <utility>

#include "config/sections.h"
#include "config/wall_times.h"

// Alertmanager's `time_intervals`, with its rules: a field that is left out, or
// has no value, says nothing; an empty list never holds.
// Source: prometheus/alertmanager timeinterval/timeinterval.go.
namespace tocsin::config {
namespace {

using routing::Range;
using routing::TimeInterval;
using Ranges = std::optional<std::vector<Range>>;

const Reader* Given(const Fields& fields, std::string_view key) {
  const Reader* const field = fields.Find(key);
  return field != nullptr && !field->IsNull() ? field : nullptr;
}

Ranges ReadField(const Fields& fields, std::string_view key,
                 Result<Range> (*parse)(std::string_view)) {
  const Reader* const list = Given(fields, key);
  if (list == nullptr) return std::nullopt;
  return ReadRanges(*list, parse);
}

TimeInterval ReadInterval(const Reader& at) {
  const Fields fields = at.Keys(
      {"times", "weekdays", "days_of_month", "months", "years", "location"});
  TimeInterval interval;
  if (const Reader* times = Given(fields, "times")) {
    interval.minutes = ReadTimes(*times);
  }
  interval.weekdays = ReadField(fields, "weekdays", routing::ParseWeekdays);
  interval.days_of_month =
      ReadField(fields, "days_of_month", routing::ParseDaysOfMonth);
  interval.months = ReadField(fields, "months", routing::ParseMonths);
  interval.years = ReadField(fields, "years", routing::ParseYears);
  if (const Reader* location = Given(fields, "location")) {
    if (const std::optional<std::string> name = ReadZone(*location)) {
      interval.zone = Zone::Find(*name).value();
    }
  }
  return interval;
}

// A name that is taken is not read again: the first one stays.
void ReadNamed(const Reader& at, std::map<std::string, std::string>& paths,
               Config& config) {
  const Fields fields = at.Keys({"name", "time_intervals"});
  auto entries = std::make_shared<std::vector<TimeInterval>>();
  if (const Reader* list = fields.Find("time_intervals")) {
    for (const Reader& item : list->Items()) {
      entries->push_back(ReadInterval(item));
    }
  }
  const Reader* const name = fields.Require("name");
  const std::optional<std::string> text =
      name != nullptr ? name->Text() : std::nullopt;
  if (!text) return;
  const auto [first, added] = paths.emplace(*text, at.path());
  if (!added) {
    name->AddFault("the name " + Quoted(*text) + " is taken: it is that of " +
                   first->second);
    return;
  }
  config.time_intervals.emplace(*text, std::move(entries));
}

}  // namespace

void LoadIntervals(const Reader* section, Config& config) {
  if (section == nullptr) return;
  std::map<std::string, std::string> paths;
  for (const Reader& item : section->Items()) ReadNamed(item, paths, config);
}

void RefuseMuteTimeIntervals(const Reader* section) {
  if (section == nullptr) return;
  section->AddFault(
      "time intervals are given under the key \"time_intervals\", which has "
      "the same shape: \"mute_time_intervals\" is Alertmanager's old name "
      "for it");
}

}  // namespace tocsin::config
