#pragma once

#include <optional>

#include "paging/draft.h"

// What people do to a group. Each is taken and recorded, or refused; then the
// timeline says who wanted it and why not, and nothing else changes.
namespace tocsin::paging {

std::optional<Refusal> Act(Draft& draft, const AcknowledgeRequested& event);
std::optional<Refusal> Act(Draft& draft, const UnacknowledgeRequested& event);
std::optional<Refusal> Act(Draft& draft, const ResolveRequested& event);
std::optional<Refusal> Act(Draft& draft, const UnresolveRequested& event);
std::optional<Refusal> Act(Draft& draft, const SilenceRequested& event);
std::optional<Refusal> Act(Draft& draft, const UnsilenceRequested& event);
std::optional<Refusal> Act(Draft& draft, const EscalateRequested& event);

}  // namespace tocsin::paging
