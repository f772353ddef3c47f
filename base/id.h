#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace tocsin {

// A 64-bit id that does not convert into the id of another thing. `Tag` is any
// (also incomplete) type. 0 is never given to anything and means "none yet".
template <typename Tag>
class Id {
 public:
  constexpr Id() = default;
  constexpr explicit Id(std::int64_t value) : value_(value) {}

  constexpr std::int64_t value() const { return value_; }
  constexpr auto operator<=>(const Id&) const = default;

 private:
  std::int64_t value_ = 0;
};

}  // namespace tocsin

template <typename Tag>
struct std::hash<tocsin::Id<Tag>> {
  std::size_t operator()(const tocsin::Id<Tag>& id) const {
    return std::hash<std::int64_t>()(id.value());
  }
};
