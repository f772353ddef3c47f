#pragma once

#include <cstdint>
#include <string_view>

namespace tocsin::routing {

constexpr std::uint64_t kFnvOffset = 14695981039346656037U;

// FNV-1a 64 over `bytes`, going on from `hash`. Stable for ever: stored
// identities are made of it. No defence against chosen collisions.
constexpr std::uint64_t Fnv1a(std::string_view bytes,
                              std::uint64_t hash = kFnvOffset) {
  constexpr std::uint64_t kPrime = 1099511628211U;
  for (const char c : bytes) {
    hash ^= static_cast<unsigned char>(c);
    hash *= kPrime;
  }
  return hash;
}

}  // namespace tocsin::routing
