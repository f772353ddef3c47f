#include <map>
#include <memory>
#include <set>
#include <string>

#include "engine/bundle.h"
#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// Nobody is sent two messages of one importance by one method within a minute,
// and no message waits for longer than that.
namespace tocsin::testing {

namespace {

class FoldingJudge final : public Property {
 public:
  void Committed(Story& story, const engine::Changes& done) override {
    for (const engine::OutboxInsert& insert : done.inserts) {
      Judge(story, insert);
    }
  }

  std::vector<std::string> MustOccur() const override {
    return {"folded", "send:bundle"};
  }

 private:
  void Judge(Story& story, const engine::OutboxInsert& insert) {
    const engine::Message& message = insert.message;
    const std::string name = "notification " + NotificationIdText(message.id);
    if (insert.due > story.clock.Now() + paging::kFoldWithin) {
      story.Broken(name + " waits for longer than a minute");
    }
    if (message.folded && insert.claimed) {
      story.Broken(name + " is folded and leaves at once");
    }
    if (message.folded) story.Count("folded");
    std::set<Instant>& departures = departures_[engine::FoldKeyOf(message)];
    const auto later = departures.upper_bound(insert.due);
    if (later != departures.begin()) {
      const Duration gap = insert.due - *std::prev(later);
      if (gap > Duration::zero() && gap < paging::kFoldWithin) {
        story.Broken(name + " leaves within a minute of another message");
      }
      if (gap == Duration::zero() && !message.folded) {
        story.Broken(name + " leaves beside another message, not with it");
      }
    }
    departures.insert(insert.due);
  }

  std::map<paging::FoldKey, std::set<Instant>> departures_;
};

}  // namespace

std::unique_ptr<Property> Folding() { return std::make_unique<FoldingJudge>(); }

}  // namespace tocsin::testing
