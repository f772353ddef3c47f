#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/time.h"
#include "engine/inbox.h"
#include "engine/settings.h"
#include "paging/alert_group.h"
#include "paging/effect.h"

namespace tocsin::ctl {

// How a rehearsal goes.
struct Stage {
  Instant at;
  Duration length = std::chrono::hours(24);
  // Of what repeats for ever, one pass is told and not all until the end.
  bool cut_repeats = true;
};

enum class Ending {
  kNothingMore,  // nobody is notified any more
  kGoesOn,       // the time was up before
  kForEver,      // a chain goes back for ever; the second pass is cut
};

// One group that came of a webhook.
struct RehearsedGroup {
  paging::AlertGroup born;  // as the commit of the webhook had it
  std::string chain;  // that runs, or waits until it is not held; "": none
  // Without deliveries, as nothing is sent.
  std::vector<paging::TimelineEntry> timeline;
  Ending ending = Ending::kNothingMore;
};

// What this webhook would lead to, oldest group first: the real engine takes
// it, over a store in memory and on virtual time. The source goes on sending
// it, every message arrives at once, and nobody does anything.
std::vector<RehearsedGroup> Rehearse(
    std::shared_ptr<const engine::Settings> settings,
    const engine::WebhookPosted& webhook, const Stage& stage);

}  // namespace tocsin::ctl
