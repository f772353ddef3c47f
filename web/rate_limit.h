#pragma once

#include <algorithm>
#include <chrono>

#include "web/settings.h"

namespace tocsin::web {

// How often something may be done: `burst` times at once, then once each
// interval; what was not used gathers up to `burst`. Not thread-safe.
class RateLimit {
 public:
  using Time = std::chrono::steady_clock::time_point;

  // Requires an interval above 0. Begins full.
  RateLimit(const Rate& rate, Time now)
      : interval_(rate.interval),
        room_(rate.interval * rate.burst),
        full_at_(now) {}

  // `now` never runs backwards.
  bool Take(Time now) {
    // The bucket as the time at which it is full again: each use moves that by
    // an interval, and no further ahead than the bucket is large.
    const Time next = std::max(full_at_, now) + interval_;
    if (next - now > room_) return false;
    full_at_ = next;
    return true;
  }

 private:
  const std::chrono::nanoseconds interval_;
  const std::chrono::nanoseconds room_;
  Time full_at_;
};

}  // namespace tocsin::web
