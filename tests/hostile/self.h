#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <stdexcept>
#include <string>

// What both servers tell of themselves. Header only and without anything of
// ours, as the stock server is built without sanitizers.
namespace tocsin::hostile {

// A connection to this very process that got an answer and stays open.
class Visitor {
 public:
  explicit Visitor(std::uint16_t port)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const std::string request =
        "GET /hello HTTP/1.1\r\nHost: a\r\nConnection: keep-alive\r\n\r\n";
    char answer[512];
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address),
                  sizeof address) != 0 ||
        ::send(fd_, request.data(), request.size(), 0) < 0 ||
        ::recv(fd_, answer, sizeof answer, 0) <= 0) {
      throw std::runtime_error("no answer to ourselves");
    }
  }
  ~Visitor() { ::close(fd_); }
  Visitor(const Visitor&) = delete;
  Visitor& operator=(const Visitor&) = delete;

 private:
  const int fd_;
};

inline std::size_t OpenDescriptors() {
  const std::filesystem::directory_iterator all("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

// What the kernel keeps for the socket that listens: connections that may wait
// to be accepted.
inline unsigned Backlog() {
  for (int fd = 3; fd < 64; ++fd) {
    int listens = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 ||
        listens == 0) {
      continue;
    }
    tcp_info info{};
    size = sizeof info;
    ::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size);
    return info.tcpi_sacked;
  }
  return 0;
}

}  // namespace tocsin::hostile
