#include "paging/attention.h"

#include <algorithm>
#include <utility>

#include "paging/calls.h"
#include "paging/escalation.h"
#include "paging/personal.h"
#include "paging/steps.h"

namespace tocsin::paging {

namespace {

// The name of the chain that notifies all members of a team.
constexpr const char* kAllMembers = "last resort";

// Whether the chain has no step to come that would notify somebody new: it is
// used up, it has begun again, or it sits in a wait that is not cut any more.
bool IsThrough(const Escalation& escalation, Instant now) {
  if (escalation.finished) return true;
  const std::vector<std::uint32_t>& repeated = escalation.repeated;
  if (std::any_of(repeated.begin(), repeated.end(),
                  [](std::uint32_t times) { return times > 0; })) {
    return true;
  }
  return escalation.pause == Pause::kWait && escalation.skipped_wait &&
         escalation.due > now;
}

// Why the firing group is unattended; absent: it is not, or not yet.
std::optional<std::string> WhyUnattended(const Draft& draft,
                                         const Firing& firing) {
  if (!firing.escalation) return std::nullopt;
  const Chain& chain = draft.Snapshot(firing.escalation->snapshot).chain;
  if (IsThrough(*firing.escalation, draft.now) &&
      !AnybodyMayHear(draft.group) &&
      std::any_of(chain.steps.begin(), chain.steps.end(), IsForPeople)) {
    return "chain " + chain.name + " could reach nobody";
  }
  const std::optional<Instant> at = UnattendedAt(firing);
  if (!at || *at > draft.now) return std::nullopt;
  return "chain " + chain.name + " has ended and nobody acknowledged";
}

// What is run for the last resort: its way out; and where that leads nowhere,
// or has just been tried in vain, all members at once. Absent: nobody.
std::optional<Chain> ChainOf(const LastResort& rule, const Draft& draft,
                             const Firing& firing) {
  const Roster& roster = draft.world.roster;
  const Chain* chain =
      ChooseChain(roster, rule.team, std::nullopt, rule.importance);
  const bool tried = chain != nullptr && firing.escalation &&
                     Outermost(*firing.escalation).snapshot ==
                         TakeSnapshots(*chain, roster).back()->hash;
  if (chain != nullptr && !tried) return *chain;
  const Team* team = roster.FindTeam(rule.team);
  if (team != nullptr && !team->members.empty()) {
    return Chain{.name = kAllMembers,
                 .steps = {NotifyTeam{.team = team->name,
                                      .importance = rule.importance}}};
  }
  if (chain == nullptr) return std::nullopt;
  return *chain;
}

void PageLastResort(Draft& draft) {
  const std::optional<LastResort>& rule = draft.world.roster.last_resort;
  if (!rule) {
    return draft.NotNotified("no_last_resort",
                             "nobody else is notified: the configuration names "
                             "no last_resort");
  }
  Firing& firing = std::get<Firing>(draft.group.life);
  const std::optional<Chain> chain = ChainOf(*rule, draft, firing);
  if (!chain) {
    return draft.NotNotified("last_resort_unreachable",
                             "the last resort cannot be notified: team " +
                                 rule->team +
                                 " has no escalation chain and no members");
  }
  Escalation run = StartEscalation(draft.Take(*chain), draft.now);
  run.importance = rule->importance;
  // Who may just have heard of it is not paged again at once.
  const bool again =
      firing.escalation && firing.escalation->snapshot == run.snapshot;
  const std::optional<LeftRun> left = again || AnybodyMayHear(draft.group)
                                          ? LeftBy(firing, draft.group.left_run)
                                          : draft.group.left_run;
  if (left) KeepApart(*left, run);
  firing.last_resort = std::move(run);
  draft.Note(TimelineKind::kStepRun,
             "the last resort is paged: team " + rule->team + ", " +
                 ImportanceName(rule->importance) + ", by " +
                 (chain->name == kAllMembers ? "all its members"
                                             : "chain " + chain->name),
             {}, "last_resort");
}

}  // namespace

std::optional<Instant> UnattendedAt(const Firing& firing) {
  if (firing.unattended_since || !firing.escalation ||
      !firing.escalation->finished) {
    return std::nullopt;
  }
  const Escalation& ended = *firing.escalation;
  return ended.pause == Pause::kWait ? ended.due : ended.due + kTimeToAnswer;
}

void LookIfAttended(Draft& draft) {
  const auto* firing = std::get_if<Firing>(&draft.group.life);
  if (firing == nullptr || firing->unattended_since) return;
  const std::optional<std::string> because = WhyUnattended(draft, *firing);
  if (because) LeaveUnattended(draft, *because);
}

void LeaveUnattended(Draft& draft, const std::string& because) {
  std::get<Firing>(draft.group.life).unattended_since = draft.now;
  draft.Note(TimelineKind::kUnattended, "unattended: " + because);
  PageLastResort(draft);
}

}  // namespace tocsin::paging
