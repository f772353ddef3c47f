#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// What was answered "on disk" is there: the source's last accepted word on each
// alert is what its newest group says, and one that fires is in an open group,
// or in one that a person or a step has ended. Each team that a route sends a
// new episode to has it in a group.
namespace tocsin::testing {

namespace {

// Whether the team of this name, as the file has it now, has this episode.
bool Has(const engine::Settings& file, const paging::AlertGroup& group,
         const std::string& team_now, std::uint64_t fingerprint,
         const Word& word) {
  const paging::Team* team = file.roster.FindTeam(group.identity.team);
  return team != nullptr && team->name == team_now &&
         std::any_of(group.alerts.begin(), group.alerts.end(),
                     [&](const paging::AlertState& alert) {
                       return alert.fingerprint == fingerprint &&
                              alert.starts_at == word.starts_at &&
                              alert.status == routing::AlertStatus::kFiring;
                     });
}

class LastWordsJudge final : public Property {
 public:
  void Told(Story& story, const Key& alert) override {
    const Word& word = story.words.at(alert);
    if (!word.firing) return;
    const engine::Settings& file = story.file();
    const routing::LabelSet labels = LabelsOf(alert);
    const std::uint64_t fingerprint = routing::Fingerprint(labels);
    for (const routing::Route* route :
         file.tree.Decide(labels, {.source = "am", .receiver = "tocsin"})) {
      story.Count("seen:new_episode");
      const auto& groups = story.store.groups();
      if (std::none_of(groups.begin(), groups.end(), [&](const auto& entry) {
            return Has(file, entry.second, route->team, fingerprint, word);
          })) {
        story.Broken("team " + route->team + " was not told of " + alert.first);
      }
    }
  }

  void AtTheEnd(Story& story) override {
    for (const auto& [key, word] : story.words) {
      if (word.accepted && !Kept(story, key, word)) {
        story.Broken("the source's last word on " + key.first + " of " +
                     key.second + (word.firing ? ", firing" : ", resolved") +
                     " since " + FormatRfc3339(*word.starts_at) + ", is lost");
      }
    }
  }

  std::vector<std::string> MustOccur() const override {
    return {"seen:new_episode"};
  }

 private:
  // By the group that knows its latest episode, and of these by the one that
  // heard of it last, or by any that is open.
  static bool Kept(Story& story, const Key& key, const Word& word) {
    const std::uint64_t fingerprint = routing::Fingerprint(LabelsOf(key));
    bool newest = !word.firing;  // agrees
    bool any_open = false;
    std::pair<Instant, Instant> latest;  // start, last word
    for (const auto& [id, group] : story.store.groups()) {
      for (const paging::AlertState& alert : group.alerts) {
        if (alert.fingerprint != fingerprint) continue;
        const bool fires = alert.status == routing::AlertStatus::kFiring;
        // That it is over does not concern a group that is over.
        const bool agrees =
            fires == word.firing || (!word.firing && !IsOpen(group));
        any_open |= agrees && IsOpen(group);
        const std::pair known(alert.starts_at, alert.last_seen);
        if (known < latest) continue;
        newest = agrees || (newest && known == latest);
        latest = known;
      }
    }
    return newest || any_open;
  }
};

}  // namespace

std::unique_ptr<Property> LastWords() {
  return std::make_unique<LastWordsJudge>();
}

}  // namespace tocsin::testing
