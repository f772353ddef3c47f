#pragma once

#include <string>
#include <string_view>

#include "paging/draft.h"

namespace tocsin::paging {

// Starts `user`'s policy for this group: its first message is issued at once.
// `why` is for the message ("step 1 of chain platform-default"). A run that is
// under way is not restarted. What keeps somebody from being notified is
// recorded with its reason. Returns whether a run of theirs is under way now.
bool StartRun(Draft& draft, std::string_view user, Importance importance,
              const std::string& why);

// Looks at notifications whose failures have lasted: after 30 s the person's
// next notify step starts beside the retries, after 60 s the chain takes the
// person as not reached.
void NoticeLastingFailures(Draft& draft);

// Runs all personal steps that are due.
void RunPolicies(Draft& draft);

// Takes the outcome of one attempt (NotificationDelivered, NotificationFailed).
void TakeDelivered(Draft& draft, const NotificationDelivered& event);
void TakeFailed(Draft& draft, const NotificationFailed& event);

// Ends all runs and withdraws what is not yet sent, since `reason`.
void StopRuns(Draft& draft, std::string_view reason);

// Whether the user's latest run ended, or has failed for so long, without a
// message that arrived; also true of somebody who has no run at all.
bool UnheardOf(const Draft& draft, std::string_view user);

// Whether a message of a run that still counts arrived, or may still: since the
// group began to fire.
bool AnybodyMayHear(const AlertGroup& group);

}  // namespace tocsin::paging
