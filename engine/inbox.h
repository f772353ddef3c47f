#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "paging/apply.h"
#include "routing/payload.h"

namespace tocsin::engine {

// A webhook that passed the door: who sent it and what it says.
struct WebhookPosted {
  std::string source;
  routing::Payload payload;
};

// What a person asks of a group: AcknowledgeRequested or ResolveRequested.
struct ActionPosted {
  paging::AlertGroupId group;
  paging::Event event;
  bool with_siblings = false;  // an acknowledge takes them along
};

// What delivery reports: NotificationDelivered or NotificationFailed.
struct OutcomePosted {
  paging::AlertGroupId group;
  paging::Event event;
};

// What an action came to at a sibling that it took along.
struct SiblingAnswer {
  paging::AlertGroupId group;
  bool found = true;
  std::optional<paging::Refusal> refusal{};
};

// The answer to a post, given after the commit. An error of code kUnavailable
// means "not on disk, send again"; kNotFound and kConflict (with the refusal)
// are answers to actions.
struct Answer {
  Status status;
  std::optional<paging::Refusal> refusal;
  std::vector<SiblingAnswer> siblings{};  // each by its own rules
};

// Called once, on the engine's thread: it must be quick and must not throw.
using Done = std::function<void(const Answer&)>;

struct Posted {
  std::variant<WebhookPosted, ActionPosted, OutcomePosted> what;
  Done done;              // may be empty
  std::size_t bytes = 0;  // what it holds in memory, for the cap
};

// The only way to the engine: three lanes, taken in this order. Outcomes are
// never refused (delivery holds a bounded number), people's actions have room
// of their own, webhooks are refused first. Thread-safe.
class Inbox {
 public:
  struct Limits {
    std::size_t webhooks = 4096;  // posts waiting
    std::size_t webhook_bytes = 256u << 20;
    std::size_t actions = 1024;
  };
  explicit Inbox(Limits limits) : limits_(limits) {}

  // Returns kExhausted when the lane is full, kUnavailable once closed; the
  // post's `done` is then not called: the caller answers.
  Status Post(Posted post) EXCLUDES(mutex_);

  // What Post would say to a webhook of no size now: whoever has one on its way
  // asks before it takes all of it in.
  Status TakesWebhooks() const EXCLUDES(mutex_);

  // Takes up to `max` posts in the order of lanes; waits up to `patience`
  // (steady) for the first one. Empty: patience ran out, or closed.
  std::vector<Posted> Take(std::size_t max, std::chrono::milliseconds patience)
      EXCLUDES(mutex_);

  // No more webhooks and actions; outcomes still come in. Wakes Take.
  void Close() EXCLUDES(mutex_);

  std::size_t Depth() const EXCLUDES(mutex_);

 private:
  enum Lane { kOutcomes, kActions, kWebhooks, kLanes };
  static Lane LaneOf(const Posted& post);
  Status RoomForWebhook(std::size_t bytes) const REQUIRES(mutex_);

  const Limits limits_;
  mutable Mutex mutex_;
  ConditionVariable posted_;
  std::array<std::deque<Posted>, kLanes> lanes_ GUARDED_BY(mutex_);
  std::size_t webhook_bytes_ GUARDED_BY(mutex_) = 0;
  bool closed_ GUARDED_BY(mutex_) = false;
};

}  // namespace tocsin::engine
