#include "paging/alerts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>

#include "paging/episodes.h"
#include "paging/escalation.h"
#include "paging/life.h"
#include "paging/planted.h"

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

// Planted faults: the word is not taken.
bool IsLost(const Draft& draft, const AlertState& alert,
            const AlertUpdate& update) {
  const bool fires = update.status == routing::AlertStatus::kFiring;
  if (IsPlanted(Planted::kQuietHearsNothing)) {
    return !fires && !std::holds_alternative<Firing>(draft.group.life);
  }
  return IsPlanted(Planted::kBackAgainLost) && fires &&
         alert.status != update.status && alert.starts_at == update.starts_at;
}

void TakeKnown(Draft& draft, AlertState& alert, const AlertUpdate& update,
               Told& told) {
  const bool fires = update.status == routing::AlertStatus::kFiring;
  if (IsLost(draft, alert, update)) return;
  if (update.starts_at < alert.starts_at && !Covers(update, alert) &&
      !IsPlanted(Planted::kLateWordTaken)) {
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
      if (update.starts_at > alert.starts_at) CountEpisode(draft);
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
  CountEpisode(draft);
}

// What the timeline says of it, and what a newly firing alert begins.
void Tell(Draft& draft, const Told& told, bool newborn) {
  if (told.fired.count() > 0) {
    draft.Note(TimelineKind::kAlertFired, "firing, " + told.fired.Text());
    if (!IsOpen(draft.group)) Reopen(draft);
    for (const std::string_view quiet : {"acknowledged", "silenced"}) {
      if (quiet != LifeName(draft.group.life)) continue;
      draft.NotNotified(quiet, "nobody is notified of it: the group is " +
                                   std::string(quiet));
    }
    const auto* held = std::get_if<Held>(&draft.group.life);
    if (held != nullptr && !newborn) {
      draft.NotNotified(
          "held",
          "nobody is notified of it: the group is held, " + held->because);
    }
    RestartIfUsedUp(draft);
  }
  if (told.resolved.count() > 0) {
    draft.Note(TimelineKind::kAlertResolved,
               "resolved at the source, " + told.resolved.Text());
  }
  if (told.outdated.count() > 0) {
    draft.Note(TimelineKind::kIgnored,
               "older than what is known, " + told.outdated.Text());
  }
}

}  // namespace

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

void TakeAlerts(Draft& draft, const AlertsReceived& event) {
  AlertGroup& group = draft.group;
  const bool newborn = group.alerts.empty();
  if (!Hears(group)) {
    draft.Note(TimelineKind::kIgnored,
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
      TakeKnown(draft, group.alerts[known->second], update, told);
    } else if (update.status == routing::AlertStatus::kFiring) {
      index.emplace(update.fingerprint, group.alerts.size());
      TakeNew(draft, update, told);
    }
  }
  Tell(draft, told, newborn);
  if (IsOpen(group) && FiringAlerts(group) == 0) {
    Resolve(draft, "", "all alerts are resolved at the source");
  }
}

}  // namespace tocsin::paging
