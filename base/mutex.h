#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>

// std::mutex with clang's thread-safety attributes, so that `-Wthread-safety`
// proves which members are guarded. No-ops on other compilers.
#if defined(__clang__)
#define TOCSIN_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define TOCSIN_THREAD_ATTRIBUTE(x)
#endif

#define GUARDED_BY(x) TOCSIN_THREAD_ATTRIBUTE(guarded_by(x))
#define REQUIRES(...) TOCSIN_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define EXCLUDES(...) TOCSIN_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))

namespace tocsin {

class TOCSIN_THREAD_ATTRIBUTE(capability("mutex")) Mutex {
 public:
  void lock() TOCSIN_THREAD_ATTRIBUTE(acquire_capability()) { mutex_.lock(); }
  void unlock() TOCSIN_THREAD_ATTRIBUTE(release_capability()) {
    mutex_.unlock();
  }

 private:
  std::mutex mutex_;
};

// Holds a Mutex for a scope.
class TOCSIN_THREAD_ATTRIBUTE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex)
      TOCSIN_THREAD_ATTRIBUTE(acquire_capability(mutex))
      : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() TOCSIN_THREAD_ATTRIBUTE(release_capability()) {
    mutex_.unlock();
  }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

// A condition for a Mutex. Waiters hold the mutex and re-check their predicate
// in a loop of their own, where clang can see the guarded reads.
class ConditionVariable {
 public:
  void Wait(Mutex& mutex) REQUIRES(mutex) { condition_.wait(mutex); }

  // Returns false when `length` (steady) passed without a notification.
  bool WaitFor(Mutex& mutex, std::chrono::milliseconds length) REQUIRES(mutex) {
    return condition_.wait_for(mutex, length) == std::cv_status::no_timeout;
  }
  void NotifyOne() { condition_.notify_one(); }
  void NotifyAll() { condition_.notify_all(); }

 private:
  std::condition_variable_any condition_;
};

}  // namespace tocsin
