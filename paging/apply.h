#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "paging/alert_group.h"
#include "paging/effect.h"
#include "paging/event.h"
#include "paging/roster.h"

namespace tocsin::paging {

// What a transition may look at besides state and event. Borrowed for the call.
struct World {
  const Roster& roster;
  const SnapshotSet& snapshots;  // holds the group's own snapshot
};

// Why a person's action was refused. Words for people are in web/problem.cc.
enum class Refusal {
  kAlreadyAcknowledged,
  kAlreadyResolved,
};

struct Transition {
  AlertGroup state;
  std::vector<Effect> effects;
  std::optional<Refusal> refusal;  // of AcknowledgeRequested, ResolveRequested
  bool changed = true;  // false: the state is as it was, nothing to write
};

// What is known of a group before its first alert.
struct Birth {
  AlertGroupId id;
  GroupIdentity identity;
  std::string route_name;
  std::string title;
  std::string summary;
  std::string severity;
  Importance importance = Importance::kDefault;
  std::shared_ptr<const ChainSnapshot> snapshot;  // null: no chain
  std::string no_chain;  // why there is none: a word for the metric
};

// A new firing group without alerts yet; the caller applies AlertsReceived to
// it in the same turn. The chain's first step is due at `now`.
Transition Begin(Birth birth, Instant now);

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
