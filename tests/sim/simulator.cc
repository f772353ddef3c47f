#include "tests/sim/simulator.h"

#include <chrono>

#include "tests/sim/actors.h"
#include "tests/sim/names.h"
#include "tests/sim/properties.h"
#include "tests/sim/story.h"

namespace tocsin::testing {

namespace {

using std::chrono::hours;

void ActOnce(Story& story, const std::vector<Actor>& actors) {
  int weights = 0;
  for (const Actor& actor : actors) weights += actor.weight;
  int drawn = story.chance.Below(weights);
  for (const Actor& actor : actors) {
    drawn -= actor.weight;
    if (drawn < 0) return actor.act(story);
  }
}

}  // namespace

void Simulate(std::uint64_t seed, SimReport& report) {
  Story story(seed, report, Properties());
  const std::vector<Actor> actors = Actors();
  const int acts = 60 + story.chance.Below(60);
  for (int i = 0; i < acts; ++i) {
    ActOnce(story, actors);
    story.Pass(story.chance.Pause());
    story.Look();
  }
  story.Heal();
  story.Pass(hours(48));
  story.Look();
  story.End();
}

std::vector<std::string> KindsThatMustOccur() {
  std::vector<std::string> kinds = KindsByName();
  const auto add = [&kinds](const std::vector<std::string>& more) {
    kinds.insert(kinds.end(), more.begin(), more.end());
  };
  add(Story::MustOccur());
  for (const Actor& actor : Actors()) add(actor.must_occur);
  for (const auto& property : Properties()) add(property->MustOccur());
  return kinds;
}

}  // namespace tocsin::testing
