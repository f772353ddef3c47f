#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace tocsin::web {

// One thread for clients that read slowly: it sends what did not fit into a
// socket at once, and keeps the beat by which all deadlines of connections are
// counted. Thread-safe.
class LateWriter {
 public:
  enum class End {
    kSent,  // all of it
    kLate,  // the client did not take it in time
    kLost,  // the client is gone, or the writer stops
  };
  // Called on the writer's thread, without a lock.
  using Done = std::function<void(End)>;
  using OnTick = std::function<void()>;

  // Throws std::system_error when the system has no descriptor left.
  LateWriter(std::chrono::milliseconds tick, OnTick on_tick);
  ~LateWriter();
  LateWriter(const LateWriter&) = delete;
  LateWriter& operator=(const LateWriter&) = delete;

  // Sends `data` from `offset` on over `fd`, within `ticks`. The caller keeps
  // `fd` open until `done`. False once stopped; `done` is then not called.
  [[nodiscard]] bool Finish(int fd, std::string data, std::size_t offset,
                            std::size_t ticks, Done done) EXCLUDES(mutex_);

  // Gives up what is unsent and ends the thread. Idempotent.
  void Stop() EXCLUDES(mutex_);

 private:
  struct Job {
    int fd;
    std::string data;
    std::size_t offset;
    std::size_t ticks;  // left
    Done done;
  };
  enum class Progress { kWaiting, kSent, kFailed };

  void Run();
  void Adopt(std::vector<Job>& jobs) EXCLUDES(mutex_);
  bool Stopped() EXCLUDES(mutex_);
  void Wake();
  static Progress Send(Job& job);
  static End EndOf(Progress progress);

  const OnTick on_tick_;
  const int wake_;   // eventfd
  const int clock_;  // timerfd
  Mutex mutex_;
  std::vector<Job> new_jobs_ GUARDED_BY(mutex_);
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tocsin::web
