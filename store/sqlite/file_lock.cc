#include "store/sqlite/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>

namespace tocsin::store::sqlite {
namespace {

Error OpenError(const std::string& path, int error) {
  const std::string directory =
      std::filesystem::path(path).parent_path().string();
  if (error == ENOENT) {
    return {Code::kNotFound, "cannot open the store " + path +
                                 ": the directory " + directory +
                                 " does not exist"};
  }
  const std::string reason = std::generic_category().message(error);
  if (error == EACCES || error == EPERM || error == EROFS) {
    return {Code::kForbidden, "cannot open the store " + path +
                                  ": the directory " + directory +
                                  " cannot be written (" + reason + ")"};
  }
  return {Code::kUnavailable, "cannot open the store " + path + ": " + reason};
}

// The first line of the lock file, or "?" where the holder has not written yet.
std::string HolderOf(int descriptor) {
  char text[16] = {};
  const ssize_t size = pread(descriptor, text, sizeof text - 1, 0);
  const std::string line(text, size > 0 ? static_cast<std::size_t>(size) : 0);
  const std::string pid = line.substr(0, line.find('\n'));
  return pid.empty() ? "?" : pid;
}

// For people only: the lock holds without it, so a full disk is no failure.
void WriteHolder(int descriptor) {
  const std::string line = std::to_string(getpid()) + "\n";
  if (ftruncate(descriptor, 0) != 0) return;
  if (pwrite(descriptor, line.data(), line.size(), 0) < 0) return;
}

// The path behind symbolic links: two names of one file are one store.
std::string Followed(const std::string& path) {
  std::error_code failed;  // then the name as it is; opening it will tell
  const auto real = std::filesystem::weakly_canonical(path, failed);
  return failed ? path : real.string();
}

}  // namespace

Result<FileLock> FileLock::Take(const std::string& path) {
  const int descriptor = open((Followed(path) + ".lock").c_str(),
                              O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return OpenError(path, errno);
  FileLock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return OpenError(path, errno);
    return Error{
        Code::kConflict,
        "the store " + path + " is in use by process " + HolderOf(descriptor)};
  }
  WriteHolder(descriptor);
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace tocsin::store::sqlite
