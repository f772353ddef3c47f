#include "base/zone.h"

#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

namespace tocsin {
namespace {

Zone Named(const std::string& name) {
  const Result<Zone> zone = Zone::Find(name);
  BOOST_TEST_REQUIRE(zone.ok(), name);
  return zone.value();
}

std::string TwoDigits(int number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

// "2026-11-23 09:05", as a clock on a wall there shows it.
std::string Wall(const Zone& zone, const std::string& rfc3339) {
  const WallTime wall = zone.At(ParseRfc3339(rfc3339).value());
  return std::to_string(wall.year) + "-" + TwoDigits(wall.month) + "-" +
         TwoDigits(wall.day) + " " + TwoDigits(wall.minute / 60) + ":" +
         TwoDigits(wall.minute % 60);
}

BOOST_AUTO_TEST_SUITE(zone)

BOOST_AUTO_TEST_CASE(utc_is_what_the_instant_says) {
  for (const Zone& utc : {Zone::Utc(), Named("UTC"), Named("Etc/UTC")}) {
    BOOST_TEST(Wall(utc, "2026-11-23T09:05:59.999Z") == "2026-11-23 09:05");
    BOOST_TEST(Wall(utc, "1969-12-31T23:59:59.999Z") == "1969-12-31 23:59");
  }
  BOOST_TEST(Zone::Utc().name() == "UTC");
  BOOST_TEST(Named("Etc/UTC").name() == "Etc/UTC");
}

BOOST_AUTO_TEST_CASE(weekdays_and_lengths_of_months_are_told) {
  const Zone utc = Zone::Utc();
  const auto at = [&utc](const char* text) {
    return utc.At(ParseRfc3339(text).value());
  };
  BOOST_TEST(at("1970-01-01T00:00:00Z").weekday == 4);
  BOOST_TEST(at("2026-11-22T00:00:00Z").weekday == 0);  // a Sunday
  BOOST_TEST(at("2026-11-28T00:00:00Z").weekday == 6);
  BOOST_TEST(at("2026-11-22T00:00:00Z").days_in_month == 30);
  BOOST_TEST(at("2026-02-01T00:00:00Z").days_in_month == 28);
  BOOST_TEST(at("2028-02-29T00:00:00Z").days_in_month == 29);
  BOOST_TEST(at("2100-02-01T00:00:00Z").days_in_month == 28);
  BOOST_TEST(at("2000-02-01T00:00:00Z").days_in_month == 29);
  BOOST_TEST(at("2026-12-31T23:59:59Z").days_in_month == 31);
}

BOOST_AUTO_TEST_CASE(a_gap_is_jumped_over) {
  const Zone zurich = Named("Europe/Zurich");
  BOOST_TEST(Wall(zurich, "2026-03-29T00:59:59.999Z") == "2026-03-29 01:59");
  BOOST_TEST(Wall(zurich, "2026-03-29T01:00:00Z") == "2026-03-29 03:00");
}

BOOST_AUTO_TEST_CASE(a_doubled_hour_is_shown_twice) {
  const Zone zurich = Named("Europe/Zurich");
  BOOST_TEST(Wall(zurich, "2026-10-25T00:30:00Z") == "2026-10-25 02:30");
  BOOST_TEST(Wall(zurich, "2026-10-25T00:59:59Z") == "2026-10-25 02:59");
  BOOST_TEST(Wall(zurich, "2026-10-25T01:00:00Z") == "2026-10-25 02:00");
  BOOST_TEST(Wall(zurich, "2026-10-25T01:30:00Z") == "2026-10-25 02:30");
  BOOST_TEST(Wall(zurich, "2026-10-25T02:00:00Z") == "2026-10-25 03:00");
}

BOOST_AUTO_TEST_CASE(the_south_has_its_summer_at_the_turn_of_the_year) {
  const Zone sydney = Named("Australia/Sydney");
  BOOST_TEST(Wall(sydney, "2026-01-15T00:00:00Z") == "2026-01-15 11:00");
  BOOST_TEST(Wall(sydney, "2026-07-15T00:00:00Z") == "2026-07-15 10:00");
  BOOST_TEST(Wall(sydney, "2026-04-04T15:59:00Z") == "2026-04-05 02:59");
  BOOST_TEST(Wall(sydney, "2026-04-04T16:00:00Z") == "2026-04-05 02:00");
  BOOST_TEST(Wall(sydney, "2026-10-03T16:00:00Z") == "2026-10-04 03:00");
}

BOOST_AUTO_TEST_CASE(offsets_need_not_be_whole_hours) {
  BOOST_TEST(Wall(Named("Asia/Kolkata"), "2026-11-23T18:30:00Z") ==
             "2026-11-24 00:00");
  BOOST_TEST(Wall(Named("Asia/Kathmandu"), "2026-11-23T18:15:00Z") ==
             "2026-11-24 00:00");
  BOOST_TEST(Wall(Named("America/St_Johns"), "2026-11-23T03:29:00Z") ==
             "2026-11-22 23:59");
  // Here the clocks change by half an hour.
  const Zone lord_howe = Named("Australia/Lord_Howe");
  BOOST_TEST(Wall(lord_howe, "2026-01-15T00:00:00Z") == "2026-01-15 11:00");
  BOOST_TEST(Wall(lord_howe, "2026-07-15T00:00:00Z") == "2026-07-15 10:30");
}

BOOST_AUTO_TEST_CASE(a_day_that_a_zone_skipped_is_not_shown) {
  const Zone apia = Named("Pacific/Apia");
  BOOST_TEST(Wall(apia, "2011-12-30T09:59:00Z") == "2011-12-29 23:59");
  BOOST_TEST(Wall(apia, "2011-12-30T10:00:00Z") == "2011-12-31 00:00");
}

BOOST_AUTO_TEST_CASE(the_far_past_has_the_suns_time) {
  // 34 minutes and 8 seconds before Greenwich.
  const Zone zurich = Named("Europe/Zurich");
  BOOST_TEST(Wall(zurich, "1800-06-15T12:00:00Z") == "1800-06-15 12:34");
  BOOST_TEST(Wall(zurich, "0001-01-01T00:00:00Z") == "1-01-01 00:34");
}

BOOST_AUTO_TEST_CASE(what_lies_beyond_the_calendar_is_its_nearest_end) {
  const Zone utc = Zone::Utc();
  BOOST_TEST(utc.At(Instant::min()).year == 1);
  BOOST_TEST(utc.At(Instant::max()).year == 9999);
  BOOST_TEST(Named("Asia/Tokyo").At(Instant::max()).year == 10000);
  BOOST_TEST(Named("America/New_York").At(Instant::min()).year == 0);
}

// A limit of Debian's library: after 2037 no clock is changed any more. What
// held at the end of that year stays, winter in the north, summer in the south.
BOOST_AUTO_TEST_CASE(after_2037_no_clock_changes_any_more) {
  const Zone zurich = Named("Europe/Zurich");
  BOOST_TEST(Wall(zurich, "2037-07-15T12:00:00Z") == "2037-07-15 14:00");
  BOOST_TEST(Wall(zurich, "2038-01-15T12:00:00Z") == "2038-01-15 13:00");
  BOOST_TEST(Wall(zurich, "2038-07-15T12:00:00Z") == "2038-07-15 13:00");
}

BOOST_AUTO_TEST_CASE(local_is_the_zone_of_the_machine) {
  // With no zone set, some machines have none; then it is refused in words.
  const Result<Zone> local = Zone::Find("Local");
  if (!local.ok()) {
    BOOST_TEST(!local.error().message.empty());
    return;
  }
  BOOST_TEST(local.value().name() == "Local");
  unsetenv("TZ");  // which the C library puts before the machine's zone
  for (const char* text : {"2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"}) {
    const Instant at = ParseRfc3339(text).value();
    const std::time_t seconds = ToMillis(at) / 1000;
    std::tm wanted{};
    BOOST_TEST_REQUIRE(localtime_r(&seconds, &wanted) != nullptr);
    const WallTime wall = local.value().At(at);
    BOOST_TEST(wall.minute == wanted.tm_hour * 60 + wanted.tm_min);
    BOOST_TEST(wall.day == wanted.tm_mday);
  }
}

BOOST_AUTO_TEST_CASE(an_unknown_name_is_refused_and_named) {
  for (const std::string name :
       {"", "Europe/Nowhere", "europe/zurich", "Europe", "CETX", "utc",
        "../../etc/passwd", "zonenow.tab", "tzdata.zi", "leapseconds",
        "Europe/Zurich ", "local"}) {
    const Result<Zone> zone = Zone::Find(name);
    BOOST_TEST_REQUIRE(!zone.ok(), name);
    BOOST_TEST((zone.error().code == Code::kInvalid));
    BOOST_TEST(zone.error().message == "there is no time zone \"" + name +
                                           "\" in the system's database");
  }
}

BOOST_AUTO_TEST_CASE(threads_may_look_at_one_zone_at_once) {
  const Zone zurich = Named("Europe/Zurich");
  std::vector<std::string> seen(8);
  std::vector<std::thread> threads;
  for (std::string& wall : seen) {
    threads.emplace_back([&wall, &zurich] {
      const Zone copy = zurich;
      const Result<Zone> other = Zone::Find("Asia/Tokyo");
      for (int i = 0; i < 100; ++i) {
        wall = Wall(copy, "2026-07-15T12:00:00Z");
        if (other.ok()) wall += Wall(other.value(), "2026-07-15T12:00:00Z");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& wall : seen) {
    BOOST_TEST(wall == "2026-07-15 14:002026-07-15 21:00");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin
