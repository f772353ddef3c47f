#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "config/load.h"
#include "said.h"

namespace tocsin::config {
namespace {

using routing::Range;
using routing::TimeInterval;

const std::string kRest =
    "teams: {web: }\n"
    "route: {team: web, discard: true}\n"
    "time_intervals:\n";

routing::Intervals Loaded(const std::string& intervals) {
  LoadResult result = LoadText("tocsin.yml", kRest + intervals);
  for (const Fault& fault : result.faults) BOOST_ERROR(FaultText(fault));
  for (const Fault& warning : result.warnings) {
    BOOST_TEST(IsOfRootThatDiscards(warning), FaultText(warning));
  }
  BOOST_REQUIRE(result.config.has_value());
  return result.config->time_intervals;
}

using Ranges = std::vector<Range>;

BOOST_AUTO_TEST_SUITE(intervals)

BOOST_AUTO_TEST_CASE(every_field_is_read) {
  const routing::Intervals intervals = Loaded(R"(
  - name: all
    time_intervals:
      - times: [{start_time: "09:00", end_time: "12:00"}, {start_time: 13:30, end_time: "24:00"}]
        weekdays: ["Monday:friday", sunday]
        days_of_month: ["1:5", "-3:-1", 15]
        months: ["january:march", 5, december]
        years: [2026, "2027:2030"]
        location: Europe/Zurich
      - {}
  - name: never
)");
  BOOST_REQUIRE_EQUAL(intervals.size(), 2U);
  BOOST_TEST(intervals.at("never")->empty());
  BOOST_REQUIRE_EQUAL(intervals.at("all")->size(), 2U);
  const TimeInterval& whole = intervals.at("all")->at(0);
  BOOST_TEST((whole.minutes == Ranges{{540, 720}, {810, 1440}}));
  BOOST_TEST((whole.weekdays == Ranges{{1, 5}, {0, 0}}));
  BOOST_TEST((whole.days_of_month == Ranges{{1, 5}, {-3, -1}, {15, 15}}));
  BOOST_TEST((whole.months == Ranges{{1, 3}, {5, 5}, {12, 12}}));
  BOOST_TEST((whole.years == Ranges{{2026, 2026}, {2027, 2030}}));
  BOOST_TEST(whole.zone.value().name() == "Europe/Zurich");
  const TimeInterval& empty = intervals.at("all")->at(1);
  BOOST_TEST(!empty.minutes.has_value());
  BOOST_TEST(!empty.zone.has_value());
}

BOOST_AUTO_TEST_CASE(a_field_without_a_value_says_nothing_and_a_list_does) {
  const routing::Intervals intervals = Loaded(R"(
  - name: open
    time_intervals: [{times: , weekdays: , location: }]
  - name: shut
    time_intervals: [{times: []}]
)");
  const Instant now = FromMillis(1'790'000'000'000);
  BOOST_TEST(intervals.at("open")->at(0).Contains(now));
  BOOST_TEST(!intervals.at("shut")->at(0).Contains(now));
}

BOOST_AUTO_TEST_CASE(each_value_that_is_wrong_is_a_fault_at_its_place) {
  BOOST_TEST(
      Said(kRest + R"(  - name: a
    time_intervals:
      - times: [{start_time: "17:00", end_time: "09:00"}, {start_time: "09:00"}]
        weekdays: ["friday:monday", monday]
        days_of_month: ["28:-1", 0]
        months: [13]
        years: ["2030:2026"]
        location: Mars
        minutes: 3
  - name: a
  - time_intervals: []
)") ==
      R"(6:17: time_intervals[0].time_intervals[0].times[0]: start time cannot be equal or greater than end time
6:59: time_intervals[0].time_intervals[0].times[1]: the key "end_time" is missing
7:20: time_intervals[0].time_intervals[0].weekdays[0]: end day monday is before start day friday
8:25: time_intervals[0].time_intervals[0].days_of_month[0]: end day -1 is always before start day 28
8:34: time_intervals[0].time_intervals[0].days_of_month[1]: 0 is not a valid day of the month: out of range
9:18: time_intervals[0].time_intervals[0].months[0]: 13 is not a valid month
10:17: time_intervals[0].time_intervals[0].years[0]: end year 2026 is before start year 2030
11:19: time_intervals[0].time_intervals[0].location: no time zone is named "Mars": write it as in "Europe/Zurich" or "UTC"
12:9: time_intervals[0].time_intervals[0].minutes: "minutes" is not a key this version knows (times, weekdays, days_of_month, months, years, location)
13:11: time_intervals[1].name: the name "a" is taken: it is that of time_intervals[0]
14:5: time_intervals[2]: the key "name" is missing
)");
}

BOOST_AUTO_TEST_CASE(the_old_name_of_the_section_is_told_the_new_one) {
  BOOST_TEST(Said("mute_time_intervals: [{name: x}]\n"
                  "teams: {web: }\n"
                  "route: {team: web, discard: true}\n") ==
             "1:22: mute_time_intervals: time intervals are given under the "
             "key \"time_intervals\", which has the same shape: "
             "\"mute_time_intervals\" is Alertmanager's old name for it\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
