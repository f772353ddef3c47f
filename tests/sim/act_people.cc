#include <chrono>
#include <iterator>
#include <string>
#include <utility>

#include "tests/sim/actors.h"
#include "tests/sim/names.h"
#include "tests/sim/story.h"

namespace tocsin::testing {

namespace {

using std::chrono::seconds;

const char* const kUsers[] = {"ada", "bob", "cyd"};

std::string Somebody(Story& story) { return kUsers[story.chance.Below(3)]; }

paging::Event Silence(Story& story) {
  paging::SilenceRequested silence{.by = Somebody(story),
                                   .length = std::nullopt};
  if (!story.chance.OneIn(3))
    silence.length = story.chance.Pause() + seconds(1);
  return silence;
}

// What a person may do, acknowledge more often than all else.
paging::Event Action(Story& story) {
  switch (story.chance.Below(14)) {
    case 0:
    case 1:
      return paging::UnacknowledgeRequested{Somebody(story)};
    case 2:
    case 3:
      return paging::UnresolveRequested{Somebody(story)};
    case 4:
    case 5:
      return paging::ResolveRequested{Somebody(story)};
    case 6:
      return paging::UnsilenceRequested{Somebody(story)};
    case 7:
      return paging::EscalateRequested{.by = Somebody(story),
                                       .step = std::nullopt};
    case 8:
      return Silence(story);
    default:
      return paging::AcknowledgeRequested{Somebody(story)};
  }
}

void ActOnce(Story& story) {
  if (story.store.groups().empty()) return;
  auto group = story.store.groups().begin();
  std::advance(
      group, story.chance.Below(static_cast<int>(story.store.groups().size())));
  paging::Event event = Action(story);
  story.Count(std::string("event:") + EventName(event));
  const bool all =
      std::holds_alternative<paging::AcknowledgeRequested>(event) &&
      story.chance.OneIn(2);
  story.Post({{.what = engine::ActionPosted{.group = group->first,
                                            .event = std::move(event),
                                            .with_siblings = all},
               .done = {},
               .bytes = 0}});
}

}  // namespace

Actor People() {
  return {.weight = 23, .act = ActOnce, .must_occur = {"answer:refused"}};
}

}  // namespace tocsin::testing
