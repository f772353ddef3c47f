#include "paging/calls.h"

#include <algorithm>
#include <utility>

#include "paging/escalation.h"

namespace tocsin::paging {

namespace {

using LastRuns = std::vector<std::optional<Instant>>;

std::optional<Instant> Latest(const LastRuns& ran) {
  std::optional<Instant> last;
  for (const std::optional<Instant>& one : ran) last = std::max(last, one);
  return last;
}

FrozenWay WayNow(Draft& draft, const std::string& name, Importance importance) {
  const Roster& roster = draft.world.roster;
  FrozenWay way{.team = name,
                .importance = importance,
                .chain = std::nullopt,
                .chat_channels = {}};
  const Team* team = roster.FindTeam(name);
  const WayOut* out = team != nullptr ? team->way_out(importance) : nullptr;
  if (out != nullptr) way.chat_channels = out->chat_channels;
  const Chain* chain = ChooseChain(roster, name, std::nullopt, importance);
  if (chain != nullptr) way.chain = draft.Take(*chain).hash;
  return way;
}

FrozenWay WayTo(Draft& draft, const Escalation& escalation,
                const std::string& team, Importance importance) {
  const auto& ways = draft.Snapshot(escalation.snapshot).ways;
  const auto frozen =
      std::find_if(ways.begin(), ways.end(), [&](const FrozenWay& way) {
        return way.team == team && way.importance == importance;
      });
  return frozen != ways.end() ? *frozen : WayNow(draft, team, importance);
}

// Chat channels of a way out are posted to before the first step of its chain.
void PostToChannels(Draft& draft, const FrozenWay& way) {
  if (way.chat_channels.empty()) return;
  std::string names;
  for (const std::string& channel : way.chat_channels) {
    names += (names.empty() ? "" : ", ") + channel;
  }
  draft.NotNotified("chat_only", "the chat channels of team " + way.team +
                                     " (" + names +
                                     ") hear nothing: this version posts to "
                                     "no channel yet");
}

PastCall* FindPast(Escalation& escalation, const std::string& snapshot) {
  const auto past = std::find_if(
      escalation.past_calls.begin(), escalation.past_calls.end(),
      [&](const PastCall& call) { return call.snapshot == snapshot; });
  return past == escalation.past_calls.end() ? nullptr : &*past;
}

// The steps of the chain that runs are over; when they ran is not forgotten.
void Remember(Escalation& escalation) {
  const std::optional<Instant> last = Latest(escalation.last_run);
  if (PastCall* past = FindPast(escalation, escalation.snapshot)) {
    past->last_step = std::max(past->last_step, last);
  } else {
    escalation.past_calls.push_back(
        {.snapshot = escalation.snapshot, .last_step = last});
  }
}

}  // namespace

std::optional<std::string> Call(Draft& draft, Escalation& escalation,
                                const EscalateToTeam& step) {
  std::optional<Importance> importance = step.importance;
  if (!importance && escalation.called_for) {
    importance = escalation.called_for->importance;
  }
  const FrozenWay way =
      WayTo(draft, escalation, step.team,
            importance.value_or(
                escalation.importance.value_or(draft.group.importance)));
  PostToChannels(draft, way);
  if (!way.chain) return "team " + step.team + " has no escalation chain";
  if (escalation.callers.size() >= kMaxCallers) {
    return "chains call each other too deep, " + std::to_string(kMaxCallers) +
           " is the most";
  }
  const ChainSnapshot& snapshot = draft.Snapshot(*way.chain);
  escalation.callers.push_back(
      {.snapshot = std::exchange(escalation.snapshot, snapshot.hash),
       .next_step = std::exchange(escalation.next_step, 0),
       .repeated = std::exchange(escalation.repeated, {}),
       .last_run = std::exchange(escalation.last_run, {}),
       .called_for = std::move(escalation.called_for)});
  escalation.called_for =
      CalledFor{.team = step.team, .importance = importance};
  escalation.repeated.resize(snapshot.chain.steps.size());
  escalation.last_run.resize(snapshot.chain.steps.size());
  draft.Note(TimelineKind::kStepRun,
             "chain " + snapshot.chain.name + " of team " + step.team +
                 " begins, for team " + draft.group.identity.team);
  const PastCall* past = FindPast(escalation, snapshot.hash);
  if (past != nullptr && past->last_step) {
    escalation.due =
        std::max(escalation.due, *past->last_step + kStepAgainAfter);
  }
  return std::nullopt;
}

bool Return(Draft& draft, Escalation& escalation) {
  if (escalation.callers.empty()) return false;
  Remember(escalation);
  const std::string over = draft.Snapshot(escalation.snapshot).chain.name +
                           " of team " + escalation.called_for->team;
  Caller caller = std::move(escalation.callers.back());
  escalation.callers.pop_back();
  escalation.snapshot = std::move(caller.snapshot);
  escalation.next_step = caller.next_step;
  escalation.repeated = std::move(caller.repeated);
  escalation.last_run = std::move(caller.last_run);
  escalation.called_for = std::move(caller.called_for);
  draft.Note(TimelineKind::kStepRun,
             "chain " + over + " is used up, nobody acknowledged: chain " +
                 draft.Snapshot(escalation.snapshot).chain.name +
                 " goes on behind its step " +
                 std::to_string(escalation.next_step));
  return true;
}

std::optional<Instant> LastStep(const Escalation& escalation) {
  std::optional<Instant> last = Latest(escalation.last_run);
  for (const Caller& caller : escalation.callers) {
    last = std::max(last, Latest(caller.last_run));
  }
  for (const PastCall& call : escalation.past_calls) {
    last = std::max(last, call.last_step);
  }
  return last;
}

Caller Outermost(const Escalation& escalation) {
  if (!escalation.callers.empty()) return escalation.callers.front();
  return {.snapshot = escalation.snapshot,
          .next_step = escalation.next_step,
          .repeated = escalation.repeated,
          .last_run = escalation.last_run};
}

}  // namespace tocsin::paging
