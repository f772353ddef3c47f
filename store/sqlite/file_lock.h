#pragma once

#include <string>

#include "base/result.h"

namespace tocsin::store::sqlite {

// Keeps a store for one process: an advisory lock on `<path>.lock`, which holds
// the owner's pid for people. The kernel ends the lock with the process, so a
// crash leaves nothing to clean up; the file stays. Move-only, not thread-safe.
class FileLock {
 public:
  // kConflict with the pid of the holder (also where that is this process),
  // kNotFound where the directory is missing, kForbidden where it cannot be
  // written.
  static Result<FileLock> Take(const std::string& path);

  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) = delete;
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) : descriptor_(descriptor) {}

  int descriptor_;
};

}  // namespace tocsin::store::sqlite
