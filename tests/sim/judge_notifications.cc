#include <memory>
#include <string>
#include <vector>

#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// In the end each notification was delivered, failed for good or withdrawn,
// just as the timeline says; and the timeline has said all that it can say.
namespace tocsin::testing {

namespace {

// What the timeline says where the files differ, or people are not notified.
const char* const kWordsThatMustOccur[] = {"(now robert)",
                                           "eva is no longer in",
                                           "team web is no longer in",
                                           "team web has no members",
                                           "notify team crew",
                                           "does not run notify_schedule",
                                           "resolved by step",
                                           "is not muted any more",
                                           "is gone from the configuration",
                                           "nobody is notified of it: the",
                                           "outside of day",
                                           "outside of noon",
                                           "within noon",
                                           "the route takes heartbeats",
                                           "the route discards",
                                           "there are only chat channels"};

class NotificationsJudge final : public Property {
 public:
  void AtTheEnd(Story& story) override {
    for (const auto& [id, group] : story.store.groups()) Look(story, group);
  }

  std::vector<std::string> MustOccur() const override {
    std::vector<std::string> kinds;
    for (const char* words : kWordsThatMustOccur) {
      kinds.push_back(std::string("text:") + words);
    }
    return kinds;
  }

 private:
  static void Look(Story& story, const paging::AlertGroup& group) {
    std::int64_t issued = 0;
    std::int64_t ended = 0;
    for (const paging::TimelineEntry& entry : story.store.timeline(group.id)) {
      Read(story, entry);
      switch (entry.kind) {
        case paging::TimelineKind::kNotificationIssued:
          ++issued;
          break;
        case paging::TimelineKind::kNotificationDelivered:
        case paging::TimelineKind::kNotificationFailed:
        case paging::TimelineKind::kNotificationWithdrawn:
          ++ended;
          break;
        default:
          break;
      }
    }
    if (issued != group.last_sequence || ended != issued) {
      story.Broken("group " + std::to_string(group.id.value()) + " issued " +
                   std::to_string(issued) + " notifications and ended " +
                   std::to_string(ended));
    }
  }

  static void Read(Story& story, const paging::TimelineEntry& entry) {
    story.Count(std::string("timeline:") + TimelineKindName(entry.kind));
    if (entry.text.find("bob is no longer in") != std::string::npos) {
      story.Broken("somebody with a new name is taken to be gone");
    }
    for (const char* words : kWordsThatMustOccur) {
      if (entry.text.find(words) != std::string::npos) {
        story.Count(std::string("text:") + words);
      }
    }
  }
};

}  // namespace

std::unique_ptr<Property> Notifications() {
  return std::make_unique<NotificationsJudge>();
}

}  // namespace tocsin::testing
