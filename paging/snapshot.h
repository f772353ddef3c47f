#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "paging/roster.h"

// Chains as they were when runs of them began, so that an edited file changes
// nothing that is under way. Names only. Immutable, thread-safe.
namespace tocsin::paging {

// Where an `escalate_to_team` led then: the team's way out.
struct FrozenWay {
  std::string team;  // as the step names it
  Importance importance = Importance::kDefault;
  std::optional<std::string> chain;  // hash of its snapshot; absent: none
  std::vector<std::string> chat_channels;
};

// A chain under the hash of its content. It holds the hashes of the chains that
// it leads to, these hold theirs: equal hashes are equal runs to their end.
struct ChainSnapshot {
  std::string hash;
  Chain chain;
  // Of its steps, for each importance that they may have then. Those that older
  // programs took have none.
  std::vector<FrozenWay> ways{};
};
using SnapshotSet =
    std::unordered_map<std::string, std::shared_ptr<const ChainSnapshot>>;

// The snapshot of a chain that leads as told: equal chains, equal hash.
std::shared_ptr<const ChainSnapshot> TakeSnapshot(
    const Chain& chain, std::vector<FrozenWay> ways = {});

// The snapshots of all chains that the chain leads to by this roster, and at
// the end its own. A way round in a circle, which the loader refuses, is cut.
std::vector<std::shared_ptr<const ChainSnapshot>> TakeSnapshots(
    const Chain& chain, const Roster& roster);

}  // namespace tocsin::paging
