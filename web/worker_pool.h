#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace tocsin::web {

// A few threads for what may wait for the store or take long: reads, metrics,
// requests that were pipelined behind an answer. So neither a transport thread
// nor the engine's does it. Thread-safe.
class WorkerPool {
 public:
  using Job = std::function<void()>;

  // At most `waiting` jobs wait for one of `threads` threads.
  WorkerPool(int threads, std::size_t waiting);
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  // False when the queue is full or the pool stopped: the caller says so to
  // its client. An exception that a job lets out is logged.
  [[nodiscard]] bool Post(Job job) EXCLUDES(mutex_);

  // Runs what waits, then ends the threads. Idempotent; not from a job.
  void Stop() EXCLUDES(mutex_);

 private:
  void Run() EXCLUDES(mutex_);
  bool Next(Job& job) EXCLUDES(mutex_);

  const std::size_t waiting_;
  Mutex mutex_;
  ConditionVariable changed_;
  std::deque<Job> jobs_ GUARDED_BY(mutex_);
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;  // joined by the one who stops
};

}  // namespace tocsin::web
