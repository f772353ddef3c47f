#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tocsin {

// All times of the product are UTC instants and lengths in milliseconds. In
// stores and on the wire between our parts they are integers of milliseconds.
using Duration = std::chrono::milliseconds;
using Instant = std::chrono::sys_time<Duration>;

constexpr std::int64_t ToMillis(Instant at) {
  return at.time_since_epoch().count();
}
constexpr Instant FromMillis(std::int64_t millis) {
  return Instant(Duration(millis));
}

// Parses "1h30m", "1w2d", "500ms", "0" as Prometheus does: units y w d h m s
// ms, largest first, each at most once, whole numbers only. "30", "1.5h",
// "-5s" and "" are errors (kInvalid), and so are lengths of 292 years and more
// (kExhausted).
// Source: prometheus/common model.ParseDuration.
Result<Duration> ParseDuration(std::string_view text);

// The text that ParseDuration takes back: "1h30m", "500ms", "0s". As Prometheus
// does it, years and weeks only where nothing remains ("90d", not "12w6d"). A
// negative length gets a minus, for logs only.
std::string FormatDuration(Duration length);

// For people: at most two neighbouring units, cut and not rounded: "3h 12m",
// "45s", "under 1s".
std::string DescribeDuration(Duration length);

// Parses RFC 3339 with 0 to 9 fraction digits and any offset; digits beyond
// milliseconds are cut. Years 0001 to 9999; no leap second.
Result<Instant> ParseRfc3339(std::string_view text);

// "2026-11-23T05:53:57.123Z"; always three fraction digits, always Z.
// What lies outside the years 0001 to 9999 is shown as the nearest end.
std::string FormatRfc3339(Instant at);

}  // namespace tocsin
