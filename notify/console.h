#pragma once

#include <string>

#include "base/mutex.h"
#include "notify/sender.h"

namespace tocsin::notify {

// The provider `console`: one line a page, for trying out and for demos.
// Thread-safe. Send writes at once and calls back before it returns; a reader
// that does not read its pipe makes it wait.
class Console final : public Sender {
 public:
  // Lines go to this descriptor, which stays open as long as this lives.
  explicit Console(int fd) : fd_(fd) {}

  void Send(const engine::Message& message, const std::string& address,
            Permit permit, Callback callback) override EXCLUDES(mutex_);

 private:
  Attempt Write(std::string_view line) EXCLUDES(mutex_);

  const int fd_;
  Mutex mutex_;  // keeps lines whole
};

// The line of a page with its newline. Control characters of the alert become
// blanks: an alert cannot forge a line or steer a terminal.
std::string PageLine(const engine::Message& message,
                     const std::string& address);

}  // namespace tocsin::notify
