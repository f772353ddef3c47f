#pragma once

#include <functional>
#include <vector>

#include "routing/route.h"

// What of a routing tree can never happen, or happens unseen: for warnings of
// the configuration's reader. Pure.
namespace tocsin::routing {

enum class Reach {
  // No alert ends at the node or below it, as no alert gets as far: a route
  // before it takes all that it could, or its matchers contradict each other or
  // those above it.
  kUnreachable,
  // The node says `continue`, its alerts page nobody, and no other route is
  // sure to page somebody: none after it is sure to take them, none before it
  // did with a copy. The route above does not get them back.
  kSwallows,
};

struct ReachFinding {
  const RouteSpec* node = nullptr;  // of the tree that was asked about
  Reach what = Reach::kUnreachable;
  // kUnreachable: the route that takes everything, a sibling before the node or
  // before one above it; null where matchers contradict each other.
  const RouteSpec* because = nullptr;
};

// Whether the alerts that end at this node page somebody; asked of nodes that
// have `continue_matching`.
using PagesSomebody = std::function<bool(const RouteSpec& node)>;

// What there is to warn of, depth-first. kUnreachable is never said of a node
// that an alert could end at or below. Some are not found: a regex that takes
// all that another one or several routes take, and what only a very long
// search would find. Below an unreachable node nothing more is said.
std::vector<ReachFinding> FindUnreached(const RouteSpec& root,
                                        const PagesSomebody& pages);

}  // namespace tocsin::routing
