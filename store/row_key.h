#pragma once

#include <cstdint>

#include "base/result.h"
#include "paging/alert_group.h"

// The integer key of a row that belongs to a group and has a number within it:
// a notification, a line of the timeline, a chunk of contents. The rows of a
// group lie side by side, and new ones come at the end or near it.
namespace tocsin::store {

// 4.2 million numbers a group and 2.2 million million groups in 63 bits.
inline constexpr int kNumberBits = 22;
inline constexpr std::int64_t kMaxNumber = (std::int64_t{1} << kNumberBits) - 1;
inline constexpr std::int64_t kMaxGroup =
    (std::int64_t{1} << (63 - kNumberBits)) - 1;

// kExhausted where the group or the number has outgrown its bits.
Result<std::int64_t> RowKey(paging::AlertGroupId group, std::int64_t number);

// Whether rows can belong to this group at all.
constexpr bool HasRowKeys(paging::AlertGroupId group) {
  return group.value() >= 1 && group.value() <= kMaxGroup;
}

// The smallest and the largest key of a group's rows; needs HasRowKeys.
constexpr std::int64_t FirstRowKey(paging::AlertGroupId group) {
  return group.value() << kNumberBits;
}
constexpr std::int64_t LastRowKey(paging::AlertGroupId group) {
  return FirstRowKey(group) | kMaxNumber;
}

constexpr paging::NotificationId NotificationOf(std::int64_t key) {
  return {.group = paging::AlertGroupId(key >> kNumberBits),
          .sequence = static_cast<std::uint32_t>(key & kMaxNumber)};
}

}  // namespace tocsin::store
