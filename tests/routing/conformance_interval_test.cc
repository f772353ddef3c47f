// Every row of Alertmanager's own tables of time intervals.

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "conformance_table.h"
#include "routing/intervals.h"
#include "routing/route.h"

namespace tocsin::routing {
namespace {

namespace json = boost::json;
using Row = Comparison::Row;
using Ranges = std::optional<std::vector<Range>>;

Status ReadRanges(const YAML::Node& list,
                  const std::function<Result<Range>(const YAML::Node&)>& read,
                  Ranges& out) {
  if (!list) return Status();
  out.emplace();
  for (const YAML::Node& item : list) {
    const Result<Range> range = read(item);
    if (!range.ok()) return range.error();
    out->push_back(range.value());
  }
  return Status();
}

Result<Range> ReadTimes(const YAML::Node& node) {
  return ParseTimes(node["start_time"].as<std::string>(""),
                    node["end_time"].as<std::string>(""));
}

Result<TimeInterval> ReadInterval(const YAML::Node& node) {
  using Parse = Result<Range> (*)(std::string_view);
  const auto as_text = [](Parse parse) {
    return [parse](const YAML::Node& item) {
      return parse(item.as<std::string>());
    };
  };
  TimeInterval interval;
  for (const Status& status :
       {ReadRanges(node["times"], ReadTimes, interval.minutes),
        ReadRanges(node["weekdays"], as_text(ParseWeekdays), interval.weekdays),
        ReadRanges(node["days_of_month"], as_text(ParseDaysOfMonth),
                   interval.days_of_month),
        ReadRanges(node["months"], as_text(ParseMonths), interval.months),
        ReadRanges(node["years"], as_text(ParseYears), interval.years)}) {
    if (!status.ok()) return status.error();
  }
  if (node["location"]) {
    Result<Zone> zone = Zone::Find(node["location"].as<std::string>());
    if (!zone.ok()) return zone.error();
    interval.zone = std::move(zone).value();
  }
  return interval;
}

Result<std::vector<TimeInterval>> ReadIntervals(const std::string& yaml) {
  std::vector<TimeInterval> intervals;
  for (const YAML::Node& node : YAML::Load(yaml)) {
    Result<TimeInterval> interval = ReadInterval(node);
    if (!interval.ok()) return interval.error();
    intervals.push_back(std::move(interval).value());
  }
  return intervals;
}

// The interval that a row gives in numbers.
Ranges ToRanges(const json::object& numbers, const char* key) {
  if (!numbers.contains(key)) return std::nullopt;
  std::vector<Range> ranges;
  for (const json::value& pair : numbers.at(key).as_array()) {
    ranges.push_back(
        {pair.at(0).to_number<int>(), pair.at(1).to_number<int>()});
  }
  return ranges;
}

TimeInterval ToInterval(const json::value& value) {
  const json::object& numbers = value.as_object();
  TimeInterval interval;
  interval.minutes = ToRanges(numbers, "times_minutes");
  interval.weekdays = ToRanges(numbers, "weekdays");
  interval.days_of_month = ToRanges(numbers, "days_of_month");
  interval.months = ToRanges(numbers, "months");
  interval.years = ToRanges(numbers, "years");
  if (numbers.contains("location")) {
    interval.zone = Zone::Find(TextAt(value, "location")).value();
  }
  return interval;
}

bool AreSame(const TimeInterval& a, const TimeInterval& b) {
  const auto zone = [](const TimeInterval& interval) {
    return interval.zone ? interval.zone->name() : std::string();
  };
  return a.minutes == b.minutes && a.weekdays == b.weekdays &&
         a.days_of_month == b.days_of_month && a.months == b.months &&
         a.years == b.years && zone(a) == zone(b);
}

bool OneContains(const std::vector<TimeInterval>& intervals, Instant at) {
  return std::any_of(
      intervals.begin(), intervals.end(),
      [at](const TimeInterval& interval) { return interval.Contains(at); });
}

// Go goes on with the year 1 after a time that it could not read.
Instant ToInstant(const json::value& time) {
  const char* const key =
      time.as_object().contains("rfc3339") ? "rfc3339" : "go_effective_rfc3339";
  return ParseRfc3339(TextAt(time, key)).value();
}

Difference CompareTimes(const Row& row,
                        const std::vector<TimeInterval>& intervals) {
  for (const bool wanted : {true, false}) {
    const json::value* const times =
        row.if_contains(wanted ? "contains" : "excludes");
    if (times == nullptr) continue;
    for (const json::value& time : times->as_array()) {
      const Instant at = ToInstant(time);
      if (OneContains(intervals, at) != wanted) {
        return "wrong at " + FormatRfc3339(at);
      }
    }
  }
  return std::nullopt;
}

// Alertmanager's sentence on a weekday range says the contrary of what it
// means; Tocsin says it as it does of months and years.
std::string OurWords(const std::string& error) {
  if (error != "start day cannot be before end day") return error;
  return "end day monday is before start day friday";
}

Difference CompareYaml(const Row& row) {
  const auto got = ReadIntervals(TextAt(row, "yaml"));
  if (row.contains("error")) {
    if (got.ok()) return "taken, and should be refused";
    return Differs("the error", got.error().message,
                   OurWords(TextAt(row, "error")));
  }
  if (!got.ok()) return "refused: " + got.error().message;
  const json::array& wanted = row.at("intervals").as_array();
  if (got.value().size() != wanted.size()) return "more or less intervals";
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!AreSame(got.value()[i], ToInterval(wanted[i]))) return "other ranges";
  }
  return CompareTimes(row, got.value());
}

