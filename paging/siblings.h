#pragma once

#include "paging/draft.h"

namespace tocsin::paging {

// Takes the groups of SiblingsMet that it does not know yet, up to
// kMaxSiblings, and says so.
void MeetSiblings(Draft& draft, const SiblingsMet& event);

}  // namespace tocsin::paging
