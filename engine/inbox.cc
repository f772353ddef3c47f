#include "engine/inbox.h"

#include <utility>

namespace tocsin::engine {
namespace {

Error Closed() { return {Code::kUnavailable, "the daemon is stopping"}; }

}  // namespace

Inbox::Lane Inbox::LaneOf(const Posted& post) {
  if (std::holds_alternative<OutcomePosted>(post.what)) return kOutcomes;
  if (std::holds_alternative<ActionPosted>(post.what)) return kActions;
  return kWebhooks;
}

Status Inbox::Post(Posted post) {
  const Lane lane = LaneOf(post);
  {
    MutexLock lock(mutex_);
    if (closed_ && lane != kOutcomes) return Closed();
    if (lane == kActions && lanes_[lane].size() >= limits_.actions) {
      return Error{Code::kExhausted, "too many actions are waiting"};
    }
    if (lane == kWebhooks) {
      const Status room = RoomForWebhook(post.bytes);
      if (!room.ok()) return room;
      webhook_bytes_ += post.bytes;
    }
    lanes_[lane].push_back(std::move(post));
  }
  posted_.NotifyOne();
  return {};
}

Status Inbox::RoomForWebhook(std::size_t bytes) const {
  if (lanes_[kWebhooks].size() < limits_.webhooks &&
      webhook_bytes_ + bytes <= limits_.webhook_bytes) {
    return {};
  }
  return Error{Code::kExhausted, "too many webhooks are waiting"};
}

Status Inbox::TakesWebhooks() const {
  MutexLock lock(mutex_);
  if (closed_) return Closed();
  return RoomForWebhook(0);
}

std::vector<Posted> Inbox::Take(std::size_t max,
                                std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::vector<Posted> taken;
  MutexLock lock(mutex_);
  const auto empty = [this]() REQUIRES(mutex_) {
    for (const auto& lane : lanes_) {
      if (!lane.empty()) return false;
    }
    return true;
  };
  while (empty() && !closed_) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    if (left <= std::chrono::milliseconds::zero()) return taken;
    posted_.WaitFor(mutex_, left);
  }
  for (auto& lane : lanes_) {
    while (!lane.empty() && taken.size() < max) {
      taken.push_back(std::move(lane.front()));
      lane.pop_front();
      if (std::holds_alternative<WebhookPosted>(taken.back().what)) {
        webhook_bytes_ -= taken.back().bytes;
      }
    }
  }
  return taken;
}

void Inbox::Close() {
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  posted_.NotifyAll();
}

std::size_t Inbox::Depth() const {
  MutexLock lock(mutex_);
  std::size_t depth = 0;
  for (const auto& lane : lanes_) depth += lane.size();
  return depth;
}

}  // namespace tocsin::engine
