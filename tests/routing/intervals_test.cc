#include "routing/intervals.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

namespace tocsin::routing {
namespace {

Instant At(const std::string& text) { return ParseRfc3339(text).value(); }

Zone ZoneNamed(const std::string& name) { return Zone::Find(name).value(); }

TimeInterval Times(const std::string& start, const std::string& end) {
  TimeInterval interval;
  interval.minutes = {ParseTimes(start, end).value()};
  return interval;
}

TimeInterval DaysOfMonth(const std::vector<std::string>& ranges) {
  TimeInterval interval;
  interval.days_of_month.emplace();
  for (const std::string& range : ranges) {
    interval.days_of_month->push_back(ParseDaysOfMonth(range).value());
  }
  return interval;
}

// The days of a month on which the interval holds at noon UTC.
std::vector<int> DaysHeld(const TimeInterval& interval,
                          const std::string& year_and_month, int days) {
  std::vector<int> held;
  for (int day = 1; day <= days; ++day) {
    const std::string two = (day < 10 ? "0" : "") + std::to_string(day);
    if (interval.Contains(At(year_and_month + "-" + two + "T12:00:00Z"))) {
      held.push_back(day);
    }
  }
  return held;
}

std::vector<int> FromTo(int first, int last) {
  std::vector<int> days;
  for (int day = first; day <= last; ++day) days.push_back(day);
  return days;
}

std::string ErrorOf(const Result<Range>& range) {
  if (range.ok()) return "no error";
  BOOST_TEST((range.error().code == Code::kInvalid));
  return range.error().message;
}

bool Is(const Result<Range>& range, int first, int last) {
  return range.ok() && range.value() == Range{first, last};
}

BOOST_AUTO_TEST_SUITE(intervals)

BOOST_AUTO_TEST_CASE(an_interval_that_says_nothing_always_holds) {
  const TimeInterval always;
  BOOST_TEST(always.Contains(At("2026-11-23T00:00:00Z")));
  BOOST_TEST(always.Contains(Instant::min()));
  BOOST_TEST(always.Contains(Instant::max()));
}

BOOST_AUTO_TEST_CASE(an_empty_list_never_holds) {
  const Instant at = At("2026-11-23T09:00:00Z");
  using Field = std::optional<std::vector<Range>> TimeInterval::*;
  for (const Field field : {&TimeInterval::minutes, &TimeInterval::weekdays,
                            &TimeInterval::days_of_month, &TimeInterval::months,
                            &TimeInterval::years}) {
    TimeInterval interval;
    (interval.*field).emplace();
    BOOST_TEST(!interval.Contains(at));
  }
}

BOOST_AUTO_TEST_CASE(times_hold_from_the_first_minute_to_before_the_last) {
  const TimeInterval office = Times("09:00", "17:30");
  BOOST_TEST(!office.Contains(At("2026-11-23T08:59:59.999Z")));
  BOOST_TEST(office.Contains(At("2026-11-23T09:00:00Z")));
  BOOST_TEST(office.Contains(At("2026-11-23T17:29:59.999Z")));
  BOOST_TEST(!office.Contains(At("2026-11-23T17:30:00Z")));
}

BOOST_AUTO_TEST_CASE(twenty_four_hundred_ends_the_day) {
  const TimeInterval evening = Times("17:00", "24:00");
  BOOST_TEST(evening.Contains(At("2026-11-23T23:59:59.999Z")));
  BOOST_TEST(!evening.Contains(At("2026-11-24T00:00:00Z")));
  const TimeInterval whole_day = Times("00:00", "24:00");
  BOOST_TEST(whole_day.Contains(At("2026-11-24T00:00:00Z")));
}

BOOST_AUTO_TEST_CASE(weekdays_count_from_sunday_and_hold_at_both_ends) {
  TimeInterval week;
  week.weekdays = {ParseWeekdays("monday:friday").value()};
  BOOST_TEST(!week.Contains(At("2026-11-22T23:59:59Z")));  // a Sunday
  BOOST_TEST(week.Contains(At("2026-11-23T00:00:00Z")));
  BOOST_TEST(week.Contains(At("2026-11-27T23:59:59Z")));
  BOOST_TEST(!week.Contains(At("2026-11-28T00:00:00Z")));
  week.weekdays->push_back(ParseWeekdays("Sunday").value());
  BOOST_TEST(week.Contains(At("2026-11-22T12:00:00Z")));
}

BOOST_AUTO_TEST_CASE(all_fields_must_hold_and_of_a_field_one_range) {
  TimeInterval interval = Times("09:00", "10:00");
  interval.minutes->push_back(ParseTimes("14:00", "15:00").value());
  interval.months = {ParseMonths("november").value()};
  interval.years = {ParseYears("2026:2027").value()};
  BOOST_TEST(interval.Contains(At("2026-11-23T09:30:00Z")));
  BOOST_TEST(interval.Contains(At("2027-11-23T14:30:00Z")));
  BOOST_TEST(!interval.Contains(At("2026-11-23T12:00:00Z")));
  BOOST_TEST(!interval.Contains(At("2026-12-01T09:30:00Z")));
  BOOST_TEST(!interval.Contains(At("2028-11-23T09:30:00Z")));
}

BOOST_AUTO_TEST_CASE(negative_days_count_from_the_end_of_the_month) {
  const TimeInterval last_three = DaysOfMonth({"-3:-1"});
  BOOST_TEST((DaysHeld(last_three, "2026-02", 28) == FromTo(26, 28)));
  BOOST_TEST((DaysHeld(last_three, "2028-02", 29) == FromTo(27, 29)));
  BOOST_TEST((DaysHeld(last_three, "2026-04", 30) == FromTo(28, 30)));
  BOOST_TEST((DaysHeld(last_three, "2026-12", 31) == FromTo(29, 31)));
  // The month begins before its first day: it begins with it.
  BOOST_TEST((DaysHeld(DaysOfMonth({"-31:-28"}), "2026-02", 28) ==
              std::vector<int>{1}));
  BOOST_TEST((DaysHeld(DaysOfMonth({"-31:-29"}), "2026-02", 28).empty()));
  BOOST_TEST(
      (DaysHeld(DaysOfMonth({"20:-1"}), "2026-02", 28) == FromTo(20, 28)));
}

BOOST_AUTO_TEST_CASE(days_that_a_month_lacks_never_come) {
  BOOST_TEST((DaysHeld(DaysOfMonth({"30:31"}), "2026-02", 28).empty()));
  BOOST_TEST((DaysHeld(DaysOfMonth({"29"}), "2026-02", 28).empty()));
  BOOST_TEST(
      (DaysHeld(DaysOfMonth({"29"}), "2028-02", 29) == std::vector<int>{29}));
  BOOST_TEST(
      (DaysHeld(DaysOfMonth({"28:31"}), "2026-02", 28) == FromTo(28, 28)));
  BOOST_TEST((DaysHeld(DaysOfMonth({"1", "15"}), "2026-02", 28) ==
              std::vector<int>{1, 15}));
}

BOOST_AUTO_TEST_CASE(the_last_day_of_march_is_the_31st_also_where_dst_begins) {
  TimeInterval last = DaysOfMonth({"-1"});
  last.zone = ZoneNamed("America/New_York");
  BOOST_TEST(last.Contains(At("2026-03-31T12:00:00-04:00")));
  BOOST_TEST(!last.Contains(At("2026-03-30T12:00:00-04:00")));
}

BOOST_AUTO_TEST_CASE(all_fields_are_read_in_the_zone) {
  TimeInterval interval = Times("00:00", "06:00");
  interval.weekdays = {ParseWeekdays("friday").value()};
  interval.days_of_month = {ParseDaysOfMonth("1").value()};
  interval.months = {ParseMonths("january").value()};
  interval.years = {ParseYears("2027").value()};
  const Instant at = At("2026-12-31T16:30:00Z");
  BOOST_TEST(!interval.Contains(at));
  interval.zone = ZoneNamed("Australia/Sydney");
  BOOST_TEST(interval.Contains(at));
  BOOST_TEST(!interval.Contains(At("2026-12-31T12:59:59Z")));
  BOOST_TEST(interval.Contains(At("2026-12-31T13:00:00Z")));
}

BOOST_AUTO_TEST_CASE(times_of_a_zone_follow_its_summer_time) {
  TimeInterval office = Times("09:00", "17:00");
  office.zone = ZoneNamed("Europe/Zurich");
  BOOST_TEST(!office.Contains(At("2026-01-15T07:59:00Z")));
  BOOST_TEST(office.Contains(At("2026-01-15T08:00:00Z")));
  BOOST_TEST(!office.Contains(At("2026-07-15T06:59:00Z")));
  BOOST_TEST(office.Contains(At("2026-07-15T07:00:00Z")));
}

BOOST_AUTO_TEST_CASE(times_in_a_gap_never_come_and_in_a_doubled_hour_twice) {
  TimeInterval night = Times("02:15", "02:45");
  night.zone = ZoneNamed("Europe/Zurich");
  int minutes = 0;
  for (Instant at = At("2026-03-28T23:00:00Z"); at < At("2026-03-29T22:00:00Z");
       at += std::chrono::minutes(1)) {
    if (night.Contains(at)) ++minutes;
  }
  BOOST_TEST(minutes == 0);
  for (Instant at = At("2026-10-24T22:00:00Z"); at < At("2026-10-25T23:00:00Z");
       at += std::chrono::minutes(1)) {
    if (night.Contains(at)) ++minutes;
  }
  BOOST_TEST(minutes == 60);
}

BOOST_AUTO_TEST_CASE(times_are_read_and_checked) {
  BOOST_TEST(Is(ParseTimes("00:00", "24:00"), 0, 1440));
  BOOST_TEST(Is(ParseTimes("09:05", "17:39"), 545, 1059));
  BOOST_TEST(Is(ParseTimes("23:59", "24:00"), 1439, 1440));
  for (const char* bad : {"9:00", "09:60", "24:01", "25:00", "0900", "09:00 ",
                          "09-00", "-9:00", "99:99", "09:0a", "24:60"}) {
    BOOST_TEST(ErrorOf(ParseTimes(bad, "24:00")) ==
               "couldn't parse timestamp " + std::string(bad) +
                   ", invalid format");
    BOOST_TEST(!ParseTimes("00:00", bad).ok());
  }
  for (const auto& [start, end] :
       {std::pair("17:00", "09:00"), std::pair("09:00", "09:00"),
        std::pair("24:00", "24:00")}) {
    BOOST_TEST(ErrorOf(ParseTimes(start, end)) ==
               "start time cannot be equal or greater than end time");
  }
  BOOST_TEST(ErrorOf(ParseTimes("", "09:00")) ==
             "both start and end times must be provided");
  BOOST_TEST(!ParseTimes("09:00", "").ok());
}

BOOST_AUTO_TEST_CASE(weekdays_are_read_and_checked) {
  BOOST_TEST(Is(ParseWeekdays("monday:friday"), 1, 5));
  BOOST_TEST(Is(ParseWeekdays("SUNDAY:Saturday"), 0, 6));
  BOOST_TEST(Is(ParseWeekdays("wednesday"), 3, 3));
  BOOST_TEST(ErrorOf(ParseWeekdays("Saturday:Sunday")) ==
             "end day sunday is before start day saturday");
  BOOST_TEST(ErrorOf(ParseWeekdays("mon")) == "mon is not a valid weekday");
  BOOST_TEST(ErrorOf(ParseWeekdays("monday:5")) == "5 is not a valid weekday");
  BOOST_TEST(ErrorOf(ParseWeekdays("monday:")) == " is not a valid weekday");
  BOOST_TEST(ErrorOf(ParseWeekdays("monday:tuesday:friday")) ==
             "couldn't parse range monday:tuesday:friday, invalid format");
}

BOOST_AUTO_TEST_CASE(days_of_the_month_are_read_and_checked) {
  BOOST_TEST(Is(ParseDaysOfMonth("1"), 1, 1));
  BOOST_TEST(Is(ParseDaysOfMonth("1:31"), 1, 31));
  BOOST_TEST(Is(ParseDaysOfMonth("-31:-1"), -31, -1));
  BOOST_TEST(Is(ParseDaysOfMonth("1:-1"), 1, -1));
  BOOST_TEST(Is(ParseDaysOfMonth("+5:+6"), 5, 6));
  BOOST_TEST(ErrorOf(ParseDaysOfMonth("0")) ==
             "0 is not a valid day of the month: out of range");
  BOOST_TEST(ErrorOf(ParseDaysOfMonth("1:32")) ==
             "32 is not a valid day of the month: out of range");
  BOOST_TEST(ErrorOf(ParseDaysOfMonth("-32:-1")) ==
             "-32 is not a valid day of the month: out of range");
  BOOST_TEST(ErrorOf(ParseDaysOfMonth("-3:3")) ==
             "end day must be negative if start day is negative");
  BOOST_TEST(ErrorOf(ParseDaysOfMonth("5:3")) ==
             "end day 3 is always before start day 5");
  BOOST_TEST(ErrorOf(ParseDaysOfMonth("-1:-3")) ==
             "end day -3 is always before start day -1");
  BOOST_TEST(ErrorOf(ParseDaysOfMonth("28:-1")) ==
             "end day -1 is always before start day 28");
  for (const char* bad : {"first", "", "1.", "+-1", "1:", "99999999999"}) {
    BOOST_TEST(ErrorOf(ParseDaysOfMonth(bad))
                   .find("is not a valid day of the month") !=
               std::string::npos);
  }
  BOOST_TEST(!ParseDaysOfMonth("1:2:3").ok());
}

BOOST_AUTO_TEST_CASE(months_are_read_and_checked) {
  BOOST_TEST(Is(ParseMonths("january:march"), 1, 3));
  BOOST_TEST(Is(ParseMonths("1:March"), 1, 3));
  BOOST_TEST(Is(ParseMonths("December"), 12, 12));
  BOOST_TEST(ErrorOf(ParseMonths("december:january")) ==
             "end month january is before start month december");
  BOOST_TEST(ErrorOf(ParseMonths("12:1")) ==
             "end month 1 is before start month 12");
  for (const char* bad : {"0", "13", "jan", "-1", ""}) {
    BOOST_TEST(ErrorOf(ParseMonths(bad)) ==
               std::string(bad) + " is not a valid month");
  }
  BOOST_TEST(!ParseMonths("1:2:3").ok());
}

BOOST_AUTO_TEST_CASE(years_are_read_and_checked) {
  BOOST_TEST(Is(ParseYears("2026"), 2026, 2026));
  BOOST_TEST(Is(ParseYears("2026:2030"), 2026, 2030));
  BOOST_TEST(ErrorOf(ParseYears("2027:2026")) ==
             "end year 2026 is before start year 2027");
  BOOST_TEST(ErrorOf(ParseYears("next")) == "next is not a valid year");
  BOOST_TEST(!ParseYears("1:2:3").ok());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
