#pragma once

#include <atomic>
#include <thread>

#include "base/clock.h"
#include "base/mutex.h"
#include "engine/engine.h"
#include "engine/inbox.h"

namespace tocsin::engine {

// The engine's thread: sleeps until a post or the next due time, runs a turn,
// and again. Created running; the destructor stops it if Stop was not called.
class Runner {
 public:
  Runner(Engine& engine, Inbox& inbox, const Clock& clock,
         metrics::Metrics& metrics);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Closes the inbox, runs turns until it is empty, joins. Idempotent; call it
  // from one thread.
  void Stop();

  // Thread-safe. Ok while the thread turns (it does at least once a second)
  // and the last commit worked; else the sentence for /-/ready.
  Status Healthy() const EXCLUDES(mutex_);

  // Thread-safe. Whether the thread turns, also over a failing store: what a
  // watchdog asks, since a restart mends a hang and not a full disk.
  bool Turning() const EXCLUDES(mutex_);

 private:
  void Run();
  void Note(const Status& status) EXCLUDES(mutex_);

  Engine& engine_;
  Inbox& inbox_;
  const Clock& clock_;
  metrics::Metrics& metrics_;
  std::atomic<bool> stopping_{false};

  mutable Mutex mutex_;
  Status last_ GUARDED_BY(mutex_);
  std::chrono::steady_clock::time_point last_turn_ GUARDED_BY(mutex_);

  std::thread thread_;
};

}  // namespace tocsin::engine
