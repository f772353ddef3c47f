#pragma once

#include <optional>
#include <string>
#include <vector>

#include "paging/alert_group.h"
#include "paging/effect.h"
#include "paging/event.h"
#include "paging/roster.h"
#include "paging/round_robin.h"
#include "paging/snapshot.h"
#include "routing/route.h"

namespace tocsin::paging {

// What a transition may look at besides state and event. Borrowed for the call.
struct World {
  const Roster& roster;
  const routing::Tree& tree;
  const SnapshotSet& snapshots;  // all that the group runs or leads to
  // Of chains; which of them are needed is known when a step runs
  // (Transition::needs).
  const Pointers& pointers;
};

// Why a person's action was refused: how the group was found. Words for people
// are in web/problem.cc.
enum class Refusal {
  kAcknowledged,
  kResolved,
  kNotAcknowledged,
  kNotResolved,
  kNotSilenced,
  kNotWaiting,  // no chain is in a wait
  kMoved,       // the chain is at another step than the person saw
};

struct Transition {
  AlertGroup state;
  std::vector<Effect> effects;
  std::optional<Refusal> refusal;  // of what people do
  bool changed = true;  // false: the state is as it was, nothing to write
  // Chains whose pointers are not in the world, and would have been looked at.
  // Nothing else of the transition holds: it is to be done again with them.
  std::vector<std::string> needs{};
};

// What is known of a group before its first alert.
struct Birth {
  AlertGroupId id;
  GroupIdentity identity;
  std::string title;
  std::string summary;
  std::string severity;
};

// A new group without alerts yet, born on `route`; the caller applies
// AlertsReceived to it in the same turn. Firing, and the first step of its
// chain is due at `now`; or held, where the route's time intervals mute it. Of
// `world` the snapshots are not looked at.
Transition Begin(Birth birth, const routing::Route& route, const World& world,
                 Instant now);

// The life of one alert group, as a pure function: equal arguments, equal
// results. What must happen outside comes back as effects; the caller commits
// them together with the state, or neither.
//
// Errors: none. An event that does not apply (a late outcome, a second click)
// leaves the state unchanged and yields a Record that says why, but for
// re-sends of what is already known, which are not worth a line.
// Time: for one group, `now` never runs backwards; a smaller one counts as the
// group's last.
Transition Apply(AlertGroup state, const Event& event, const World& world,
                 Instant now);

}  // namespace tocsin::paging
