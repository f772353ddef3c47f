#include "paging/apply.h"

#include <algorithm>
#include <utility>

#include "paging/actions.h"
#include "paging/alerts.h"
#include "paging/attention.h"
#include "paging/draft.h"
#include "paging/escalation.h"
#include "paging/life.h"
#include "paging/personal.h"
#include "paging/siblings.h"

// The life of a group:
//
//            acknowledge, silence                  resolve
//   firing ----------------------> acknowledged, ------------> resolved
//    ^  ^  <---------------------- silenced                     |   ^
//    |  |    what a person takes back, a silence that is over   |   |
//    |  +-------------------------------------------------------+   |
//    |    unresolve                                                 |
//    +--- held -----------------------------------------------------+
//    a group is born firing, or held while its route is muted; every state
//    ends by a person, by a step, or by the source when no alert fires
//
// An event first changes what it is about; then everything that is due runs:
// the chain (which starts personal runs), then the personal runs (which issue
// notifications). So there is one place where time passes, and an event that
// finds an overdue timer needs no case of its own.
//
// Firing alone owns an escalation. Leaving it drops the chain; personal runs
// and notifications that are not yet sent are stopped in the same transition,
// which is why nothing can be claimed after the commit of an acknowledge or a
// resolve.

namespace tocsin::paging {

namespace {

// Applies events. One operator an event: a new one does not compile until it
// is thought about.
class Applier {
 public:
  explicit Applier(Draft& draft) : draft_(draft) {}

  void operator()(const AlertsReceived& event) { TakeAlerts(draft_, event); }
  void operator()(const SiblingsMet& event) { MeetSiblings(draft_, event); }
  void operator()(const TimerFired&) {}  // what is due runs after any event

  template <typename Action>
  void operator()(const Action& action) {
    refusal_ = Act(draft_, action);
  }

  void operator()(const NotificationDelivered& event) {
    TakeDelivered(draft_, event);
  }
  void operator()(const NotificationFailed& event) {
    TakeFailed(draft_, event);
  }

  std::optional<Refusal> refusal() const { return refusal_; }

 private:
  Draft& draft_;
  std::optional<Refusal> refusal_;
};

}  // namespace

Transition Begin(Birth birth, const routing::Route& route, const World& world,
                 Instant now) {
  AlertGroup group;
  group.id = birth.id;
  group.identity = std::move(birth.identity);
  group.route_name = route.name;
  group.title = std::move(birth.title);
  group.summary = std::move(birth.summary);
  group.severity = std::move(birth.severity);
  group.importance =
      route.important ? Importance::kImportant : Importance::kDefault;
  group.created_at = now;
  group.last_turn = now;
  Draft draft(std::move(group), world, now);
  draft.Note(TimelineKind::kGroupCreated,
             "alert group for team " + draft.group.identity.team +
                 " by route " + draft.group.route_name + ", " +
                 ImportanceName(draft.group.importance));
  StartLife(draft, route);
  return {.state = std::move(draft.group),
          .effects = std::move(draft.effects),
          .refusal = std::nullopt};
}

Transition Apply(AlertGroup state, const Event& event, const World& world,
                 Instant now) {
  now = std::max(now, state.last_turn);
  Draft draft(std::move(state), world, now);
  LookIfHeld(draft, event);
  EndSilenceIfOver(draft);
  ForgetIfOver(draft);
  Applier applier(draft);
  std::visit([&applier](const auto& e) { applier(e); }, event);
  NoticeLastingFailures(draft);
  RunEscalation(draft);
  RunPolicies(draft);
  CutWaitIfNobodyHeard(draft);
  LookIfAttended(draft);
  if (draft.changed || !draft.effects.empty()) {
    draft.changed = true;
    draft.group.last_turn = now;
  }
  return {.state = std::move(draft.group),
          .effects = std::move(draft.effects),
          .refusal = applier.refusal(),
          .changed = draft.changed,
          .needs = std::move(draft.needs)};
}

}  // namespace tocsin::paging
