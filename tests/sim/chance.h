#pragma once

#include <chrono>
#include <cstdint>
#include <random>

#include "base/time.h"

namespace tocsin::testing {

// The dice of one story: equal seed, equal rolls.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}

  // From 0 to n - 1.
  int Below(int n) {
    return static_cast<int>(random_() % static_cast<unsigned>(n));
  }

  bool OneIn(int n) { return Below(n) == 0; }

  // Between two acts: milliseconds as well as hours.
  Duration Pause() {
    switch (Below(6)) {
      case 0:
        return Duration(Below(2000));
      case 1:
        return std::chrono::seconds(Below(60));
      case 2:
        return std::chrono::minutes(Below(10));
      case 3:
        return std::chrono::minutes(Below(90));
      default:
        return std::chrono::seconds(Below(10));
    }
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace tocsin::testing
