#pragma once

#include "base/time.h"
#include "paging/alert_group.h"
#include "paging/draft.h"
#include "paging/event.h"

// What the source says of the alerts of a group, and what follows from it.
namespace tocsin::paging {

// Whether a word of the source is for this resolved group, which still Hears:
// it begins the group again, or is about an episode that a person has ended and
// that stays quiet, or is old. If it is for none, the routes decide.
bool Concerns(const AlertGroup& group, const AlertUpdate& update, Instant now);

// Whether an alert that the group does not know, but that would be given to it
// if it were open, begins this resolved one again.
bool ReopensAt(const AlertGroup& group, Instant now);

// Takes what a webhook says of alerts that are given to the group: keeps the
// source's last word on each, and begins, reopens or resolves the group by it.
void TakeAlerts(Draft& draft, const AlertsReceived& event);

}  // namespace tocsin::paging
