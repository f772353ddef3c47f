#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "engine/engine.h"
#include "engine/inbox.h"

namespace tocsin::engine {

// The engine's thread: sleeps until a post or the next due time, runs a turn,
// and again. Created running; the destructor stops it if Stop was not called.
class Runner {
 public:
  struct Limits {
    // A turn takes milliseconds; a thread that has not ended one for this long
    // hangs.
    std::chrono::milliseconds hangs = std::chrono::seconds(15);
    // An engine with nothing to write writes all the same this often, so that
    // it is known before the next page whether the store takes it.
    std::chrono::milliseconds probe = std::chrono::seconds(10);
    // Without a commit for this long the store does not work, whatever else.
    std::chrono::milliseconds stale = std::chrono::seconds(30);
    // Timers this late say that pages are late.
    Duration late = std::chrono::seconds(60);
  };

  Runner(const Limits& limits, Engine& engine, Inbox& inbox, const Clock& clock,
         metrics::Metrics& metrics);
  ~Runner();
  Runner(const Runner&) = delete;
  Runner& operator=(const Runner&) = delete;

  // Closes the inbox, runs turns until it is empty, joins. Idempotent; call it
  // from one thread.
  void Stop();

  // Thread-safe, never waits for the store. What keeps pages from going out, a
  // sentence each; empty while the thread turns (it does at least once a
  // second), the store takes writes and timers run in time.
  std::vector<std::string> Faults() const EXCLUDES(mutex_);

  // Thread-safe. Whether the thread turns, also over a failing store: what a
  // watchdog asks, since a restart mends a hang and not a full disk.
  bool Turning() const EXCLUDES(mutex_);

 private:
  using Time = std::chrono::steady_clock::time_point;
  // What the last turn left.
  struct State {
    Status turn;
    Status timers;         // whether it is known when the next one is due
    Duration lateness{0};  // of the oldest timer that has not run
    Time turned;           // when it ended
    Time committed;        // when the last commit was
  };

  void Run();
  void Note(const Status& turn, const Result<std::optional<Instant>>& next)
      EXCLUDES(mutex_);

  const Limits limits_;
  Engine& engine_;
  Inbox& inbox_;
  const Clock& clock_;
  metrics::Metrics& metrics_;
  std::atomic<bool> stopping_{false};
  std::uint64_t commits_ = 0;  // counted so far; of the engine's thread

  mutable Mutex mutex_;
  State state_ GUARDED_BY(mutex_);

  std::thread thread_;
};

}  // namespace tocsin::engine
