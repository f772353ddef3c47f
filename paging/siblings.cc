#include "paging/siblings.h"

#include <algorithm>
#include <string>
#include <vector>

namespace tocsin::paging {

void MeetSiblings(Draft& draft, const SiblingsMet& event) {
  std::vector<AlertGroupId>& known = draft.group.siblings;
  std::string names;
  for (const Sibling& met : event.groups) {
    const bool news =
        met.group != draft.group.id &&
        std::find(known.begin(), known.end(), met.group) == known.end();
    if (!news || known.size() >= kMaxSiblings) continue;
    known.push_back(met.group);
    names += (names.empty() ? "" : ", ") + std::to_string(met.group.value()) +
             " (team " + met.team + ")";
  }
  if (names.empty()) return;
  draft.Note(TimelineKind::kSiblingsMet,
             "came in one webhook with alert group " + names);
}

}  // namespace tocsin::paging
