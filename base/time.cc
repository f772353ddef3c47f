#include "base/time.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdio>
#include <limits>
#include <optional>

namespace tocsin {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t millis;
  // Written only if it divides the length: "90d" reads better than "12w6d".
  bool only_exact;
};

constexpr std::int64_t kSecond = 1000;
constexpr std::int64_t kMinute = 60 * kSecond;
constexpr std::int64_t kHour = 60 * kMinute;
constexpr std::int64_t kDay = 24 * kHour;
constexpr std::array<Unit, 7> kUnits = {{
    {"y", 365 * kDay, true},
    {"w", 7 * kDay, true},
    {"d", kDay, false},
    {"h", kHour, false},
    {"m", kMinute, false},
    {"s", kSecond, false},
    {"ms", 1, false},
}};

// Prometheus counts nanoseconds in 64 bits; equal files are to be taken or
// refused by both.
constexpr std::int64_t kMaxMillis =
    std::numeric_limits<std::int64_t>::max() / 1'000'000;

constexpr Instant kFirstInstant =
    std::chrono::sys_days(std::chrono::year(1) / 1 / 1);
constexpr Instant kEndOfTime =
    std::chrono::sys_days(std::chrono::year(10000) / 1 / 1);

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

Error BadDuration(std::string_view text, std::string_view why) {
  return {Code::kInvalid, "not a duration: \"" + std::string(text) + "\" (" +
                              std::string(why) + ")"};
}

Error TooLong(std::string_view text) {
  return {Code::kExhausted,
          "longer than 292 years: \"" + std::string(text) + "\""};
}

Error BadTime(std::string_view text) {
  return {Code::kInvalid,
          "not an RFC 3339 time: \"" + std::string(text.substr(0, 64)) + "\""};
}

// Takes digits off the front of `rest`; absent if there are none or they
// exceed the longest length anyway.
std::optional<std::int64_t> TakeNumber(std::string_view& rest) {
  std::int64_t value = 0;
  std::size_t used = 0;
  while (used < rest.size() && IsDigit(rest[used])) {
    value = value * 10 + (rest[used] - '0');
    if (value > kMaxMillis) return std::nullopt;
    ++used;
  }
  if (used == 0) return std::nullopt;
  rest.remove_prefix(used);
  return value;
}

// Takes letters off the front of `rest`.
std::string_view TakeWord(std::string_view& rest) {
  std::size_t used = 0;
  while (used < rest.size() && rest[used] >= 'a' && rest[used] <= 'z') ++used;
  const std::string_view word = rest.substr(0, used);
  rest.remove_prefix(used);
  return word;
}

// Reads fixed places of a time stamp from left to right. After the first thing
// that is not as it should be, ok() is false for good.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // Exactly `places` digits, between `low` and `high`.
  int Number(std::size_t places, int low, int high) {
    int value = 0;
    for (std::size_t i = 0; i < places; ++i) {
      if (i >= rest_.size() || !IsDigit(rest_[i])) return Fail();
      value = value * 10 + (rest_[i] - '0');
    }
    rest_.remove_prefix(places);
    return value >= low && value <= high ? value : Fail();
  }

  // One of `allowed`; returns which.
  char OneOf(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_[0]) == std::string_view::npos) {
      Fail();
      return '\0';
    }
    const char found = rest_[0];
    rest_.remove_prefix(1);
    return found;
  }

  // An optional fraction of a second, cut to milliseconds.
  Duration Fraction() {
    constexpr std::size_t kMaxDigits = 9;
    if (rest_.empty() || rest_[0] != '.') return Duration(0);
    rest_.remove_prefix(1);
    int millis = 0;
    std::size_t digits = 0;
    for (; digits < rest_.size() && IsDigit(rest_[digits]); ++digits) {
      if (digits < 3) millis = millis * 10 + (rest_[digits] - '0');
    }
    if (digits == 0 || digits > kMaxDigits) return Duration(Fail());
    for (std::size_t i = digits; i < 3; ++i) millis *= 10;
    rest_.remove_prefix(digits);
    return Duration(millis);
  }

  // "Z" or "+hh:mm"; what is to be taken off to reach UTC.
  Duration Offset() {
    const char sign = OneOf("Zz+-");
    if (!ok_ || sign == 'Z' || sign == 'z') return Duration(0);
    const std::chrono::hours hours(Number(2, 0, 23));
    OneOf(":");
    const std::chrono::minutes minutes(Number(2, 0, 59));
    const Duration length = hours + minutes;
    return sign == '+' ? length : -length;
  }

  bool ok() const { return ok_; }
  bool done() const { return ok_ && rest_.empty(); }

 private:
  int Fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool ok_ = true;
};

}  // namespace

