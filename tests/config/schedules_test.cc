#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "config/load.h"
#include "said.h"

namespace tocsin::config {
namespace {

using namespace std::chrono_literals;

// The schedules begin in line 7.
const std::string kRest =
    "global: {time_zone: Europe/Zurich}\n"
    "users: {ada: {aliases: [U1]}, bob: , cyd: }\n"
    "teams: {web: }\n"
    "route: {team: web, discard: true}\n"
    "\n"
    "schedules:\n";

Schedule Loaded(const std::string& schedule) {
  LoadResult result = LoadText("conf/tocsin.yml", kRest + schedule);
  for (const Fault& fault : result.faults) BOOST_ERROR(FaultText(fault));
  BOOST_REQUIRE(result.config.has_value());
  return result.config->schedules.at("s");
}

// A layer with the keys given.
Layer LayerOf(const std::string& keys) {
  return Loaded("  s: {layers: [{users: [ada], start: 2026-11-30, " + keys +
                "}]}\n")
      .layers.at(0);
}

std::string SaidOf(const std::string& schedules) {
  return WithoutNotYet(Said(kRest + schedules));
}

using Ranges = std::vector<routing::Range>;
using Shifts = std::vector<std::vector<std::string>>;

BOOST_AUTO_TEST_SUITE(schedules)

BOOST_AUTO_TEST_CASE(layers_are_read_in_their_order) {
  const Schedule schedule = Loaded(R"(  s:
    aliases: [S1]
    time_zone: America/New_York
    layers:
      - {users: [U1, [bob, cyd]], rotation: weekly, start: 2026-12-01, hand_off: "monday 09:00"}
      - users: [cyd]
        rotation: custom
        shift_length: 12h
        start: 2028-02-29
        hand_off: "07:30"
        only: {weekdays: ["monday:friday"], times: [{start_time: "00:00", end_time: "06:00"}]}
    going_on_call: 1h
)");
  BOOST_TEST(schedule.name == "s");
  BOOST_TEST(schedule.time_zone == "America/New_York");
  BOOST_TEST((schedule.going_on_call == 1h));
  BOOST_TEST(!schedule.calendar.has_value());
  BOOST_REQUIRE_EQUAL(schedule.layers.size(), 2U);
  const Layer& first = schedule.layers[0];
  BOOST_TEST((first.shifts == Shifts{{"ada"}, {"bob", "cyd"}}));
  BOOST_TEST((first.rotation == Rotation::kWeekly));
  BOOST_TEST((first.start == Date{2026, 12, 1}));
  BOOST_TEST(first.hand_off.weekday == 1);
  BOOST_TEST(first.hand_off.minute == 9 * 60);
  BOOST_TEST(first.times.empty());
  const Layer& second = schedule.layers[1];
  BOOST_TEST((second.rotation == Rotation::kCustom));
  BOOST_TEST((second.shift_length == 12h));
  BOOST_TEST((second.start == Date{2028, 2, 29}));
  BOOST_TEST(second.hand_off.minute == 7 * 60 + 30);
  BOOST_TEST((second.weekdays == Ranges{{1, 5}}));
  BOOST_TEST((second.times == Ranges{{0, 360}}));
}

BOOST_AUTO_TEST_CASE(shifts_change_at_midnight_of_the_start_by_default) {
  const Layer weekly = LayerOf("rotation: weekly");
  BOOST_TEST(weekly.hand_off.weekday == 1);
  BOOST_TEST(weekly.hand_off.minute == 0);
  const Layer monthly = Loaded(
                            "  s: {layers: [{users: [ada], start: 2026-11-17, "
                            "rotation: monthly}]}\n")
                            .layers.at(0);
  BOOST_TEST(monthly.hand_off.day == 17);
  BOOST_TEST(LayerOf("rotation: monthly, hand_off: '28 23:59'").hand_off.day ==
             28);
  BOOST_TEST(
      LayerOf("rotation: weekly, hand_off: 'Sunday 09:00'").hand_off.weekday ==
      0);
}

BOOST_AUTO_TEST_CASE(a_schedule_has_the_global_zone_and_no_notice_by_default) {
  const Schedule schedule = Loaded(
      "  s: {layers: [{users: [ada], start: 2026-11-30, rotation: daily}]}\n");
  BOOST_TEST(schedule.time_zone == "Europe/Zurich");
  BOOST_TEST(!schedule.going_on_call.has_value());
}

BOOST_AUTO_TEST_CASE(a_calendar_is_at_an_address_or_in_a_file) {
  const Schedule by_url =
      Loaded("  s: {ical: {url: 'https://cal.example/x.ics', refresh: 5m}}\n");
  BOOST_TEST(by_url.calendar.value().url.Reveal() ==
             "https://cal.example/x.ics");
  BOOST_TEST((by_url.calendar.value().refresh == 5min));
  const Schedule by_file = Loaded("  s: {ical: {file: on-call.ics}}\n");
  BOOST_TEST(by_file.calendar.value().path == "conf/on-call.ics");
  BOOST_TEST((by_file.calendar.value().refresh == 1h));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_a_fault_at_its_place) {
  BOOST_TEST(SaidOf(R"(  none: {}
  both: {layers: [], ical: {url: "https://a.example/"}}
  empty: {layers: , going_on_call: soon, time_zone: Berlin}
  bare: {layers: [{}]}
  calendar: {ical: {url: ftp://a.example/, refresh: 1ms}}
)") == R"(7:9: schedules.none: one of layers, ical must be given
8:9: schedules.both: only one of layers, ical may be given
9:19: schedules.empty.layers: has no layers
9:36: schedules.empty.going_on_call: "soon" is not a duration: write whole numbers with units, largest first, as in 1h30m or 90s
9:53: schedules.empty.time_zone: no time zone is named "Berlin": write it as in "Europe/Zurich" or "UTC"
10:19: schedules.bare.layers[0]: the key "users" is missing
10:19: schedules.bare.layers[0]: the key "rotation" is missing
10:19: schedules.bare.layers[0]: the key "start" is missing
11:26: schedules.calendar.ical.url: must be a URL that begins with http:// or https://
11:53: schedules.calendar.ical.refresh: is too short: 1s is the least
)");
}

BOOST_AUTO_TEST_CASE(the_people_of_a_shift_must_be_there) {
  BOOST_TEST(
      SaidOf(R"(  s:
    layers:
      - {rotation: daily, start: 2026-11-30, users: [adda, [bob, bob], []]}
      - {rotation: daily, start: 2026-11-30, users: []}
)") ==
      R"(9:54: schedules.s.layers[0].users[0]: no user is named "adda", did you mean "ada"?
9:66: schedules.s.layers[0].users[1][1]: "bob" is in the list twice
9:72: schedules.s.layers[0].users[2]: names no users
10:53: schedules.s.layers[1].users: names no users
)");
}

BOOST_AUTO_TEST_CASE(a_start_is_a_day_of_the_calendar) {
  for (const char* const day : {"2026-02-29", "2026-13-01", "30.11.2026",
                                "2026-1-1", "2026-11-00", "-026-11-30"}) {
    BOOST_TEST(
        SaidOf("  s: {layers: [{users: [ada], rotation: daily, start: '" +
               std::string(day) + "'}]}\n") ==
        "7:55: schedules.s.layers[0].start: \"" + std::string(day) +
            "\" is not a day of the calendar: write it as in "
            "2026-11-30\n");
  }
}

BOOST_AUTO_TEST_CASE(only_a_custom_rotation_has_a_shift_length) {
  BOOST_TEST(
      SaidOf(R"(  s:
    layers:
      - {users: [ada], start: 2026-11-30, rotation: daily, shift_length: 12h}
      - {users: [ada], start: 2026-11-30, rotation: custom}
      - {users: [ada], start: 2026-11-30, rotation: custom, shift_length: 59m}
      - {users: [ada], start: 2026-11-30, rotation: yearly, shift_length: 1h}
)") ==
      R"(9:74: schedules.s.layers[0].shift_length: only a custom rotation has a shift_length
10:9: schedules.s.layers[1]: the key "shift_length" is missing
11:75: schedules.s.layers[2].shift_length: is too short: 1h is the least
12:53: schedules.s.layers[3].rotation: "yearly" is not a rotation this version knows (daily, weekly, monthly, custom)
)");
}

BOOST_AUTO_TEST_CASE(a_hand_off_fits_its_rotation) {
  BOOST_TEST(
      SaidOf(R"(  s:
    layers:
      - {users: [ada], start: 2026-11-30, rotation: daily, hand_off: "monday 09:00"}
      - {users: [ada], start: 2026-11-30, rotation: weekly, hand_off: "09:00"}
      - {users: [ada], start: 2026-11-30, rotation: weekly, hand_off: "monday:friday 09:00"}
      - {users: [ada], start: 2026-11-30, rotation: monthly, hand_off: "29 09:00"}
      - {users: [ada], start: 2026-11-30, rotation: monthly, hand_off: "09:00"}
      - {users: [ada], start: 2026-11-30, rotation: monthly}
      - {users: [ada], start: 2026-11-30, rotation: daily, hand_off: "24:00"}
)") ==
      R"(9:70: schedules.s.layers[0].hand_off: "monday 09:00" is no hand-off of this rotation: it is a time, as in "09:00"
10:71: schedules.s.layers[1].hand_off: "09:00" is no hand-off of this rotation: it is a weekday and a time, as in "monday 09:00"
11:71: schedules.s.layers[2].hand_off: "monday:friday 09:00" is no hand-off of this rotation: it is a weekday and a time, as in "monday 09:00"
12:72: schedules.s.layers[3].hand_off: "29 09:00" is no hand-off of this rotation: it is a day of the month from 1 to 28, which every month has, and a time, as in "1 09:00"
13:72: schedules.s.layers[4].hand_off: "09:00" is no hand-off of this rotation: it is a day of the month from 1 to 28, which every month has, and a time, as in "1 09:00"
14:31: schedules.s.layers[5].start: not every month has this day: give `hand_off`, a day from 1 to 28 and a time
15:70: schedules.s.layers[6].hand_off: "24:00" is no hand-off of this rotation: it is a time, as in "09:00"
)");
}

BOOST_AUTO_TEST_CASE(a_restriction_must_restrict_something) {
  BOOST_TEST(SaidOf(R"(  s:
    layers:
      - {users: [ada], start: 2026-11-30, rotation: daily, only: {weekdays: [], times: []}}
      - {users: [ada], start: 2026-11-30, rotation: daily, only: {times: [{start_time: "22:00", end_time: "06:00"}]}}
)") == R"(9:77: schedules.s.layers[0].only.weekdays: names no weekdays
9:88: schedules.s.layers[0].only.times: names no times
10:75: schedules.s.layers[1].only.times[0]: start time cannot be equal or greater than end time
)");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
