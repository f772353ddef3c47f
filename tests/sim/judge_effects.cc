#include <memory>

#include "tests/sim/names.h"
#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// Counts what commits made of effects, so that none of them is never tried.
namespace tocsin::testing {

namespace {

void Count(Story& story, const paging::Effect& effect, std::size_t n) {
  if (n == 0) return;
  story.Count(std::string("effect:") + EffectName(effect),
              static_cast<std::int64_t>(n));
}

class EffectsCount final : public Property {
 public:
  void Committed(Story& story, const engine::Changes& changes) override {
    std::size_t entries = 0;
    std::size_t contents = 0;
    for (const engine::GroupWrite& write : changes.groups) {
      entries += write.entries.size();
      contents += write.contents.size();
    }
    Count(story, paging::Notify(), changes.inserts.size());
    Count(story, paging::RetryAt(), changes.retries.size());
    Count(story, paging::Close(), changes.closed.size());
    Count(story, paging::Record(), entries);
    Count(story, paging::KeepContents(), contents);
    Count(story, paging::KeepSnapshot(), changes.snapshots.size());
    Count(story, paging::MovePointer(), changes.pointers.size());
  }
};

}  // namespace

std::unique_ptr<Property> Effects() { return std::make_unique<EffectsCount>(); }

}  // namespace tocsin::testing
