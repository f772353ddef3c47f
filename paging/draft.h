#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "paging/apply.h"
#include "paging/planted.h"

namespace tocsin::paging {

// Up to this late, the next due time counts from the due time, so lateness
// does not add up; later than this we were down, and waits count from now, so
// that a restart never wakes the whole ladder at once.
inline constexpr Duration kLateAfter = std::chrono::minutes(1);

// A transition in the making: the state as it changes, and the effects it has
// had so far. Lives for one Apply, on its stack; confined to its thread.
class Draft {
 public:
  Draft(AlertGroup before, const World& sees, Instant at)
      : group(std::move(before)), world(sees), now(at) {}

  // Adds a timeline entry. `word` is what a metric counts (effect.h).
  void Note(TimelineKind kind, std::string text, std::string_view actor = {},
            std::string_view word = {}) {
    if (IsPlanted(Planted::kWithdrawnUnsaid) &&
        kind == TimelineKind::kNotificationWithdrawn) {
      return;
    }
    ++group.timeline_length;
    effects.push_back(Record{.entry = {.at = now,
                                       .kind = kind,
                                       .actor = std::string(actor),
                                       .text = std::move(text)},
                             .word = std::string(word)});
    changed = true;
  }

  // A decision not to notify, with the word of its reason.
  void NotNotified(std::string_view reason, std::string text) {
    Note(TimelineKind::kNotNotified, std::move(text), {}, reason);
  }

  // Makes the snapshot of a chain, with all it leads to, and keeps them.
  const ChainSnapshot& Take(const Chain& chain) {
    const auto snapshots = TakeSnapshots(chain, world.roster);
    for (const auto& snapshot : snapshots) {
      effects.push_back(KeepSnapshot{snapshot});
      taken[snapshot->hash] = snapshot;
    }
    changed = true;
    return *snapshots.back();
  }

  // What the group refers to by this hash: the snapshot that this transition
  // took, or one from before.
  const ChainSnapshot& Snapshot(const std::string& hash) const {
    const auto now_taken = taken.find(hash);
    if (now_taken != taken.end()) return *now_taken->second;
    const auto it = world.snapshots.find(hash);
    TOCSIN_CHECK(it != world.snapshots.end());
    return *it->second;
  }

  // The pointer of a chain; null: it is not there, and is asked for.
  const Served* Pointer(const std::string& chain) {
    const auto here = pointers.find(chain);
    if (here != pointers.end()) return &here->second;
    const auto known = world.pointers.find(chain);
    if (known != world.pointers.end()) return &known->second;
    needs.push_back(chain);
    return nullptr;
  }

  void Move(const std::string& chain, Served served) {
    effects.push_back(MovePointer{.chain = chain, .served = served});
    pointers[chain] = std::move(served);
  }

  // The instant from which a wait counts that follows something due at `due`.
  Instant Base(Instant due) const {
    if (IsPlanted(Planted::kWaitsFromNow)) return now;
    if (IsPlanted(Planted::kWholeLadder)) return due;
    return now - due > kLateAfter ? now : due;
  }

  AlertGroup group;
  std::vector<Effect> effects;
  bool changed = false;
  SnapshotSet taken;  // shared with their effects
  Pointers pointers;  // that this transition moved
  std::vector<std::string> needs;
  const World& world;
  const Instant now;
};

}  // namespace tocsin::paging
