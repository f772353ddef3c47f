#include <algorithm>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "tests/sim/properties.h"
#include "tests/sim/story.h"

// - Siblings know each other, unless one of them knows as many as it may, and
//   nobody is a sibling of itself or twice.
// - Whoever acknowledges a group with its siblings has asked each of them, and
//   its timeline says so.
namespace tocsin::testing {

namespace {

bool Knows(const paging::AlertGroup& group, paging::AlertGroupId id) {
  return std::count(group.siblings.begin(), group.siblings.end(), id) == 1;
}

class SiblingsJudge final : public Property {
 public:
  void Committed(Story& story, const engine::Changes& changes) override {
    for (const engine::GroupWrite& write : changes.groups) {
      Look(story, write.group);
      for (const paging::TimelineEntry& entry : write.entries) {
        if (entry.kind != paging::TimelineKind::kSiblingsMet) continue;
        story.Count("event:siblings");
      }
    }
  }

  void Taken(Story& story, const engine::ActionPosted& action) override {
    if (!action.with_siblings) return;
    const paging::AlertGroup& asked = story.store.groups().at(action.group);
    const std::string along =
        "along with alert group " + std::to_string(asked.id.value());
    for (const paging::AlertGroupId id : asked.siblings) {
      story.Count("taken_along");
      const auto entries = story.store.Timeline(id).value();
      if (std::none_of(entries.begin(), entries.end(), [&](const auto& entry) {
            return entry.text.find(along) != std::string::npos;
          })) {
        story.Broken("a sibling was not asked");
      }
    }
  }

  std::vector<std::string> MustOccur() const override {
    return {"taken_along"};
  }

 private:
  static void Look(Story& story, const paging::AlertGroup& group) {
    if (group.siblings.size() > paging::kMaxSiblings) {
      story.Broken("a group has too many siblings");
    }
    for (const paging::AlertGroupId id : group.siblings) {
      const auto sibling = story.store.groups().find(id);
      if (id == group.id || !Knows(group, id)) {
        story.Broken("a group is its own sibling, or somebody's twice");
      } else if (sibling == story.store.groups().end()) {
        story.Broken("a sibling is not there");
      } else if (!Knows(sibling->second, group.id) &&
                 sibling->second.siblings.size() < paging::kMaxSiblings) {
        story.Broken("a sibling does not know the group");
      }
    }
  }
};

}  // namespace

std::unique_ptr<Property> Siblings() {
  return std::make_unique<SiblingsJudge>();
}

}  // namespace tocsin::testing
