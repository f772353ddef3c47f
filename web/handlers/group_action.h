#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "paging/apply.h"
#include "paging/event.h"

namespace tocsin::web {

// What a person may ask of an alert group.
enum class Action {
  kAcknowledge,
  kUnacknowledge,
  kResolve,
  kUnresolve,
  kSilence,
  kUnsilence,
  kEscalate,
};

// The event that `by` asks for. Of the bodies, `silence` needs {"delay": S},
// seconds or -1 for ever, and `escalate` may have {"step": N}, the step that is
// next as the person saw it; the others are not looked at. kInvalid has the
// sentence for the person, in OnCall's words where it has them.
Result<paging::Event> ParseAction(Action action, std::string by,
                                  std::string_view body);

// Whether the body asks an acknowledge to take the siblings along: {"siblings":
// true}. What is no JSON object asks for nothing, as OnCall's clients may send
// it. kInvalid has the sentence for the person.
Result<bool> ParseSiblings(Action action, std::string_view body);

// OnCall's words for a refused action.
std::string_view RefusalText(Action action, paging::Refusal refusal);

}  // namespace tocsin::web
