#pragma once

#include "engine/ports.h"

namespace tocsin::engine {

// Ids that count on from the largest one in the store. For a store with one
// writing process. Confined to the engine's thread.
class SequentialIds final : public IdSource {
 public:
  explicit SequentialIds(paging::AlertGroupId last) : last_(last.value()) {}

  paging::AlertGroupId NextGroupId() override {
    return paging::AlertGroupId(++last_);
  }

 private:
  std::int64_t last_;
};

}  // namespace tocsin::engine
