#include "paging/actions.h"

#include <string>
#include <utility>
#include <variant>

#include "paging/escalation.h"
#include "paging/life.h"
#include "paging/planted.h"

// Who may do what to a group in which state:
//
//   state         acknowledge   unacknowledge  silence    unsilence  resolve
//   firing        acknowledged  refused        silenced   refused    resolved
//   acknowledged  "also on it"  firing         silenced   refused    resolved
//   silenced      acknowledged  refused        new time   firing     resolved
//   held          acknowledged  refused        silenced   refused    resolved
//   resolved      all are refused but unresolve: firing
//
// Whatever leads to firing starts the chain anew, as the file has it now.
// Source: product rules, table of state and action.
namespace tocsin::paging {

namespace {

template <typename State>
bool Is(const Draft& draft) {
  return std::holds_alternative<State>(draft.group.life);
}

std::optional<Refusal> Refuse(Draft& draft, const std::string& by,
                              const std::string& what, Refusal refusal) {
  struct Why {
    const char* operator()(Refusal refusal) const {
      switch (refusal) {
        case Refusal::kAcknowledged:
          return "the group is acknowledged";
        case Refusal::kResolved:
          return "the group is resolved";
        case Refusal::kNotAcknowledged:
          return "the group is not acknowledged";
        case Refusal::kNotResolved:
          return "the group is not resolved";
        case Refusal::kNotSilenced:
          return "the group is not silenced";
        case Refusal::kNotWaiting:
          return "no chain is waiting";
        case Refusal::kMoved:
          return "the chain has moved on";
      }
      return "";
    }
  };
  draft.Note(TimelineKind::kIgnored, what + " refused: " + Why()(refusal), by);
  return refusal;
}

std::string AlongText(const AcknowledgeRequested& event) {
  if (!event.along_with) return "";
  return " along with alert group " + std::to_string(event.along_with->value());
}

std::string UntilText(const std::optional<Instant>& until) {
  return until ? "until " + FormatRfc3339(*until) : "until further notice";
}

}  // namespace

std::optional<Refusal> Act(Draft& draft, const AcknowledgeRequested& event) {
  const std::string along = AlongText(event);
  if (Is<Resolved>(draft)) {
    return Refuse(draft, event.by, "acknowledge" + along, Refusal::kResolved);
  }
  if (const auto* life = std::get_if<Acknowledged>(&draft.group.life)) {
    if (draft.world.roster.SamePerson(life->by, event.by)) {
      draft.Note(
          TimelineKind::kIgnored,
          "acknowledge" + along + " refused: " + event.by + " already did",
          event.by);
      return Refusal::kAcknowledged;
    }
    draft.Note(TimelineKind::kAcknowledged, event.by + " is also on it" + along,
               event.by);
    return std::nullopt;
  }
  draft.Note(
      TimelineKind::kAcknowledged,
      "acknowledged by " + event.by + along +
          (Is<Silenced>(draft) ? ", no longer silenced" : ", escalation stops"),
      event.by);
  GoQuiet(draft, "acknowledged", Acknowledged{.by = event.by, .at = draft.now});
  return std::nullopt;
}

std::optional<Refusal> Act(Draft& draft, const UnacknowledgeRequested& event) {
  if (!Is<Acknowledged>(draft)) {
    return Refuse(
        draft, event.by, "unacknowledge",
        Is<Resolved>(draft) ? Refusal::kResolved : Refusal::kNotAcknowledged);
  }
  draft.Note(TimelineKind::kUnacknowledged,
             "unacknowledged by " + event.by + ", escalation starts again",
             event.by);
  if (IsPlanted(Planted::kUnacknowledgeLost)) return std::nullopt;
  Restart(draft);
  return std::nullopt;
}

std::optional<Refusal> Act(Draft& draft, const ResolveRequested& event) {
  if (Is<Resolved>(draft)) {
    return Refuse(draft, event.by, "resolve", Refusal::kResolved);
  }
  Resolve(draft, event.by, "resolved by " + event.by);
  return std::nullopt;
}

std::optional<Refusal> Act(Draft& draft, const UnresolveRequested& event) {
  if (!Is<Resolved>(draft)) {
    return Refuse(draft, event.by, "unresolve", Refusal::kNotResolved);
  }
  draft.Note(TimelineKind::kUnresolved,
             "unresolved by " + event.by + ", escalation starts again",
             event.by);
  Restart(draft);
  return std::nullopt;
}

std::optional<Refusal> Act(Draft& draft, const SilenceRequested& event) {
  if (Is<Resolved>(draft)) {
    return Refuse(draft, event.by, "silence", Refusal::kResolved);
  }
  std::optional<Instant> until;
  if (event.length) until = draft.now + *event.length;
  draft.Note(TimelineKind::kSilenced,
             "silenced by " + event.by + " " + UntilText(until), event.by);
  GoQuiet(draft, "silenced",
          Silenced{.by = event.by, .at = draft.now, .until = until});
  return std::nullopt;
}

std::optional<Refusal> Act(Draft& draft, const UnsilenceRequested& event) {
  if (!Is<Silenced>(draft)) {
    Refusal refusal = Refusal::kNotSilenced;
    if (Is<Resolved>(draft)) refusal = Refusal::kResolved;
    if (Is<Acknowledged>(draft)) refusal = Refusal::kAcknowledged;
    return Refuse(draft, event.by, "unsilence", refusal);
  }
  draft.Note(TimelineKind::kUnsilenced,
             "unsilenced by " + event.by + ", escalation starts again",
             event.by);
  Restart(draft);
  return std::nullopt;
}

std::optional<Refusal> Act(Draft& draft, const EscalateRequested& event) {
  if (Is<Resolved>(draft)) {
    return Refuse(draft, event.by, "escalate", Refusal::kResolved);
  }
  if (const auto refusal = CutWait(draft, event.step)) {
    return Refuse(draft, event.by, "escalate", *refusal);
  }
  draft.Note(TimelineKind::kEscalated,
             "escalated by " + event.by + ", the wait ends", event.by);
  return std::nullopt;
}

}  // namespace tocsin::paging