Difference CompareComplete(const Row& row) {
  const Result<TimeInterval> got =
      ReadInterval(YAML::Load(TextAt(row, "yaml")));
  if (!got.ok()) return "refused: " + got.error().message;
  return CompareTimes(row, {got.value()});
}

Difference CompareTimeRange(const Row& row) {
  const Result<Range> got = ReadTimes(YAML::Load(TextAt(row, "yaml")));
  if (got.ok() == row.contains("expect_error")) return "taken differently";
  if (!got.ok()) return std::nullopt;
  const json::value& wanted = row.at("minutes");
  return Differs(
      "the minutes", got.value(),
      Range{wanted.at(0).to_number<int>(), wanted.at(1).to_number<int>()});
}

Difference CompareMutes(const Row& row) {
  const Instant now = ParseRfc3339(TextAt(row, "now")).value();
  std::vector<std::string> wanted;
  if (row.at("muted_by").is_array()) {
    for (const json::value& name : row.at("muted_by").as_array()) {
      wanted.emplace_back(name.as_string());
    }
  }
  Route route;
  std::vector<std::string> muted_by;
  for (const json::key_value_pair& named : row.at("intervals").as_object()) {
    auto entries = std::make_shared<std::vector<TimeInterval>>();
    for (const json::value& interval : named.value().as_array()) {
      entries->push_back(ToInterval(interval));
    }
    const std::string name(named.key());
    if (OneContains(*entries, now)) muted_by.push_back(name);
    route.mute.push_back({name, entries});
  }
  const Difference by_intervals = Differs("muted by", muted_by, wanted);
  if (by_intervals) return by_intervals;
  return Differs("the route is muted", MutedBecause(route, now).has_value(),
                 !wanted.empty());
}

BOOST_AUTO_TEST_SUITE(conformance)

BOOST_AUTO_TEST_CASE(time_intervals_hold_when_they_do_in_alertmanager) {
  Comparison table("timeintervals.json");
  table.Section("yaml_parse_and_contains", CompareYaml);
  table.Section("contains", [](const Row& row) {
    return CompareTimes(row, {ToInterval(row.at("interval"))});
  });
  table.Section("time_range_parse", CompareTimeRange);
  table.Section("complete", CompareComplete);
  table.Section("intervener_mutes", CompareMutes);
  table.Finish();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
