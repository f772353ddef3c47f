#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "paging/attention.h"
#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// A group whose chain has ended long enough ago is unattended, and the last
// resort is called to no other. In the end, as all chains end and both files
// name a last resort, each group that still fires is unattended and the last
// resort was paged; but for those that a file wants to wake nobody.
namespace tocsin::testing {

namespace {

std::string NameOf(const paging::AlertGroup& group) {
  return "group " + std::to_string(group.id.value());
}

class AttentionJudge final : public Property {
 public:
  void AtRest(Story& story) override {
    for (const auto& [id, group] : story.store.groups()) {
      const auto* firing = std::get_if<paging::Firing>(&group.life);
      if (firing != nullptr) Look(story, group, *firing);
    }
  }

  void AtTheEnd(Story& story) override {
    for (const auto& [id, group] : story.store.groups()) {
      const auto* firing = std::get_if<paging::Firing>(&group.life);
      if (firing != nullptr) JudgeTheEnd(story, group, *firing);
    }
  }

  std::vector<std::string> MustOccur() const override {
    std::vector<std::string> kinds = {"seen:unattended",
                                      "seen:last_resort_alone",
                                      "seen:last_resort_beside_a_chain"};
    for (const char* words : kWords)
      kinds.push_back(std::string("text:") + words);
    return kinds;
  }

 private:
  static constexpr const char* kWords[] = {
      "its team cannot be reached", "could reach nobody",
      "has ended and nobody acknowledged", "by all its members",
      "important, by chain short"};

  static void Look(Story& story, const paging::AlertGroup& group,
                   const paging::Firing& firing) {
    if (firing.last_resort && !firing.unattended_since) {
      story.Broken("the last resort is paged for " + NameOf(group) +
                   ", which is attended");
    }
    const std::optional<Instant> due = paging::UnattendedAt(firing);
    if (due && *due <= story.clock.Now()) {
      story.Broken("nobody looks after " + NameOf(group));
    }
    if (firing.unattended_since) story.Count("seen:unattended");
    if (firing.last_resort) {
      story.Count(firing.escalation ? "seen:last_resort_beside_a_chain"
                                    : "seen:last_resort_alone");
    }
  }

  static void JudgeTheEnd(Story& story, const paging::AlertGroup& group,
                          const paging::Firing& firing) {
    for (const char* words : kWords) {
      if (Says(story, group, words)) {
        story.Count(std::string("text:") + words);
      }
    }
    if (!firing.unattended_since) {
      const bool to_be_quiet =
          Says(story, group, "the route discards") ||
          Says(story, group, "the route takes heartbeats") ||
          Says(story, group, "there are only chat channels");
      if (GoesOn(story, firing)) return;
      if (firing.escalation || !to_be_quiet) {
        story.Broken("nobody was told that nobody attends to " + NameOf(group));
      }
    } else if (!firing.last_resort) {
      story.Broken("the last resort was not paged for " + NameOf(group));
    } else if (!firing.last_resort->finished) {
      story.Broken("two quiet days did not use up the last resort's chain");
    }
  }

  // A chain may wait for alerts for ever, and for its hours for long.
  static bool GoesOn(Story& story, const paging::Firing& firing) {
    const std::optional<paging::Escalation>& run = firing.escalation;
    if (!run || run->finished) return false;
    return run->pause == paging::Pause::kForAlerts ||
           run->due > story.clock.Now();
  }

  static bool Says(Story& story, const paging::AlertGroup& group,
                   std::string_view words) {
    const auto& timeline = story.store.timeline(group.id);
    return std::any_of(timeline.begin(), timeline.end(),
                       [words](const paging::TimelineEntry& entry) {
                         return entry.text.find(words) != std::string::npos;
                       });
  }
};

}  // namespace

std::unique_ptr<Property> Attention() {
  return std::make_unique<AttentionJudge>();
}

}  // namespace tocsin::testing
