#include "web/traffic.h"

#include <utility>
#include <vector>

#include "web/connection.h"

namespace tocsin::web {

Traffic::Traffic(const Limits& limits, Application application,
                 std::shared_ptr<WorkerPool> pool)
    : limits_(limits),
      application_(std::move(application)),
      pool_(std::move(pool)),
      late_writer_(limits.tick, [this] { Tick(); }) {}

bool Traffic::Register(const std::shared_ptr<Connection>& connection) {
  const MutexLock lock(mutex_);
  connections_.emplace(connection.get(), connection);
  return connections_.size() <= limits_.connections;
}

void Traffic::Forget(const Connection* connection) {
  const MutexLock lock(mutex_);
  connections_.erase(connection);
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
  for (const auto& [key, connection] : connections_) {
    if (auto held = connection.lock()) alive.push_back(std::move(held));
  }
  return alive;
}

void Traffic::Tick() {
  for (const auto& connection : Connections()) connection->OnTick();
}

void Traffic::Stop() {
  draining_ = true;
  for (const auto& connection : Connections()) connection->CloseIfIdle();
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
