#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/mutex.h"
#include "metrics/metrics.h"
#include "web/framing.h"
#include "web/late_writer.h"
#include "web/limits.h"
#include "web/message.h"
#include "web/reply.h"
#include "web/settings.h"
#include "web/worker_pool.h"

namespace tocsin::web {

class Connection;

// What a listener does with requests. Called on transport threads and on
// workers, for many connections at once.
struct Application {
  // Answers through the Reply, now or later, here or on another thread. Must
  // not wait for anything.
  std::function<void(Request, Reply)> handle;
  // The connection answered a request by itself, which was neither handed over
  // nor refused by `admit`; its head as far as it was understood. May be empty.
  std::function<void(const Request& head, const Refusal&)> refused;
  // A client closed its side before its answer. May be empty.
  std::function<void()> client_left;
  // Judges a request whose headers are whole while its body is still to come;
  // a refusal ends the connection. A request that came whole is not asked
  // about: `handle` judges it, and vouches for the client by the Reply. Must
  // not wait for anything, and not answer by itself. May be empty.
  std::function<Admission(const Request& head)> admit{};
  // What the connections count by; outlives them. May be null.
  metrics::Metrics* metrics = nullptr;
};

// What all connections of one listener share: the limits, the counts they are
// measured by, the threads that finish their work. Thread-safe. Connections
// keep it alive, and Replies keep connections, so it may outlive the listener;
// its threads do not.
class Traffic {
 public:
  Traffic(const Limits& limits, Application application,
          std::shared_ptr<WorkerPool> pool, const Entrance& entrance);

  const Limits& limits() const { return limits_; }
  const Application& application() const { return application_; }
  const Entrance& entrance() const { return entrance_; }
  WorkerPool& pool() { return *pool_; }
  LateWriter& late_writer() { return late_writer_; }

  // Lets a connection in. Where there are too many already, the oldest one that
  // never proved who it is and is not being served has to go; false when there
  // is none.
  bool Register(const std::shared_ptr<Connection>& connection) EXCLUDES(mutex_);
  // It has proved who it is.
  void NoStranger(const Connection* connection) EXCLUDES(mutex_);
  // It is closed. Idempotent.
  void Forget(const Connection* connection) EXCLUDES(mutex_);

  // `reason` as metrics::Metrics::HttpRefused has it.
  void CountRefused(std::string_view reason) const;
  void CountAnswer(int status) const;
  void CountLateAnswer() const;

  // Moves the count of buffered bytes from one connection's old share to its
  // new one. False when all together hold too much.
  bool Buffered(std::size_t old_share, std::size_t new_share);

  // A request was handed to the application; its answer has left.
  void RequestBegins() EXCLUDES(mutex_);
  void RequestEnds() EXCLUDES(mutex_);

  // From here on requests are answered 503.
  bool draining() const { return draining_; }

  // Drains, ends streams, waits for requests in flight up to limits().stopping,
  // closes all connections.
  void Stop() EXCLUDES(mutex_);

  // `length` in ticks, rounded up.
  std::size_t Ticks(std::chrono::milliseconds length) const;

 private:
  using Strangers = std::list<std::weak_ptr<Connection>>;
  struct Entry {
    std::weak_ptr<Connection> connection;
    std::optional<Strangers::iterator> stranger;
  };

  bool Enter(const std::shared_ptr<Connection>& connection) EXCLUDES(mutex_);
  bool MakeRoom() EXCLUDES(mutex_);
  std::vector<std::shared_ptr<Connection>> SomeStrangers(std::size_t skip)
      EXCLUDES(mutex_);
  std::vector<std::shared_ptr<Connection>> Connections() EXCLUDES(mutex_);
  void Tick() EXCLUDES(mutex_);

  const Limits limits_;
  const Application application_;
  const std::shared_ptr<WorkerPool> pool_;  // shared with the server
  const Entrance entrance_;
  std::atomic<std::size_t> buffered_ = 0;
  std::atomic<bool> draining_ = false;
  Mutex mutex_;
  ConditionVariable quiet_;
  std::unordered_map<const Connection*, Entry> connections_ GUARDED_BY(mutex_);
  Strangers strangers_ GUARDED_BY(mutex_);  // oldest first
  std::size_t in_flight_ GUARDED_BY(mutex_) = 0;
  LateWriter late_writer_;  // last: its thread calls Tick
};

}  // namespace tocsin::web
