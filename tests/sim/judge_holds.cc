#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// A held group's route is muted by the file read last, it is looked at again
// within a day, and nobody is notified of it.
namespace tocsin::testing {

namespace {

using std::chrono::hours;

class HoldsJudge final : public Property {
 public:
  void AtRest(Story& story) override {
    for (const auto& [id, group] : story.store.groups()) {
      if (std::holds_alternative<paging::Held>(group.life)) Look(story, group);
    }
  }

  std::vector<std::string> MustOccur() const override { return {"seen:held"}; }

 private:
  static void Look(Story& story, const paging::AlertGroup& group) {
    const Instant now = story.clock.Now();
    story.Count("seen:held");
    const routing::Route* route = RouteOf(story.file(), group);
    if (route == nullptr || !routing::MutedBecause(*route, now)) {
      story.Broken("group " + std::to_string(group.id.value()) +
                   " is held though its route pages");
    }
    const std::optional<Instant> wake = WakeAt(group);
    if (!wake || *wake > now + hours(24)) {
      story.Broken("a held group sleeps for more than a day");
    }
    const bool notified = std::any_of(
        group.runs.begin(), group.runs.end(),
        [](const paging::PersonalRun& run) { return !run.stopped; });
    if (notified || !group.open_notifications.empty()) {
      story.Broken("somebody is notified of a held group");
    }
  }
};

}  // namespace

std::unique_ptr<Property> Holds() { return std::make_unique<HoldsJudge>(); }

}  // namespace tocsin::testing