Result<Duration> ParseDuration(std::string_view text) {
  if (text == "0") return Duration(0);
  if (text.empty()) return BadDuration(text, "empty");
  std::string_view rest = text;
  std::int64_t total = 0;
  std::size_t next_unit = 0;
  while (!rest.empty()) {
    const std::optional<std::int64_t> count = TakeNumber(rest);
    if (!count) {
      if (IsDigit(rest[0])) return TooLong(text);
      return BadDuration(text, "a whole number is missing");
    }
    const std::string_view name = TakeWord(rest);
    const auto* const unit =
        std::find_if(kUnits.begin() + next_unit, kUnits.end(),
                     [name](const Unit& u) { return u.name == name; });
    if (unit == kUnits.end()) {
      return BadDuration(text, "units are y w d h m s ms, largest first");
    }
    if (*count > (kMaxMillis - total) / unit->millis) {
      return TooLong(text);
    }
    total += *count * unit->millis;
    next_unit = static_cast<std::size_t>(unit - kUnits.begin()) + 1;
  }
  return Duration(total);
}

std::string FormatDuration(Duration length) {
  if (length == Duration(0)) return "0s";
  std::string text = length < Duration(0) ? "-" : "";
  // Unsigned, so that the smallest number has a positive counterpart.
  std::uint64_t rest = static_cast<std::uint64_t>(length.count());
  if (length < Duration(0)) rest = 0 - rest;
  for (const Unit& unit : kUnits) {
    const auto size = static_cast<std::uint64_t>(unit.millis);
    if (rest < size || (unit.only_exact && rest % size != 0)) continue;
    text += std::to_string(rest / size);
    text += unit.name;
    rest %= size;
  }
  return text;
}

std::string DescribeDuration(Duration length) {
  std::int64_t rest = length.count();
  if (rest < kSecond) return "under 1s";
  constexpr std::array<Unit, 4> kSpoken = {{{"d", kDay, false},
                                            {"h", kHour, false},
                                            {"m", kMinute, false},
                                            {"s", kSecond, false}}};
  for (std::size_t i = 0; i < kSpoken.size(); ++i) {
    const Unit& large = kSpoken[i];
    if (rest < large.millis) continue;
    std::string text =
        std::to_string(rest / large.millis) + std::string(large.name);
    rest %= large.millis;
    if (i + 1 == kSpoken.size()) return text;
    const Unit& small = kSpoken[i + 1];
    if (rest < small.millis) return text;
    return text + " " + std::to_string(rest / small.millis) +
           std::string(small.name);
  }
  return "under 1s";
}

Result<Instant> ParseRfc3339(std::string_view text) {
  Scanner scan(text);
  const int year = scan.Number(4, 1, 9999);
  scan.OneOf("-");
  const int month = scan.Number(2, 1, 12);
  scan.OneOf("-");
  const int day = scan.Number(2, 1, 31);
  scan.OneOf("Tt");
  const std::chrono::hours hours(scan.Number(2, 0, 23));
  scan.OneOf(":");
  const std::chrono::minutes minutes(scan.Number(2, 0, 59));
  scan.OneOf(":");
  const std::chrono::seconds seconds(scan.Number(2, 0, 59));
  const Duration fraction = scan.Fraction();
  const Duration offset = scan.Offset();
  const std::chrono::year_month_day date(
      std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
      std::chrono::day(static_cast<unsigned>(day)));
  if (!scan.done() || !date.ok()) return BadTime(text);
  const Instant at = std::chrono::sys_days(date) + hours + minutes + seconds +
                     fraction - offset;
  if (at < kFirstInstant || at >= kEndOfTime) return BadTime(text);
  return at;
}

std::string FormatRfc3339(Instant at) {
  at = std::clamp(at, kFirstInstant, kEndOfTime - Duration(1));
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss<Duration> time(at - day);
  std::array<char, 32> text{};
  const int length = std::snprintf(
      text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ",
      static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
      static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
      static_cast<int>(time.minutes().count()),
      static_cast<int>(time.seconds().count()),
      static_cast<int>(time.subseconds().count()));
  return std::string(text.data(), static_cast<std::size_t>(length));
}

}  // namespace tocsin
