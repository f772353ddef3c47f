#include <algorithm>
#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// The timeline explains every step that notifies people: behind its line each
// of them is notified in the same commit, or a line says why not.
namespace tocsin::testing {

namespace {

using Entries = std::vector<paging::TimelineEntry>;
using Kind = paging::TimelineKind;

// Whether a line behind `step` is about one of these names of somebody.
bool Explains(const Entries& entries, std::size_t step,
              const std::vector<std::string>& names) {
  return std::any_of(
      entries.begin() + static_cast<std::ptrdiff_t>(step), entries.end(),
      [&names](const paging::TimelineEntry& entry) {
        if (entry.kind == Kind::kResolved) return true;  // before it was sent
        return (entry.kind == Kind::kNotificationIssued ||
                entry.kind == Kind::kNotNotified) &&
               std::any_of(names.begin(), names.end(),
                           [&entry](const std::string& name) {
                             return entry.text.find(name) != std::string::npos;
                           });
      });
}

// The names in "bob (now robert), ada (late by 3h)".
std::vector<std::vector<std::string>> PeopleIn(std::string text) {
  text = text.substr(0, text.find(" (late"));
  std::vector<std::vector<std::string>> people;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ',');) {
    std::vector<std::string> names;
    std::istringstream words(part);
    for (std::string word; words >> word;) {
      std::erase_if(word, [](char c) { return c == '(' || c == ')'; });
      if (word != "now") names.push_back(word);
    }
    people.push_back(std::move(names));
  }
  return people;
}

class StepsJudge final : public Property {
 public:
  void Committed(Story& story, const engine::Changes& changes) override {
    for (const engine::GroupWrite& write : changes.groups) {
      for (std::size_t i = 0; i < write.entries.size(); ++i) {
        if (write.entries[i].kind != Kind::kStepRun) continue;
        Look(story, write.entries, i);
        LookAtPause(story, write.group.id, write.entries[i]);
      }
    }
  }

  std::vector<std::string> MustOccur() const override {
    return {"seen:step_for_people", "seen:step_for_a_team"};
  }

 private:
  // A step does not run again within a minute, whatever leads to it.
  void LookAtPause(Story& story, paging::AlertGroupId group,
                   const paging::TimelineEntry& entry) {
    const std::size_t runs = entry.text.find(" runs: ");
    if (!entry.text.starts_with("step ") || runs == std::string::npos) return;
    const std::string step = entry.text.substr(0, runs);
    const auto [last, first] = ran_.emplace(std::pair(group, step), entry.at);
    if (!first && entry.at - last->second < std::chrono::minutes(1)) {
      story.Broken(step + " ran again within a minute");
    }
    last->second = entry.at;
  }

  static void Look(Story& story, const Entries& entries, std::size_t step) {
    static const std::string kTeam = " runs: notify team ";
    static const std::string kPeople = " runs: notify ";
    const std::string& text = entries[step].text;
    const std::size_t team = text.find(kTeam);
    const std::size_t people = text.find(kPeople);
    if (team != std::string::npos) {
      LookAtTeam(story, entries, step, text.substr(team + kTeam.size()));
    } else if (people != std::string::npos) {
      LookAtPeople(story, entries, step, text.substr(people + kPeople.size()));
    }
  }

  static void LookAtPeople(Story& story, const Entries& entries,
                           std::size_t step, const std::string& text) {
    // Of those who take turns judge_conditions.cc says more.
    for (const char* others : {"schedule", "who ", "the next of "}) {
      if (text.starts_with(others)) return;
    }
    story.Count("seen:step_for_people");
    for (const std::vector<std::string>& names : PeopleIn(text)) {
      if (Explains(entries, step, names)) continue;
      story.Broken("nothing says what became of " + names.front() +
                   " at: " + entries[step].text);
    }
  }

  // By one of the files all members are accounted for.
  static void LookAtTeam(Story& story, const Entries& entries, std::size_t step,
                         const std::string& text) {
    story.Count("seen:step_for_a_team");
    const std::string name = PeopleIn(text).front().front();
    const bool told = std::any_of(
        story.files.begin(), story.files.end(), [&](const auto& file) {
          const paging::Team* team = file->roster.FindTeam(name);
          return team == nullptr ||
                 std::all_of(team->members.begin(), team->members.end(),
                             [&](const std::string& member) {
                               return Explains(entries, step, {member});
                             });
        });
    if (!told) story.Broken("not all of a team are told of: " + text);
  }

  std::map<std::pair<paging::AlertGroupId, std::string>, Instant> ran_;
};

}  // namespace

std::unique_ptr<Property> Steps() { return std::make_unique<StepsJudge>(); }

}  // namespace tocsin::testing
