#include "store/sqlite/open_index.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace tocsin::store::sqlite {
namespace {

// An odd constant with well mixed bits (2^64 over the golden ratio).
constexpr std::uint64_t kMix = 0x9e3779b97f4a7c15;

std::uint64_t Mix(std::uint64_t seed, std::uint64_t value) {
  return (seed ^ (value + kMix + (seed << 6) + (seed >> 2))) * kMix;
}

std::uint64_t Mix(std::uint64_t seed, std::string_view text) {
  return Mix(seed, std::uint64_t{std::hash<std::string_view>()(text)});
}

std::uint64_t KeyOf(const paging::GroupIdentity& identity) {
  std::uint64_t key = Mix(1, identity.route);
  key = Mix(key, identity.team);
  key = Mix(key, identity.source);
  key = Mix(key, identity.receiver);
  return Mix(key, identity.group_key);
}

std::uint64_t KeyOf(std::string_view source, std::uint64_t fingerprint) {
  return Mix(Mix(2, source), fingerprint);
}

std::vector<std::uint64_t> KeysOf(const paging::AlertGroup& group) {
  std::vector<std::uint64_t> keys;
  keys.reserve(group.alerts.size() + 1);
  keys.push_back(KeyOf(group.identity));
  for (const paging::AlertState& alert : group.alerts) {
    keys.push_back(KeyOf(group.identity.source, alert.fingerprint));
  }
  return keys;
}

}  // namespace

void OpenIndex::Put(const paging::AlertGroup& group) {
  const std::int64_t id = group.id.value();
  if (!paging::Hears(group)) return Drop(id);
  std::vector<std::uint64_t> keys = KeysOf(group);
  const auto known = keys_.find(id);
  if (known != keys_.end() && known->second == keys) return;
  Drop(id);
  for (const std::uint64_t key : keys) groups_.emplace(key, id);
  keys_.emplace(id, std::move(keys));
}

void OpenIndex::Drop(std::int64_t id) {
  const auto known = keys_.find(id);
  if (known == keys_.end()) return;
  for (const std::uint64_t key : known->second) {
    const auto [begin, end] = groups_.equal_range(key);
    const auto found = std::find_if(
        begin, end, [id](const auto& entry) { return entry.second == id; });
    if (found != end) groups_.erase(found);
  }
  keys_.erase(known);
}

std::vector<std::int64_t> OpenIndex::Candidates(
    const paging::GroupIdentity& identity) const {
  return At(KeyOf(identity));
}

std::vector<std::int64_t> OpenIndex::Candidates(
    const engine::AlertKey& alert) const {
  return At(KeyOf(alert.source, alert.fingerprint));
}

std::vector<std::int64_t> OpenIndex::At(std::uint64_t key) const {
  std::vector<std::int64_t> ids;
  const auto [begin, end] = groups_.equal_range(key);
  for (auto entry = begin; entry != end; ++entry) ids.push_back(entry->second);
  return ids;
}

}  // namespace tocsin::store::sqlite
