#pragma once

#include "base/clock.h"

namespace tocsin::testing {

// Time that moves when a test says so. Confined to one thread.
class VirtualClock final : public Clock {
 public:
  Instant Now() const override { return now_; }
  void Advance(Duration length) { now_ += length; }
  void Set(Instant now) { now_ = now; }

 private:
  Instant now_ = FromMillis(1'800'000'000'000);  // some day in 2027
};

}  // namespace tocsin::testing
