#include "base/clock.h"

#include <chrono>

namespace tocsin {

Instant SystemClock::Now() const {
  return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

}  // namespace tocsin
