#include "tests/sim/actors.h"

namespace tocsin::testing {

std::vector<Actor> Actors() { return {Sources(), People(), Reloads()}; }

}  // namespace tocsin::testing
