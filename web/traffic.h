#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "web/late_writer.h"
#include "web/limits.h"
#include "web/message.h"
#include "web/reply.h"
#include "web/worker_pool.h"

namespace tocsin::web {

class Connection;

// What a listener does with requests. Called on transport threads and on
// workers, for many connections at once.
struct Application {
  // Answers through the Reply, now or later, here or on another thread. Must
  // not wait for anything.
  std::function<void(Request, Reply)> handle;
  // The framing refused a request with that status; its head as far as it was
  // understood. May be empty.
  std::function<void(const Request& head, int status)> refused;
  // A client closed its side before its answer. May be empty.
  std::function<void()> client_left;
};

// What all connections of one listener share: the limits, the counts they are
// measured by, the threads that finish their work. Thread-safe. Connections
// keep it alive, and Replies keep connections, so it may outlive the listener;
// its threads do not.
class Traffic {
 public:
  Traffic(const Limits& limits, Application application,
          std::shared_ptr<WorkerPool> pool);

  const Limits& limits() const { return limits_; }
  const Application& application() const { return application_; }
  WorkerPool& pool() { return *pool_; }
  LateWriter& late_writer() { return late_writer_; }

  // Counts a connection; false when there are too many already.
  bool Register(const std::shared_ptr<Connection>& connection) EXCLUDES(mutex_);
  void Forget(const Connection* connection) EXCLUDES(mutex_);

  // Moves the count of buffered bytes from one connection's old share to its
  // new one. False when all together hold too much.
  bool Buffered(std::size_t old_share, std::size_t new_share);

  // A request was handed to the application; its answer has left.
  void RequestBegins() EXCLUDES(mutex_);
  void RequestEnds() EXCLUDES(mutex_);

  // From here on requests are answered 503.
  bool draining() const { return draining_; }

  // Drains, waits for requests in flight up to limits().stopping, closes all
  // connections.
  void Stop() EXCLUDES(mutex_);

  // `length` in ticks, rounded up.
  std::size_t Ticks(std::chrono::milliseconds length) const;

 private:
  std::vector<std::shared_ptr<Connection>> Connections() EXCLUDES(mutex_);
  void Tick() EXCLUDES(mutex_);

  const Limits limits_;
  const Application application_;
  const std::shared_ptr<WorkerPool> pool_;  // shared with the server
  std::atomic<std::size_t> buffered_ = 0;
  std::atomic<bool> draining_ = false;
  Mutex mutex_;
  ConditionVariable quiet_;
  std::unordered_map<const Connection*, std::weak_ptr<Connection>> connections_
      GUARDED_BY(mutex_);
  std::size_t in_flight_ GUARDED_BY(mutex_) = 0;
  LateWriter late_writer_;  // last: its thread calls Tick
};

}  // namespace tocsin::web
