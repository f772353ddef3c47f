#pragma once

#include "paging/admit.h"
#include "paging/roster.h"
#include "routing/route.h"

namespace tocsin::engine {

// The part of the running configuration that the engine decides by. Built by
// daemon/, immutable, shared by shared_ptr with whoever else reads it.
struct Settings {
  routing::Tree tree;
  paging::Roster roster;
  Duration fold_within = paging::kFoldWithin;  // zero: nothing is folded
};

}  // namespace tocsin::engine
