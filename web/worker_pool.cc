#include "web/worker_pool.h"

#include <exception>
#include <utility>

#include "base/log.h"

namespace tocsin::web {

WorkerPool::WorkerPool(int threads, std::size_t waiting) : waiting_(waiting) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

WorkerPool::~WorkerPool() { Stop(); }

bool WorkerPool::Post(Job job) {
  {
    const MutexLock lock(mutex_);
    if (stopped_ || jobs_.size() >= waiting_) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.NotifyOne();
  return true;
}

void WorkerPool::Stop() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  changed_.NotifyAll();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

bool WorkerPool::Next(Job& job) {
  const MutexLock lock(mutex_);
  while (jobs_.empty() && !stopped_) changed_.Wait(mutex_);
  if (jobs_.empty()) return false;
  job = std::move(jobs_.front());
  jobs_.pop_front();
  return true;
}

void WorkerPool::Run() {
  Job job;
  while (Next(job)) {
    try {
      job();
    } catch (const std::exception& fault) {
      log::Error("request failed", {{"err", fault.what()}});
    }
    job = nullptr;  // drops the reply: an unanswered client gets its 500
  }
}

}  // namespace tocsin::web
