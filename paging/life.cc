#include "paging/life.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "paging/attention.h"
#include "paging/episodes.h"
#include "paging/escalation.h"
#include "paging/personal.h"
#include "paging/planted.h"

namespace tocsin::paging {

namespace {

// What holds where a route says nothing of its own. Source: product rules.
constexpr Duration kReopenWithin = std::chrono::minutes(10);
constexpr Duration kResolveHolds = std::chrono::hours(24);

// Absent: no time at all, it is switched off.
std::optional<Instant> After(Instant now, Duration length) {
  if (length <= Duration::zero()) return std::nullopt;
  return now + length;
}

const Chain* ChainBy(const Draft& draft, const routing::Route& route) {
  return ChooseChain(draft.world.roster, draft.group.identity.team,
                     route.escalation_chain, draft.group.importance);
}

// The channels that the group's way out would post to.
std::vector<std::string> ChannelsBy(const Draft& draft,
                                    const routing::Route& route) {
  if (route.chat_channels) return *route.chat_channels;
  const Team* team = draft.world.roster.FindTeam(draft.group.identity.team);
  const WayOut* way =
      team != nullptr ? team->way_out(draft.group.importance) : nullptr;
  return way != nullptr ? way->chat_channels : std::vector<std::string>();
}

// Of a group that fires without a chain. A route to chat channels alone was
// meant to wake nobody; without these, the team cannot be reached.
void SayNoChain(Draft& draft, const routing::Route* route) {
  const std::string nobody = "no escalation chain runs, nobody is notified: ";
  const std::vector<std::string> channels =
      route != nullptr ? ChannelsBy(draft, *route) : std::vector<std::string>();
  if (channels.empty()) {
    draft.NotNotified(
        "no_escalation_chain",
        nobody + "there is none for team " + draft.group.identity.team);
    return LeaveUnattended(draft, "its team cannot be reached");
  }
  std::string names;
  for (const std::string& channel : channels) {
    names += (names.empty() ? "" : ", ") + channel;
  }
  draft.NotNotified("chat_only", nobody + "there are only chat channels (" +
                                     names +
                                     "), and this version posts to no channel "
                                     "yet");
}

void Fire(Draft& draft, const ChainSnapshot* snapshot) {
  Firing firing;
  KeepEpisodesFor(draft, snapshot);
  if (snapshot != nullptr) {
    firing.escalation = StartEscalation(*snapshot, draft.now);
    const std::optional<LeftRun>& left = draft.group.left_run;
    if (left) KeepApart(*left, *firing.escalation);
  }
  draft.group.life = std::move(firing);
  draft.changed = true;
}

// Fires by the running configuration.
void FireBy(Draft& draft, const routing::Route& route) {
  const Chain* chain = ChainBy(draft, route);
  Fire(draft, chain != nullptr ? &draft.Take(*chain) : nullptr);
  if (chain == nullptr) SayNoChain(draft, &route);
}

// Where the route takes what comes and notifies nobody of it, whatever the
// time: says so.
bool SilentBy(Draft& draft, const routing::Route& route) {
  if (route.discard) {
    draft.NotNotified("discarded",
                      "nobody is notified: the route discards what it takes");
  } else if (route.heartbeat) {
    draft.NotNotified("heartbeat",
                      "nobody is notified: the route takes heartbeats, which "
                      "this version only records");
  }
  return route.discard || route.heartbeat;
}

void Hold(Draft& draft, Held held) {
  draft.NotNotified("held", "nobody is notified: " + held.because +
                                "; looked at again at " +
                                FormatRfc3339(held.look_again));
  draft.group.life = std::move(held);
}

// The route of a held group as it is now; null where it is gone. One that
// sends to another team now is not the route that the group was born on.
const routing::Route* RouteNow(const Draft& draft) {
  const GroupIdentity& identity = draft.group.identity;
  const routing::Route* route = draft.world.tree.Find(identity.route);
  if (route == nullptr || route->team == identity.team) return route;
  const Team* team = draft.world.roster.FindTeam(identity.team);
  return team != nullptr && team->name == route->team ? route : nullptr;
}

// The hold goes on.
void HoldOn(Draft& draft, const routing::Route& route, std::string because) {
  Held& held = std::get<Held>(draft.group.life);
  const bool news = because != held.because;
  held.because = std::move(because);
  held.look_again = routing::NextLook(route, draft.now);
  draft.changed = true;
  if (news) Hold(draft, held);
}

void EndHold(Draft& draft, const routing::Route* route) {
  const std::string born_with = std::get<Held>(draft.group.life).snapshot;
  draft.Note(TimelineKind::kHoldEnded,
             "no longer held: route " + draft.group.route_name +
                 (route != nullptr ? " is not muted any more"
                                   : " is gone from the configuration"));
  if (route == nullptr) {
    Fire(draft, born_with.empty() ? nullptr : &draft.Snapshot(born_with));
    if (born_with.empty()) SayNoChain(draft, route);
  } else if (SilentBy(draft, *route)) {
    Fire(draft, nullptr);
  } else {
    FireBy(draft, *route);
  }
}

}  // namespace

void StartLife(Draft& draft, const routing::Route& route) {
  if (SilentBy(draft, route)) return Fire(draft, nullptr);
  std::optional<std::string> because = routing::MutedBecause(route, draft.now);
  if (!because) return FireBy(draft, route);
  const Chain* chain = ChainBy(draft, route);
  const ChainSnapshot* snapshot =
      chain != nullptr ? &draft.Take(*chain) : nullptr;
  KeepEpisodesFor(draft, snapshot);
  Hold(draft, {.since = draft.now,
               .look_again = routing::NextLook(route, draft.now),
               .because = *std::move(because),
               .snapshot = snapshot != nullptr ? snapshot->hash : ""});
}

void LookIfHeld(Draft& draft, const Event& event) {
  const auto* held = std::get_if<Held>(&draft.group.life);
  if (held == nullptr) return;
  const routing::Route* route = RouteNow(draft);
  std::optional<std::string> because;
  if (route != nullptr) because = routing::MutedBecause(*route, draft.now);
  if (!because) return EndHold(draft, route);
  if (std::holds_alternative<TimerFired>(event) ||
      held->look_again <= draft.now || held->because != *because) {
    HoldOn(draft, *route, *std::move(because));
  }
}

void EndSilenceIfOver(Draft& draft) {
  const auto* silenced = std::get_if<Silenced>(&draft.group.life);
  if (silenced == nullptr || !silenced->until || *silenced->until > draft.now) {
    return;
  }
  draft.Note(
      TimelineKind::kUnsilenced,
      "the silence by " + silenced->by + " is over, escalation starts again");
  Restart(draft);
}

void ForgetIfOver(Draft& draft) {
  auto* resolved = std::get_if<Resolved>(&draft.group.life);
  if (resolved == nullptr || !Hears(draft.group)) return;
  const std::optional<Instant> end = WakeAt(draft.group);
  if (!end || *end > draft.now) return;
  resolved->reopens_until.reset();
  resolved->holds_until.reset();
  draft.changed = true;
}

void Reopen(Draft& draft) {
  AlertGroup& group = draft.group;
  const Instant since = std::get<Resolved>(group.life).at;
  ++group.reopened;
  draft.Note(TimelineKind::kReopened,
             "fires again " + DescribeDuration(draft.now - since) +
                 " after it was resolved, reopened " +
                 std::to_string(group.reopened) +
                 (group.reopened == 1 ? " time" : " times"));
  if (IsPlanted(Planted::kReopenWithoutChain)) return Fire(draft, nullptr);
  const routing::Route* route = RouteNow(draft);
  route != nullptr ? StartLife(draft, *route) : Restart(draft);
}

void GoQuiet(Draft& draft, std::string_view reason, Life life) {
  if (!IsPlanted(Planted::kPageAfterResolve) ||
      !std::holds_alternative<Resolved>(life)) {
    StopRuns(draft, reason);
  }
  AlertGroup& group = draft.group;
  if (const auto* firing = std::get_if<Firing>(&group.life)) {
    group.left_run = LeftBy(*firing, group.left_run);
  }
  group.life = std::move(life);
}

void Restart(Draft& draft) {
  const AlertGroup& group = draft.group;
  const routing::Route* route = RouteNow(draft);
  const bool never_fired = !group.left_run && group.runs.empty();
  if (route != nullptr && never_fired) return StartLife(draft, *route);
  if (route != nullptr) {
    return SilentBy(draft, *route) ? Fire(draft, nullptr)
                                   : FireBy(draft, *route);
  }
  const Chain* chain = ChooseChain(draft.world.roster, group.identity.team,
                                   std::nullopt, group.importance);
  Fire(draft, chain != nullptr ? &draft.Take(*chain) : nullptr);
  if (chain == nullptr) SayNoChain(draft, nullptr);
}

void Resolve(Draft& draft, const std::string& by, std::string text) {
  const routing::Route* route = RouteNow(draft);
  const routing::Patience patience =
      route != nullptr ? route->patience : routing::Patience();
  Resolved resolved{
      .by = by,
      .at = draft.now,
      .reopens_until =
          After(draft.now, patience.reopen_within.value_or(kReopenWithin)),
      .holds_until = std::nullopt};
  const std::size_t firing = FiringAlerts(draft.group);
  if (firing > 0 && !IsPlanted(Planted::kResolveHoldsNothing)) {
    resolved.holds_until =
        After(draft.now, patience.resolve_holds.value_or(kResolveHolds));
  }
  if (resolved.holds_until) {
    text += "; " + std::to_string(firing) +
            (firing == 1 ? " alert still fires and stays"
                         : " alerts still fire and stay") +
            " quiet until " + FormatRfc3339(*resolved.holds_until);
  }
  draft.Note(TimelineKind::kResolved, std::move(text), by);
  GoQuiet(draft, "resolved", resolved);
}

}  // namespace tocsin::paging
