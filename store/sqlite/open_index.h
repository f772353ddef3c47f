#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "engine/ports.h"
#include "paging/alert_group.h"

namespace tocsin::store::sqlite {

// Which groups that hear (paging::Hears) may hold an alert or have an identity,
// in memory: tables
// for this on disk would cost two thirds of the writer's speed, and with one
// process nothing can make them stale. Keys are 64-bit hashes: a candidate is
// to be checked on its row. About 100 bytes a group and 90 more for each of its
// alerts. Confined to the engine's thread.
class OpenIndex {
 public:
  // Takes the committed state of a group: one that hears is found from now on
  // by its identity and by every alert it holds, another no more.
  void Put(const paging::AlertGroup& group);

  // Ids of the groups that may match, in no order; may hold one twice.
  std::vector<std::int64_t> Candidates(
      const paging::GroupIdentity& identity) const;
  std::vector<std::int64_t> Candidates(const engine::AlertKey& alert) const;

  std::size_t groups() const { return keys_.size(); }

 private:
  void Drop(std::int64_t id);
  std::vector<std::int64_t> At(std::uint64_t key) const;

  std::unordered_multimap<std::uint64_t, std::int64_t> groups_;  // by key
  std::unordered_map<std::int64_t, std::vector<std::uint64_t>>
      keys_;  // by group
};

}  // namespace tocsin::store::sqlite
