#pragma once

#include <memory>
#include <utility>

#include "base/mutex.h"

namespace tocsin {

// The running version of something immutable that a reload replaces as a whole.
// Who works by it takes it once and keeps that one for the whole piece of work,
// so no piece of work sees two versions. Thread-safe.
template <typename T>
class Current {
 public:
  explicit Current(std::shared_ptr<const T> value) : value_(std::move(value)) {}

  // Shared with whoever took it before; never null.
  std::shared_ptr<const T> Get() const EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return value_;
  }

  void Set(std::shared_ptr<const T> value) EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      value_.swap(value);
    }
    // The old one, if nobody works by it, goes here: without the lock.
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const T> value_ GUARDED_BY(mutex_);
};

}  // namespace tocsin
