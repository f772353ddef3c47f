#include "systemd/sd_notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <system_error>

namespace tocsin::systemd {
namespace {

Error Failed(std::string_view what) {
  return {Code::kUnavailable, "cannot notify systemd: " + std::string(what)};
}

std::optional<std::int64_t> Number(const char* text) {
  if (text == nullptr) return std::nullopt;
  const char* const end = text + std::strlen(text);
  std::int64_t number = 0;
  const auto [stop, error] = std::from_chars(text, end, number);
  if (error != std::errc() || stop != end || number <= 0) return std::nullopt;
  return number;
}

Status SendTo(std::string_view path, std::string_view message) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const bool known = path.starts_with('/') || path.starts_with('@');
  if (!known || path.size() < 2 || path.size() >= sizeof(address.sun_path)) {
    return Failed("NOTIFY_SOCKET is not the path of a socket");
  }
  std::copy(path.begin(), path.end(), address.sun_path);
  if (path[0] == '@') address.sun_path[0] = '\0';  // the abstract namespace
  const auto length =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());

  const int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return Failed(std::generic_category().message(errno));
  const ssize_t sent =
      sendto(fd, message.data(), message.size(), MSG_NOSIGNAL,
             reinterpret_cast<const sockaddr*>(&address), length);
  const int error = errno;
  close(fd);
  if (sent < 0) return Failed(std::generic_category().message(error));
  return {};
}

Status Notify(std::string_view message) {
  const char* const path = std::getenv("NOTIFY_SOCKET");
  if (path == nullptr || *path == '\0') return {};
  return SendTo(path, message);
}

}  // namespace

Status NotifyReady() { return Notify("READY=1"); }

Status NotifyReloading() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec));
  return Notify("RELOADING=1\nMONOTONIC_USEC=" +
                std::to_string(micros.count()));
}

Status NotifyStopping() { return Notify("STOPPING=1"); }

Status NotifyStatus(std::string_view line) {
  std::string message = "STATUS=" + std::string(line);
  std::replace(message.begin(), message.end(), '\n', ' ');
  return Notify(message);
}

Status NotifyWatchdog() { return Notify("WATCHDOG=1"); }

std::optional<std::chrono::microseconds> WatchdogInterval() {
  const auto allowed = Number(std::getenv("WATCHDOG_USEC"));
  const char* const watched = std::getenv("WATCHDOG_PID");
  if (!allowed || (watched != nullptr && Number(watched) != getpid())) {
    return std::nullopt;
  }
  return std::chrono::microseconds(*allowed / 2);
}

}  // namespace tocsin::systemd
