#include "base/time.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"

namespace tocsin {
namespace {

using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(time)

BOOST_AUTO_TEST_CASE(durations_are_read_as_prometheus_reads_them) {
  const std::vector<std::pair<std::string, Duration>> cases = {
      {"0", 0ms},
      {"0s", 0ms},
      {"0w", 0ms},
      {"500ms", 500ms},
      {"30s", 30s},
      {"5m30s", 5min + 30s},
      {"1h30m", 90min},
      {"4d", 96h},
      {"4d1h", 97h},
      {"14d", 336h},
      {"3w", 504h},
      {"3w2d1h", 553h},
      {"10y", 87600h},
      {"1y2w3d4h5m6s7ms", 24h * (365 + 14 + 3) + 4h + 5min + 6s + 7ms},
      {"007s", 7s},
  };
  for (const auto& [text, want] : cases) {
    BOOST_TEST_CONTEXT(text) {
      const Result<Duration> got = ParseDuration(text);
      BOOST_TEST_REQUIRE(got.ok());
      BOOST_TEST(got.value().count() == want.count());
    }
  }
}

BOOST_AUTO_TEST_CASE(durations_prometheus_refuses_are_refused) {
  for (const char* text :
       {"",    "30",   "1",   "1.5h", "-5s",  "-1w",   "+5s",
        " 5s", "5s ",  "5 s", "1d1y", "5m5m", "1ms1s", "1m1h",
        "s",   "1h30", "1H",  "1µs",  "1min", "00"}) {
    BOOST_TEST_CONTEXT(text) {
      const Result<Duration> got = ParseDuration(text);
      BOOST_TEST_REQUIRE(!got.ok());
      BOOST_TEST((got.error().code == Code::kInvalid));
    }
  }
  for (const char* text :
       {"293y", "294y", "99999999999999999999s", "9223372036854775807ms"}) {
    BOOST_TEST_CONTEXT(text) {
      const Result<Duration> got = ParseDuration(text);
      BOOST_TEST_REQUIRE(!got.ok());
      BOOST_TEST((got.error().code == Code::kExhausted));
    }
  }
}

BOOST_AUTO_TEST_CASE(durations_are_written_as_prometheus_writes_them) {
  const std::vector<std::pair<Duration, std::string>> cases = {
      {0ms, "0s"},         {500ms, "500ms"},         {90min, "1h30m"},
      {24h * 90, "90d"},   {24h * 21, "3w"},         {24h * 365, "1y"},
      {24h * 366, "366d"}, {24h * 10 + 1s, "10d1s"}, {-5s, "-5s"},
      {1s + 1ms, "1s1ms"},
  };
  for (const auto& [length, want] : cases) {
    BOOST_TEST(FormatDuration(length) == want);
  }
  BOOST_TEST(FormatDuration(Duration::min()).front() == '-');
}

BOOST_AUTO_TEST_CASE(a_written_duration_is_read_back) {
  for (std::int64_t millis = 1; millis < (std::int64_t{1} << 42);
       millis = millis * 3 + 7) {
    const Result<Duration> back =
        ParseDuration(FormatDuration(Duration(millis)));
    BOOST_TEST_REQUIRE(back.ok());
    BOOST_TEST(back.value().count() == millis);
  }
}

BOOST_AUTO_TEST_CASE(people_are_told_at_most_two_units) {
  const std::vector<std::pair<Duration, std::string>> cases = {
      {-1s, "under 1s"}, {999ms, "under 1s"},         {45s + 900ms, "45s"},
      {1min, "1m"},      {3h + 12min, "3h 12m"},      {3h + 12s, "3h"},
      {49h, "2d 1h"},    {24h * 400 + 59min, "400d"},
  };
  for (const auto& [length, want] : cases) {
    BOOST_TEST(DescribeDuration(length) == want);
  }
}

BOOST_AUTO_TEST_CASE(rfc3339_is_read_with_any_fraction_and_offset) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"2026-11-23T02:59:56.39Z", "2026-11-23T02:59:56.390Z"},
      {"2026-11-23T02:59:56Z", "2026-11-23T02:59:56.000Z"},
      {"2026-11-23T02:59:56.123456789Z", "2026-11-23T02:59:56.123Z"},
      {"2026-11-23T02:59:56.999999999Z", "2026-11-23T02:59:56.999Z"},
      {"2026-11-23T02:59:56.7+05:30", "2026-11-22T21:29:56.700Z"},
      {"2026-11-23T20:59:56-08:00", "2026-11-24T04:59:56.000Z"},
      {"2024-02-29T12:00:00-00:00", "2024-02-29T12:00:00.000Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
      {"1969-12-31T23:59:59.9Z", "1969-12-31T23:59:59.900Z"},
      {"9999-12-31T23:59:59.999999999Z", "9999-12-31T23:59:59.999Z"},
  };
  for (const auto& [text, want] : cases) {
    BOOST_TEST_CONTEXT(text) {
      const Result<Instant> got = ParseRfc3339(text);
      BOOST_TEST_REQUIRE(got.ok());
      BOOST_TEST(FormatRfc3339(got.value()) == want);
    }
  }
  BOOST_TEST(ToMillis(ParseRfc3339("1970-01-01T00:00:01.5Z").value()) == 1500);
}

BOOST_AUTO_TEST_CASE(what_is_no_rfc3339_is_refused) {
  for (const char* text : {"",
                           "2026-11-23",
                           "2026-11-23T02:59:56",
                           "2026-11-23 02:59:56Z",
                           "2026-11-23T02:59:56.Z",
                           "2026-11-23T02:59:56.1234567890Z",
                           "2026-13-01T00:00:00Z",
                           "2026-02-29T00:00:00Z",
                           "2026-00-10T00:00:00Z",
                           "2026-11-31T00:00:00Z",
                           "2026-11-23T24:00:00Z",
                           "2026-11-23T23:60:00Z",
                           "2026-11-23T23:59:60Z",
                           "0000-01-01T00:00:00Z",
                           "0001-01-01T00:00:00+00:01",
                           "9999-12-31T23:59:59-00:01",
                           "2026-11-23T02:59:56+24:00",
                           "2026-11-23T02:59:56+0100",
                           "2026-11-23T02:59:56Zjunk",
                           "2026-1-23T02:59:56Z",
                           "+026-11-23T02:59:56Z",
                           "1732330796"}) {
    BOOST_TEST_CONTEXT(text) { BOOST_TEST(!ParseRfc3339(text).ok()); }
  }
}

BOOST_AUTO_TEST_CASE(instants_out_of_range_are_shown_as_the_nearest_end) {
  BOOST_TEST(FormatRfc3339(Instant::min()) == "0001-01-01T00:00:00.000Z");
  BOOST_TEST(FormatRfc3339(Instant::max()) == "9999-12-31T23:59:59.999Z");
}

BOOST_AUTO_TEST_CASE(the_system_clock_tells_a_plausible_time) {
  BOOST_TEST(
      (SystemClock().Now() > ParseRfc3339("2024-01-01T00:00:00Z").value()));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin
