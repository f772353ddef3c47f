#include "notify/console.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace tocsin::notify {
namespace {

// A pipe that has room takes this much at once (PIPE_BUF), so a line up to
// there neither blocks nor mixes with others.
constexpr std::size_t kLongestLine = 4096;

}  // namespace

void Console::Send(const engine::Message& message, const std::string& address,
                   Permit permit, Callback callback) {
  if (!permit()) {
    callback({.result = Attempt::Result::kWithdrawn,
              .detail = "not sent: the permit was refused",
              .retry_after = {}});
    return;
  }
  callback(Write(PageLine(message, address)));
}

Attempt Console::Write(std::string_view line) {
  const MutexLock lock(mutex_);
  // Who sends must not wait: a reader of our output that stands still (a
  // stopped terminal, a full pipe) would stop every other page too.
  pollfd room{.fd = fd_, .events = POLLOUT, .revents = 0};
  if (::poll(&room, 1, 0) == 0) {
    return {.result = Attempt::Result::kTemporary,
            .detail = "the console takes nothing now",
            .retry_after = {}};
  }
  while (!line.empty()) {
    const ssize_t written = write(fd_, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      return {.result = Attempt::Result::kTemporary,
              .detail = "cannot write to the console: " +
                        std::generic_category().message(errno),
              .retry_after = {}};
    }
    line.remove_prefix(static_cast<std::size_t>(written));
  }
  return {.result = Attempt::Result::kDelivered,
          .detail = "written to the console",
          .retry_after = {}};
}

std::string PageLine(const engine::Message& message,
                     const std::string& address) {
  std::string line = "PAGE " + message.user;
  if (address != message.user) line += " at " + address;
  line += " [" + std::string(paging::ImportanceName(message.importance)) +
          "] " + message.team + ": " + message.title;
  if (!message.summary.empty()) line += " - " + message.summary;
  if (!message.severity.empty()) line += " (" + message.severity + ")";
  line += ", firing alerts: " + std::to_string(message.alerts_firing) +
          ", group " + std::to_string(message.id.group.value()) +
          ", notification " + paging::NotificationIdText(message.id) +
          ", attempt " + std::to_string(message.attempts + 1) + ", " +
          message.why;
  for (const engine::Message& other : message.bundled) {
    line += "; and " + other.team + ": " + other.title + ", group " +
            std::to_string(other.id.group.value()) + ", notification " +
            paging::NotificationIdText(other.id);
  }
  constexpr char kDelete = 0x7f;
  std::replace_if(
      line.begin(), line.end(),
      [](char c) { return (c >= 0 && c < ' ') || c == kDelete; }, ' ');
  if (line.size() >= kLongestLine) line.resize(kLongestLine - 1);
  return line + "\n";
}

}  // namespace tocsin::notify
