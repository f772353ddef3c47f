#pragma once

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

#include "store/memory/memory_store.h"

namespace tocsin::testing {

// A store in memory that outlives an engine, and whose writes a test may make
// fail, before or after they took effect. Confined to one thread.
class ModelStore final : public store::MemoryStore {
 public:
  enum class Fault { kNone, kBefore, kAfter, kConflict };
  // Asked at each Write; kAfter: it took effect, but the answer was lost.
  std::function<Fault()> fault;
  // Told of each Write that took effect, right after.
  std::function<void(const engine::Changes&)> committed;

  Status Write(const engine::Changes& changes) override {
    return Tried([&] {
      Status written = MemoryStore::Write(changes);
      if (committed) committed(changes);
      return written;
    });
  }

  Status WakeHeld(Instant at) override {
    const auto held = [](const auto& entry) {
      return std::holds_alternative<paging::Held>(entry.second.life);
    };
    if (std::none_of(groups().begin(), groups().end(), held)) return {};
    return Tried([&] { return MemoryStore::WakeHeld(at); });
  }

 private:
  template <typename Write>
  Status Tried(Write write) {
    const Fault now = fault ? fault() : Fault::kNone;
    if (now == Fault::kBefore) {
      return Error{Code::kUnavailable, "the model store fails before a write"};
    }
    if (now == Fault::kConflict) {
      return Error{Code::kConflict, "another writer was faster"};
    }
    Status written = write();
    if (now != Fault::kAfter) return written;
    return Error{Code::kInternal, "the model store fails after a write"};
  }
};

}  // namespace tocsin::testing
