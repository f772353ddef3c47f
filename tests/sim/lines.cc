#include "tests/sim/lines.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "tests/sim/names.h"
#include "tests/sim/story.h"

namespace tocsin::testing {

using std::chrono::seconds;

std::size_t Lines::Room() const {
  return 4 - std::min<std::size_t>(4, flying_.size());
}

void Lines::Hand(std::vector<engine::Message> messages) {
  for (engine::Message& message : messages) {
    flying_.push_back({.message = std::move(message), .arrives = arrival_()});
  }
}

std::vector<engine::Posted> Lines::Arrivals(Story& story) {
  std::vector<engine::Posted> posts;
  std::deque<InFlight> later;
  for (InFlight& one : std::exchange(flying_, {})) {
    if (one.arrives > story.clock.Now()) {
      later.push_back(std::move(one));
    } else if (!story.store.ClaimStands(one.message.id).value()) {
      story.Count("send:not_permitted");
    } else {
      posts.push_back(Attempt(story, one.message));
    }
  }
  flying_ = std::move(later);
  return posts;
}

std::optional<Instant> Lines::NextArrival() const {
  std::optional<Instant> next;
  for (const InFlight& one : flying_) {
    if (!next || one.arrives < *next) next = one.arrives;
  }
  return next;
}

void Lines::Cut(Story& story) {
  for (const InFlight& one : std::exchange(flying_, {})) {
    if (!story.chance.OneIn(2)) continue;
    story.Sent(one.message);
    story.Count("fault:lost_outcome");
  }
}

engine::Posted Lines::Attempt(Story& story, const engine::Message& message) {
  paging::Event event = paging::NotificationDelivered{
      .sequence = message.id.sequence, .detail = "ok"};
  if (!story.healed() && story.chance.OneIn(4)) {
    paging::NotificationFailed failed{.sequence = message.id.sequence,
                                      .reason = "dead line",
                                      .retry_at = std::nullopt};
    if (!story.chance.OneIn(3)) {
      failed.retry_at = story.clock.Now() + seconds(1 + story.chance.Below(40));
    }
    event = std::move(failed);
  } else {
    story.Sent(message);
  }
  story.Count(std::string("event:") + EventName(event));
  return {.what = engine::OutcomePosted{.group = message.id.group,
                                        .event = std::move(event)},
          .done = {},
          .bytes = 0};
}

}  // namespace tocsin::testing
