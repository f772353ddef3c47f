#pragma once

#include <memory>
#include <utility>

#include "engine/settings.h"
#include "paging/apply.h"

namespace tocsin::testing {

// What the core looks at when it is called without an engine: one file, and the
// snapshots that transitions have taken. Confined to one thread.
class SmallWorld {
 public:
  explicit SmallWorld(std::shared_ptr<const engine::Settings> settings)
      : settings_(std::move(settings)) {}

  // Another file is read.
  void Read(std::shared_ptr<const engine::Settings> settings) {
    settings_ = std::move(settings);
  }
  const engine::Settings& file() const { return *settings_; }

  paging::World Sees() const {
    return {.roster = settings_->roster,
            .tree = settings_->tree,
            .snapshots = snapshots_,
            .pointers = pointers_};
  }

  // What the engine would keep for the next transition.
  void Keep(const paging::Transition& transition) {
    for (const paging::Effect& effect : transition.effects) {
      const auto* taken = std::get_if<paging::KeepSnapshot>(&effect);
      if (taken != nullptr) {
        snapshots_.emplace(taken->snapshot->hash, taken->snapshot);
      } else if (const auto* moved =
                     std::get_if<paging::MovePointer>(&effect)) {
        pointers_[moved->chain] = moved->served;
      }
    }
  }

 private:
  std::shared_ptr<const engine::Settings> settings_;
  paging::SnapshotSet snapshots_;
  paging::Pointers pointers_;
};

}  // namespace tocsin::testing
