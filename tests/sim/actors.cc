#include "tests/sim/actors.h"

namespace tocsin::testing {

std::vector<Actor> Actors() {
  return {Sources(), LateWords(), People(), Reloads()};
}

}  // namespace tocsin::testing
