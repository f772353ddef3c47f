#include "tests/http/local_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <utility>

#include "base/check.h"

namespace tocsin::test {
namespace {

std::uint16_t BindLoopback(int fd) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  TOCSIN_CHECK(bind(fd, generic, length) == 0);
  TOCSIN_CHECK(getsockname(fd, generic, &length) == 0);
  return ntohs(address.sin_port);
}

std::size_t ContentLength(const std::string& head) {
  const std::string key = "Content-Length: ";
  const auto at = head.find(key);
  return at == std::string::npos
             ? 0
             : std::strtoul(head.c_str() + at + key.size(), nullptr, 10);
}

}  // namespace

LocalServer::LocalServer(Respond respond) : respond_(std::move(respond)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  TOCSIN_CHECK(listener_ >= 0);
  port_ = BindLoopback(listener_);
  TOCSIN_CHECK(listen(listener_, SOMAXCONN) == 0);
  accepting_ = std::thread([this] { AcceptLoop(); });
}

LocalServer::~LocalServer() {
  {
    const MutexLock lock(mutex_);
    stopping_ = true;
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  accepting_.join();
  for (std::thread& thread : serving_) thread.join();
  for (const int fd : open_) close(fd);
  close(listener_);
}

std::string LocalServer::Url(const std::string& path) const {
  return "http://127.0.0.1:" + std::to_string(port_) + path;
}

std::vector<std::string> LocalServer::Requests() const {
  const MutexLock lock(mutex_);
  return requests_;
}

void LocalServer::AcceptLoop() {
  while (true) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    ++connections_;
    const MutexLock lock(mutex_);
    open_.push_back(fd);
    if (stopping_) shutdown(fd, SHUT_RDWR);
    serving_.emplace_back([this, fd] { Serve(fd); });
  }
}

void LocalServer::Serve(int fd) {
  std::string buffer;
  std::string request;
  while (ReadRequest(fd, buffer, request)) {
    {
      const MutexLock lock(mutex_);
      requests_.push_back(request);
    }
    const std::string answer = respond_(request);
    if (send(fd, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
  }
  shutdown(fd, SHUT_RDWR);
}

bool LocalServer::ReadRequest(int fd, std::string& buffer,
                              std::string& request) {
  std::array<char, 4096> chunk;
  while (true) {
    const auto head_end = buffer.find("\r\n\r\n");
    if (head_end != std::string::npos) {
      const std::size_t total =
          head_end + 4 + ContentLength(buffer.substr(0, head_end + 2));
      if (buffer.size() >= total) {
        request = buffer.substr(0, total);
        buffer.erase(0, total);
        return true;
      }
    }
    const ssize_t got = recv(fd, chunk.data(), chunk.size(), 0);
    if (got <= 0) return false;
    bytes_received_ += static_cast<std::size_t>(got);
    buffer.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

std::string HttpAnswer(const std::string& status_line,
                       const std::string& headers, const std::string& body) {
  return "HTTP/1.1 " + status_line + "\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::uint16_t FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  TOCSIN_CHECK(fd >= 0);
  const std::uint16_t port = BindLoopback(fd);
  close(fd);
  return port;
}

}  // namespace tocsin::test
