#include "paging/apply.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "paging/actions.h"
#include "paging/draft.h"
#include "paging/escalation.h"
#include "paging/life.h"
#include "paging/personal.h"

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

// A re-send moves last_seen only when it moved by more than this: a write for
// each of them would cost what a new alert costs.
constexpr Duration kLastSeenStep = std::chrono::seconds(60);

// How many names a timeline line spells out.
constexpr std::size_t kNamesShown = 5;

class Names {
 public:
  void Add(const std::string& name) {
    if (count_ < kNamesShown) {
      text_ += (count_ == 0 ? "" : ", ") + name;
    }
    ++count_;
  }
  std::size_t count() const { return count_; }

  // "3 alerts: DiskFull, DiskSlow, Load"
  std::string Text() const {
    std::string text =
        std::to_string(count_) + (count_ == 1 ? " alert: " : " alerts: ");
    text += text_;
    if (count_ > kNamesShown) {
      text += " and " + std::to_string(count_ - kNamesShown) + " more";
    }
    return text;
  }

 private:
  std::string text_;
  std::size_t count_ = 0;
};

// What one webhook did to the alerts of a group.
struct Told {
  Names fired;
  Names resolved;
  Names outdated;
};

// Whether a resolve with an earlier start is about the episode that we know:
// it ended after ours began. Alertmanager merges what two Prometheus peers say
// of one alert and keeps the earliest start (ADR 10).
bool Covers(const AlertUpdate& update, const AlertState& alert) {
  return update.status == routing::AlertStatus::kResolved &&
         update.ends_at >= alert.starts_at;
}

void TakeKnown(Draft& draft, AlertState& alert, const AlertUpdate& update,
               Told& told) {
  const bool fires = update.status == routing::AlertStatus::kFiring;
  if (update.starts_at < alert.starts_at && !Covers(update, alert)) {
    // Two senders' clocks: the same firing alert with an earlier start is no
    // news. Anything else is a late word on an episode that is over.
    if (!fires || alert.status != update.status) {
      told.outdated.Add(update.name);
    }
    return;
  }
  if (alert.contents != update.contents) {
    alert.contents = update.contents;
    draft.effects.push_back(KeepContents{update.fingerprint});
    draft.changed = true;
  }
  // The source's last word is the truth, also when it fires again with the
  // same start: it went silent and came back. In doubt, page.
  if (update.status != alert.status || update.starts_at != alert.starts_at) {
    if (fires) {
      told.fired.Add(update.name);
    } else if (alert.status != update.status) {
      told.resolved.Add(update.name);
    }
    alert.status = update.status;
    alert.starts_at = update.starts_at;
    alert.last_seen = draft.now;
    draft.changed = true;
  } else if (draft.now - alert.last_seen > kLastSeenStep) {
    alert.last_seen = draft.now;
    draft.changed = true;
  }
}

void TakeNew(Draft& draft, const AlertUpdate& update, Told& told) {
  draft.group.alerts.push_back({.fingerprint = update.fingerprint,
                                .status = update.status,
                                .starts_at = update.starts_at,
                                .last_seen = draft.now,
                                .contents = update.contents});
  draft.effects.push_back(KeepContents{update.fingerprint});
  draft.changed = true;
  told.fired.Add(update.name);
}

// Applies events. One operator an event: a new one does not compile until it
// is thought about.
class Applier {
 public:
  explicit Applier(Draft& draft) : draft_(draft) {}

  void operator()(const AlertsReceived& event) {
    AlertGroup& group = draft_.group;
    newborn_ = group.alerts.empty();
    if (!Hears(group)) {
      draft_.Note(TimelineKind::kIgnored,
                  "alerts came for a group that is resolved");
      return;
    }
    std::unordered_map<std::uint64_t, std::size_t> index;
    index.reserve(group.alerts.size() + event.alerts.size());
    for (std::size_t i = 0; i < group.alerts.size(); ++i) {
      index.emplace(group.alerts[i].fingerprint, i);
    }
    Told told;
    for (const AlertUpdate& update : event.alerts) {
      const auto known = index.find(update.fingerprint);
      if (known != index.end()) {
        TakeKnown(draft_, group.alerts[known->second], update, told);
      } else if (update.status == routing::AlertStatus::kFiring) {
        index.emplace(update.fingerprint, group.alerts.size());
        TakeNew(draft_, update, told);
      }
    }
    Tell(told);
    if (IsOpen(group) && FiringAlerts(group) == 0) {
      Resolve(draft_, "", "all alerts are resolved at the source");
    }
  }

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
  void Tell(const Told& told) {
    if (told.fired.count() > 0) {
      draft_.Note(TimelineKind::kAlertFired, "firing, " + told.fired.Text());
      if (!IsOpen(draft_.group)) Reopen(draft_);
      for (const std::string_view quiet : {"acknowledged", "silenced"}) {
        if (quiet != LifeName(draft_.group.life)) continue;
        draft_.NotNotified(quiet, "nobody is notified of it: the group is " +
                                      std::string(quiet));
      }
      const auto* held = std::get_if<Held>(&draft_.group.life);
      if (held != nullptr && !newborn_) {
        draft_.NotNotified(
            "held",
            "nobody is notified of it: the group is held, " + held->because);
      }
      RestartIfUsedUp(draft_);
    }
    if (told.resolved.count() > 0) {
      draft_.Note(TimelineKind::kAlertResolved,
                  "resolved at the source, " + told.resolved.Text());
    }
    if (told.outdated.count() > 0) {
      draft_.Note(TimelineKind::kIgnored,
                  "older than what is known, " + told.outdated.Text());
    }
  }

  Draft& draft_;
  std::optional<Refusal> refusal_;
  bool newborn_ = false;  // these are its first alerts
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

bool Concerns(const AlertGroup& group, const AlertUpdate& update, Instant now) {
  const auto* resolved = std::get_if<Resolved>(&group.life);
  const auto alert =
      std::find_if(group.alerts.begin(), group.alerts.end(),
                   [&update](const AlertState& known) {
                     return known.fingerprint == update.fingerprint;
                   });
  if (resolved == nullptr || alert == group.alerts.end()) return false;
  if (update.status == routing::AlertStatus::kResolved) return true;
  if (update.starts_at < alert->starts_at) return true;  // an old word
  const bool ended_by_person = update.starts_at == alert->starts_at &&
                               alert->status == routing::AlertStatus::kFiring;
  if (!ended_by_person) return ReopensAt(group, now);
  return resolved->holds_until && now < *resolved->holds_until;
}

bool ReopensAt(const AlertGroup& group, Instant now) {
  const auto* resolved = std::get_if<Resolved>(&group.life);
  return resolved != nullptr && resolved->reopens_until &&
         now < *resolved->reopens_until;
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
  if (draft.changed || !draft.effects.empty()) {
    draft.changed = true;
    draft.group.last_turn = now;
  }
  return {.state = std::move(draft.group),
          .effects = std::move(draft.effects),
          .refusal = applier.refusal(),
          .changed = draft.changed};
}

}  // namespace tocsin::paging
