#include "tests/sim/lines.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "engine/bundle.h"
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
    } else {
      Arrive(story, one.message, posts);
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
    for (const engine::Message& other : one.message.bundled) story.Sent(other);
    story.Count("fault:lost_outcome");
  }
}

void Lines::Arrive(Story& story, const engine::Message& message,
                   std::vector<engine::Posted>& posts) {
  std::vector<paging::NotificationId> standing = engine::IdsOf(message);
  std::erase_if(standing, [&story](paging::NotificationId id) {
    return !story.store.ClaimStands(id).value();
  });
  if (standing.size() <= message.bundled.size()) {
    story.Count("send:not_permitted");
  }
  if (standing.empty()) return;
  const engine::Message sent = engine::Rebundled(message, standing);
  if (!sent.bundled.empty()) story.Count("send:bundle");
  const bool fails = !story.healed() && story.chance.OneIn(4);
  std::optional<Instant> retry_at;
  if (fails && !story.chance.OneIn(3)) {
    retry_at = story.clock.Now() + seconds(1 + story.chance.Below(40));
  }
  posts.push_back(Outcome(story, sent, fails, retry_at));
  for (const engine::Message& other : sent.bundled) {
    posts.push_back(Outcome(story, other, fails, retry_at));
  }
}

engine::Posted Lines::Outcome(Story& story, const engine::Message& message,
                              bool fails, std::optional<Instant> retry_at) {
  paging::Event event = paging::NotificationDelivered{
      .sequence = message.id.sequence, .detail = "ok"};
  if (fails) {
    event = paging::NotificationFailed{.sequence = message.id.sequence,
                                       .reason = "dead line",
                                       .retry_at = retry_at};
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
