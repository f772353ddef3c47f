#include <memory>
#include <string>
#include <vector>

#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// A chain waits for alerts only while too few came, and a group remembers of
// them what its chain asks for. The turns of a list go round,
// whatever fails. What steps decide occurs.
namespace tocsin::testing {

namespace {

using std::chrono::minutes;

const char* const kWordsThatMustOccur[] = {
    "outside of these times: chain maze waits until",
    "of chain maze is skipped, notify_users",
    "waits for the next alert",
    "of chain maze is fulfilled:",
    "escalate to team helpers (now aides)",
    "chain help of team helpers begins",
    "chain maze goes on behind its step",
    "team nobody has no escalation chain"};

class ConditionsJudge final : public Property {
 public:
  // With one step that notifies the next of a list, eva, who is in it with one
  // other, has no two turns in a row. The other has, where eva has left.
  void Committed(Story& story, const engine::Changes& done) override {
    const auto pointer = done.pointers.find("maze");
    if (pointer == done.pointers.end()) return;
    int turns = 0;
    for (const engine::GroupWrite& write : done.groups) {
      for (const paging::TimelineEntry& entry : write.entries) {
        if (entry.text.find("notify the next of") != std::string::npos) ++turns;
      }
    }
    const std::string& user = pointer->second.back();
    story.Count("seen:turn_of_" + user);
    if (turns == 0) story.Broken("a pointer moves without a step");
    if (turns == 1 && user == "eva" && user == last_turn_) {
      story.Broken("eva has two turns in a row");
    }
    last_turn_ = user;
  }

  void AtRest(Story& story) override {
    for (const auto& [id, group] : story.store.groups()) {
      const auto* firing = std::get_if<paging::Firing>(&group.life);
      if (firing == nullptr || !firing->escalation) continue;
      const paging::Escalation& run = *firing->escalation;
      if (Outermost(story, run) != "maze") {
        if (group.episodes) story.Broken("a group remembers alerts in vain");
        continue;
      }
      if (!group.episodes || group.episodes->at.size() > 2) {
        story.Broken("a group remembers another number of alerts than asked");
      } else if (run.pause == paging::Pause::kForAlerts) {
        CheckWaiting(story, group);
      }
    }
  }

  void AtTheEnd(Story& story) override {
    for (const auto& [id, group] : story.store.groups()) {
      for (const auto& entry : story.store.timeline(id)) {
        for (const char* words : kWordsThatMustOccur) {
          if (entry.text.find(words) == std::string::npos) continue;
          story.Count(std::string("text:") + words);
        }
      }
    }
  }

  std::vector<std::string> MustOccur() const override {
    std::vector<std::string> kinds = {"seen:waits_for_alerts",
                                      "seen:turn_of_dan", "seen:turn_of_eva"};
    for (const char* words : kWordsThatMustOccur) {
      kinds.push_back(std::string("text:") + words);
    }
    return kinds;
  }

 private:
  // The name of the group's own chain.
  static std::string Outermost(Story& story, const paging::Escalation& run) {
    const std::string& hash =
        run.callers.empty() ? run.snapshot : run.callers.front().snapshot;
    return story.store.Snapshot(hash).value()->chain.name;
  }

  static void CheckWaiting(Story& story, const paging::AlertGroup& group) {
    story.Count("seen:waits_for_alerts");
    const std::vector<Instant>& at = group.episodes->at;
    if (at.size() == 2 && group.last_turn - at.front() < minutes(30)) {
      story.Broken("a chain waits for alerts though enough came");
    }
  }

  std::string last_turn_;
};

}  // namespace

std::unique_ptr<Property> Conditions() {
  return std::make_unique<ConditionsJudge>();
}

}  // namespace tocsin::testing
