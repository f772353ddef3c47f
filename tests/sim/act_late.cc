#include <iterator>
#include <vector>

#include "tests/sim/actors.h"
#include "tests/sim/story.h"

namespace tocsin::testing {

namespace {

// A webhook that was under way for long: what it says of an alert that fires
// again by now is about the episode before.
void ActOnce(Story& story) {
  std::vector<Key> fitting;
  for (const auto& [key, word] : story.words) {
    const bool late = word.before && *word.before < *word.starts_at;
    if (word.firing && late && word.accepted) fitting.push_back(key);
  }
  if (fitting.empty()) return;
  const Key key = fitting[static_cast<std::size_t>(
      story.chance.Below(static_cast<int>(fitting.size())))];
  Words late;
  late[key] = {.starts_at = story.words.at(key).before,
               .before = std::nullopt,
               .firing = story.chance.OneIn(2),
               .accepted = true};
  story.Count("post:late");
  story.Post({{.what = engine::WebhookPosted{.source = "am",
                                             .payload = PayloadOf({key}, late)},
               .done = {},
               .bytes = 0}});
}

}  // namespace

Actor LateWords() {
  return {.weight = 5, .act = ActOnce, .must_occur = {"post:late"}};
}

}  // namespace tocsin::testing
