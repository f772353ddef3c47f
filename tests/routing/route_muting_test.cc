#include <boost/test/unit_test.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "routing/route.h"

namespace tocsin::routing {
namespace {

using namespace std::chrono_literals;

TimeInterval Hours(const char* start, const char* end, const char* zone) {
  TimeInterval entry;
  entry.minutes = {ParseTimes(start, end).value()};
  if (*zone != '\0') entry.zone = Zone::Find(zone).value();
  return entry;
}

NamedInterval Named(std::string name, std::vector<TimeInterval> entries) {
  return {std::move(name), std::make_shared<const std::vector<TimeInterval>>(
                               std::move(entries))};
}

NamedInterval OfficeHours() {
  TimeInterval entry = Hours("09:00", "17:00", "Europe/Zurich");
  entry.weekdays = {ParseWeekdays("monday:friday").value()};
  return Named("office-hours", {entry});
}

Instant At(const char* text) { return ParseRfc3339(text).value(); }

// The first minute by asking every one of a day.
Instant SlowNextLook(const Route& route, Instant at) {
  Instant minute = std::chrono::floor<std::chrono::minutes>(at) + 1min;
  while (minute < at + 24h && MutedBecause(route, minute)) minute += 1min;
  return std::min(minute, Instant(at + 24h));
}

BOOST_AUTO_TEST_SUITE(route_muting)

BOOST_AUTO_TEST_CASE(a_route_pages_within_its_active_intervals_only) {
  Route route;
  BOOST_TEST(!MutedBecause(route, At("2026-11-23T03:00:00Z")).has_value());
  route.active = {OfficeHours()};
  BOOST_TEST(!MutedBecause(route, At("2026-11-23T08:00:00Z")).has_value());
  BOOST_TEST(MutedBecause(route, At("2026-11-23T07:59:59Z")).value() ==
             "outside of office-hours");
  route.active.push_back(Named("lunch", {Hours("03:00", "04:00", "")}));
  BOOST_TEST(!MutedBecause(route, At("2026-11-23T03:30:00Z")).has_value());
  BOOST_TEST(MutedBecause(route, At("2026-11-22T12:00:00Z")).value() ==
             "outside of office-hours, lunch");
}

BOOST_AUTO_TEST_CASE(a_mute_interval_wins_over_an_active_one) {
  Route route;
  route.active = {OfficeHours()};
  route.mute = {Named("maintenance", {Hours("10:00", "11:00", "")})};
  BOOST_TEST(MutedBecause(route, At("2026-11-23T10:00:00Z")).value() ==
             "within maintenance");
  BOOST_TEST(!MutedBecause(route, At("2026-11-23T11:00:00Z")).has_value());
}

BOOST_AUTO_TEST_CASE(the_next_look_is_when_it_pages_or_a_day_later) {
  Route route;
  route.active = {OfficeHours()};
  BOOST_TEST((NextLook(route, At("2026-11-23T16:30:12Z")) ==
              At("2026-11-24T08:00:00Z")));
  BOOST_TEST((NextLook(route, At("2026-11-21T16:30:12.5Z")) ==
              At("2026-11-22T16:30:12.5Z")));
  route.active = {Named("never", {})};
  BOOST_TEST((NextLook(route, At("2026-11-23T16:30:00Z")) ==
              At("2026-11-24T16:30:00Z")));
}

BOOST_AUTO_TEST_CASE(the_next_look_finds_the_minute_that_asking_each_finds) {
  std::mt19937 random(5);
  const char* zones[] = {"", "Europe/Zurich", "Asia/Kathmandu",
                         "Australia/Lord_Howe", "America/St_Johns"};
  for (int i = 0; i < 60; ++i) {
    std::vector<TimeInterval> entries;
    for (std::size_t j = 0; j < 1 + random() % 2; ++j) {
      TimeInterval entry;
      const int start = static_cast<int>(random() % 1439);
      entry.minutes = {
          {start, start + 1 + static_cast<int>(random() % (1440U - start))}};
      const char* zone = zones[random() % std::size(zones)];
      if (*zone != '\0') entry.zone = Zone::Find(zone).value();
      if (random() % 2 == 0) entry.weekdays = {{0, 3}};
      entries.push_back(std::move(entry));
    }
    Route route;
    auto& listed = i % 2 == 0 ? route.active : route.mute;
    listed.push_back(Named("x", std::move(entries)));
    // Around a change of the clocks: the last weekend of March and October.
    const Instant at =
        At(i % 3 == 0 ? "2026-10-24T00:00:00Z" : "2026-03-28T00:00:00Z") +
        Duration(random() % 172'800'000);
    if (!MutedBecause(route, at)) continue;
    BOOST_TEST_CONTEXT("round " << i << " at " << FormatRfc3339(at)) {
      BOOST_TEST((NextLook(route, at) == SlowNextLook(route, at)));
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
