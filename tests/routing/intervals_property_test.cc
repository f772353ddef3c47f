// Time intervals against an oracle, over seeds that a failure prints.

#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "routing/intervals.h"

namespace tocsin::routing {
namespace {

Instant At(const std::string& text) { return ParseRfc3339(text).value(); }

// The same question, answered in another way: the calendar is counted up day
// by day from a known Monday, ranges are written out member by member, and the
// zone is an offset that is known by heart.
class SlowOracle {
 public:
  SlowOracle(Instant at, int offset_hours) {
    // 2000-01-03 was a Monday.
    const Instant monday = At("2000-01-03T00:00:00Z");
    const std::int64_t minutes =
        (ToMillis(at) - ToMillis(monday)) / 60000 + offset_hours * 60;
    minute_ = static_cast<int>(minutes % 1440);
    for (std::int64_t day = 0; day < minutes / 1440; ++day) NextDay();
  }

  bool Contains(const TimeInterval& interval) const {
    const auto listed = [](const std::optional<std::vector<Range>>& ranges,
                           int value) {
      if (!ranges) return true;
      for (const Range& range : *ranges) {
        for (int i = range.first; i <= range.last; ++i) {
          if (i == value) return true;
        }
      }
      return false;
    };
    std::optional<std::vector<Range>> minutes = interval.minutes;
    if (minutes) {
      for (Range& range : *minutes) --range.last;
    }
    return listed(minutes, minute_) && listed(interval.weekdays, weekday_) &&
           listed(interval.months, month_) && listed(interval.years, year_) &&
           DayListed(interval.days_of_month);
  }

 private:
  int Length() const {
    if (month_ == 4 || month_ == 6 || month_ == 9 || month_ == 11) return 30;
    if (month_ != 2) return 31;
    return year_ % 4 == 0 ? 29 : 28;  // good for 1901 to 2099
  }

  void NextDay() {
    weekday_ = weekday_ == 6 ? 0 : weekday_ + 1;
    if (++day_ <= Length()) return;
    day_ = 1;
    if (++month_ <= 12) return;
    month_ = 1;
    ++year_;
  }

  // Walks from the first to the last day of each range, in days of this month.
  bool DayListed(const std::optional<std::vector<Range>>& ranges) const {
    if (!ranges) return true;
    const auto place = [this](int day) {
      for (int from_end = 1; day < 0; ++from_end) {
        if (day == -from_end) return Length() - from_end + 1;
      }
      return day;
    };
    for (const Range& range : *ranges) {
      for (int day = place(range.first); day <= place(range.last); ++day) {
        if (day == day_) return true;
      }
    }
    return false;
  }

  int year_ = 2000;
  int month_ = 1;
  int day_ = 3;
  int weekday_ = 1;
  int minute_ = 0;
};

class Dice {
 public:
  explicit Dice(std::uint32_t seed) : engine_(seed) {}

  int Between(int first, int last) {
    return std::uniform_int_distribution<int>(first, last)(engine_);
  }

  // Absent, or up to three ranges.
  std::optional<std::vector<Range>> Ranges(int first, int last) {
    if (Between(0, 2) == 0) return std::nullopt;
    std::vector<Range> ranges(static_cast<std::size_t>(Between(0, 3)));
    for (Range& range : ranges) {
      range.first = Between(first, last);
      range.last = Between(range.first, last);
    }
    return ranges;
  }

  std::optional<std::vector<Range>> Days() {
    std::optional<std::vector<Range>> ranges = Ranges(1, 31);
    if (!ranges) return ranges;
    for (Range& range : *ranges) {
      const int kind = Between(0, 2);
      if (kind == 0) range = {-range.last, -range.first};
      if (kind == 1) range.last = -Between(1, 31);
    }
    return ranges;
  }

 private:
  std::mt19937 engine_;
};

BOOST_AUTO_TEST_SUITE(intervals)

BOOST_AUTO_TEST_CASE(random_intervals_hold_when_a_slow_oracle_says_so) {
  // Zones without summer time.
  const std::vector<std::pair<std::optional<Zone>, int>> zones = {
      {std::nullopt, 0},
      {Zone::Find("UTC").value(), 0},
      {Zone::Find("Asia/Tokyo").value(), 9},
      {Zone::Find("America/Phoenix").value(), -7}};
  const std::int64_t first = ToMillis(At("2000-01-05T00:00:00Z"));
  int held = 0;
  for (std::uint32_t seed = 0; seed < 4000; ++seed) {
    Dice dice(seed);
    TimeInterval interval;
    interval.minutes = dice.Ranges(0, 1440);
    interval.weekdays = dice.Ranges(0, 6);
    interval.days_of_month = dice.Days();
    interval.months = dice.Ranges(1, 12);
    interval.years = dice.Ranges(2000, 2037);
    const auto& [zone, hours] =
        zones[static_cast<std::size_t>(dice.Between(0, 3))];
    interval.zone = zone;
    // Up to the end of 2035, to the millisecond.
    const Instant at =
        FromMillis(first + std::int64_t{dice.Between(0, 13'139)} * 86'400'000 +
                   dice.Between(0, 86'399'999));
    const bool wanted = SlowOracle(at, hours).Contains(interval);
    if (wanted) ++held;
    BOOST_TEST(interval.Contains(at) == wanted,
               "seed " << seed << " at " << FormatRfc3339(at));
  }
  BOOST_TEST(held > 200);
  BOOST_TEST(held < 3800);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
