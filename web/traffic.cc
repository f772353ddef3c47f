#include "web/traffic.h"

#include <iterator>
#include <utility>
#include <vector>

#include "web/connection.h"

namespace tocsin::web {
namespace {

// How many are asked at once to make room: the first one is nearly always
// free to go.
constexpr std::size_t kSome = 8;

}  // namespace

Traffic::Traffic(const Limits& limits, Application application,
                 std::shared_ptr<WorkerPool> pool, const Entrance& entrance)
    : limits_(limits),
      application_(std::move(application)),
      pool_(std::move(pool)),
      entrance_(entrance),
      late_writer_(limits.tick, [this] { Tick(); }) {}

bool Traffic::Register(const std::shared_ptr<Connection>& connection) {
  while (!Enter(connection)) {
    if (!MakeRoom()) return false;
  }
  if (application_.metrics != nullptr) application_.metrics->HttpConnections(1);
  return true;
}

bool Traffic::Enter(const std::shared_ptr<Connection>& connection) {
  const MutexLock lock(mutex_);
  if (connections_.size() >= limits_.connections) return false;
  strangers_.emplace_back(connection);
  connections_.emplace(connection.get(),
                       Entry{connection, std::prev(strangers_.end())});
  return true;
}

// A connection has a lock of its own, which is never taken under ours.
bool Traffic::MakeRoom() {
  std::size_t asked = 0;
  for (;;) {
    const auto some = SomeStrangers(asked);
    for (const auto& connection : some) {
      if (connection->GiveWay()) return true;
    }
    if (some.size() < kSome) return false;
    asked += some.size();
  }
}

std::vector<std::shared_ptr<Connection>> Traffic::SomeStrangers(
    std::size_t skip) {
  std::vector<std::shared_ptr<Connection>> some;
  const MutexLock lock(mutex_);
  for (auto at = strangers_.begin();
       at != strangers_.end() && some.size() < kSome; ++at) {
    if (skip > 0) {
      --skip;
    } else if (auto held = at->lock()) {
      some.push_back(std::move(held));
    }
  }
  return some;
}

void Traffic::NoStranger(const Connection* connection) {
  const MutexLock lock(mutex_);
  const auto found = connections_.find(connection);
  if (found == connections_.end() || !found->second.stranger) return;
  strangers_.erase(*std::exchange(found->second.stranger, std::nullopt));
}

void Traffic::Forget(const Connection* connection) {
  {
    const MutexLock lock(mutex_);
    const auto found = connections_.find(connection);
    if (found == connections_.end()) return;
    if (found->second.stranger) strangers_.erase(*found->second.stranger);
    connections_.erase(found);
  }
  if (application_.metrics != nullptr) {
    application_.metrics->HttpConnections(-1);
  }
}

void Traffic::CountRefused(std::string_view reason) const {
  if (application_.metrics != nullptr) {
    application_.metrics->HttpRefused(reason);
  }
}

void Traffic::CountAnswer(int status) const {
  if (application_.metrics != nullptr) {
    application_.metrics->HttpAnswered(status);
  }
}

void Traffic::CountLateAnswer() const {
  if (application_.metrics != nullptr) application_.metrics->HttpAnsweredLate();
}

bool Traffic::Buffered(std::size_t old_share, std::size_t new_share) {
  if (new_share <= old_share) {
    buffered_ -= old_share - new_share;
    return true;
  }
  const std::size_t more = new_share - old_share;
  return (buffered_ += more) <= limits_.buffered_bytes;
}

void Traffic::RequestBegins() {
  const MutexLock lock(mutex_);
  ++in_flight_;
}

void Traffic::RequestEnds() {
  const MutexLock lock(mutex_);
  if (--in_flight_ == 0) quiet_.NotifyAll();
}

std::size_t Traffic::Ticks(std::chrono::milliseconds length) const {
  return static_cast<std::size_t>(
      (length + limits_.tick - std::chrono::milliseconds(1)) / limits_.tick);
}

std::vector<std::shared_ptr<Connection>> Traffic::Connections() {
  const MutexLock lock(mutex_);
  std::vector<std::shared_ptr<Connection>> alive;
  alive.reserve(connections_.size());
  for (const auto& [key, entry] : connections_) {
    if (auto held = entry.connection.lock()) alive.push_back(std::move(held));
  }
  return alive;
}

void Traffic::Tick() {
  for (const auto& connection : Connections()) connection->OnTick();
  if (application_.metrics != nullptr) {
    application_.metrics->HttpBuffered(buffered_);
  }
}

void Traffic::Stop() {
  draining_ = true;
  for (const auto& connection : Connections()) connection->Drain();
  {
    const MutexLock lock(mutex_);
    while (in_flight_ > 0) {
      if (!quiet_.WaitFor(mutex_, limits_.stopping)) break;
    }
  }
  late_writer_.Stop();
  for (const auto& connection : Connections()) connection->Close();
}

}  // namespace tocsin::web
