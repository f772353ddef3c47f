#include "tests/sim/actors.h"
#include "tests/sim/story.h"

namespace tocsin::testing {

Actor Reloads() {
  return {.weight = 10,
          .act = [](Story& story) { story.Reload("reload:between_turns"); },
          .must_occur = {"reload:between_turns"}};
}

}  // namespace tocsin::testing
