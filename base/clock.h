#pragma once

#include "base/time.h"

namespace tocsin {

// Where the time of people comes from. The core never asks it: the engine
// reads it once a turn. Implementations are thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Instant Now() const = 0;
};

// The wall clock of the machine; the only caller of the system's clock for
// instants. Thread-safe.
class SystemClock final : public Clock {
 public:
  Instant Now() const override;
};

}  // namespace tocsin
