#include "config/read_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace tocsin::config {
namespace {

constexpr std::size_t kBlockBytes = 64u << 10;

// Closes the descriptor that it holds.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  const int fd_;
};

Error LastError() {
  return {Code::kInvalid, std::generic_category().message(errno)};
}

// Appends up to `wanted` bytes; less than asked for is the end of the file.
Result<std::size_t> Append(int fd, std::size_t wanted, std::string& text) {
  const std::size_t before = text.size();
  text.resize(before + wanted);
  ssize_t got = 0;
  do {
    got = ::read(fd, text.data() + before, wanted);
  } while (got < 0 && errno == EINTR);
  if (got < 0) return LastError();
  text.resize(before + static_cast<std::size_t>(got));
  return static_cast<std::size_t>(got);
}

Result<std::string> ReadAll(const Descriptor& file, std::size_t limit) {
  std::string text;
  while (text.size() <= limit) {
    const Result<std::size_t> got = Append(
        file.get(), std::min(kBlockBytes, limit + 1 - text.size()), text);
    if (!got.ok()) return got.error();
    if (got.value() == 0) break;
  }
  return text;
}

}  // namespace

Result<std::string> ReadRegularFile(const std::string& path,
                                    std::size_t limit) {
  const Descriptor file(
      ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (file.get() < 0) return LastError();
  struct stat facts {};
  if (::fstat(file.get(), &facts) != 0) return LastError();
  if (!S_ISREG(facts.st_mode)) {
    return Error{Code::kInvalid, "it is not a regular file"};
  }
  return ReadAll(file, limit);
}

Result<std::string> ReadAnyFile(const std::string& path, std::size_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (file.get() < 0) return LastError();
  return ReadAll(file, limit);
}

}  // namespace tocsin::config
