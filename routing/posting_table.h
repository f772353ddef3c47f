#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace tocsin::routing {

// Hashes to the numbers listed under them, flat: a look-up of a single number
// costs one cache miss. Keeps 32 bits of a hash, so numbers of another hash
// may be found too: what is found needs a second look. Immutable once
// built, thread-safe.
class PostingTable {
 public:
  using Posting = std::pair<std::uint64_t, std::uint32_t>;

  PostingTable() = default;
  explicit PostingTable(const std::vector<Posting>& postings) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> tagged;
    tagged.reserve(postings.size());
    for (const auto& [hash, number] : postings) {
      tagged.emplace_back(Tag(hash), number);
    }
    std::sort(tagged.begin(), tagged.end());
    tagged.erase(std::unique(tagged.begin(), tagged.end()), tagged.end());
    std::size_t size = 1;
    while (size < 2 * tagged.size()) size *= 2;
    slots_.resize(tagged.empty() ? 0 : size);
    for (auto from = tagged.begin(); from != tagged.end();) {
      const std::uint32_t tag = from->first;
      const auto to = std::find_if(from, tagged.end(), [tag](const auto& one) {
        return one.first != tag;
      });
      slots_[Place(tag)] = {tag, Store(from, to)};
      from = to;
    }
  }

  // The numbers under `hash`, ascending.
  std::span<const std::uint32_t> Find(std::uint64_t hash) const {
    if (slots_.empty()) return {};
    const Slot& slot = slots_[Place(Tag(hash))];
    if (slot.at == kFree) return {};
    if ((slot.at & kIsList) == 0) return {&slot.at, 1};
    const std::uint32_t* list = &lists_[slot.at & ~kIsList];
    return {list + 1, *list};
  }

  bool empty() const { return slots_.empty(); }

 private:
  static constexpr std::uint32_t kFree = 0xffffffffU;
  static constexpr std::uint32_t kIsList = 0x80000000U;

  struct Slot {
    std::uint32_t tag = 0;
    std::uint32_t at = kFree;  // the one number, or kIsList and where in lists_
  };

  static std::uint32_t Tag(std::uint64_t hash) {
    constexpr std::uint64_t kGolden = 0x9e3779b97f4a7c15U;  // 2^64 / phi
    return static_cast<std::uint32_t>((hash * kGolden) >> 32U);
  }

  // Where the numbers under `tag` are, or would be.
  std::size_t Place(std::uint32_t tag) const {
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = tag & mask;
    while (slots_[at].at != kFree && slots_[at].tag != tag) {
      at = (at + 1) & mask;
    }
    return at;
  }

  template <typename Iterator>
  std::uint32_t Store(Iterator from, Iterator to) {
    if (to - from == 1) return from->second;
    const auto at = static_cast<std::uint32_t>(lists_.size());
    lists_.push_back(static_cast<std::uint32_t>(to - from));
    for (; from != to; ++from) lists_.push_back(from->second);
    return at | kIsList;
  }

  std::vector<Slot> slots_;  // a power of two, at most half of them taken
  std::vector<std::uint32_t> lists_;  // of each its length, then its numbers
};

}  // namespace tocsin::routing
