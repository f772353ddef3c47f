#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::hostile {

// How a hostile client ends its connection.
enum class Leave {
  kClose,
  kReset,
  kHalfClose,  // then reads what comes
  kRead,       // reads an answer, then closes
  kHold,       // keeps it, half said
};

// What one hostile connection does: sends the parts in their order, each as a
// packet of its own, then leaves.
struct Attack {
  std::string_view kind;
  std::vector<std::string> parts;
  Leave leave = Leave::kClose;
};

using Random = std::mt19937_64;

// One of the kinds against HTTP, equal for equal randomness.
Attack SomeAttack(Random& random);

// One against TLS. `hello` is what an honest client begins a handshake with.
Attack SomeTlsAttack(Random& random, const std::string& hello);

}  // namespace tocsin::hostile
