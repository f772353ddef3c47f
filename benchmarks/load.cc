#include "benchmarks/load.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"

namespace tocsin::benchmarks {

namespace {

using Steady = std::chrono::steady_clock;

int Connect(std::uint16_t port) {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  TOCSIN_CHECK(fd >= 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  TOCSIN_CHECK(::connect(fd, reinterpret_cast<const sockaddr*>(&address),
                         sizeof address) == 0);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// Whether `input` holds a whole answer: head and Content-Length bytes.
bool Whole(std::string_view input) {
  const std::size_t head = input.find("\r\n\r\n");
  if (head == std::string_view::npos) return false;
  constexpr std::string_view kLength = "Content-Length: ";
  const std::size_t at = input.substr(0, head).find(kLength);
  const std::size_t length =
      at == std::string_view::npos
          ? 0
          : std::stoul(std::string(input.substr(at + kLength.size(), 12)));
  return input.size() >= head + 4 + length;
}

class Client {
 public:
  Client(std::uint16_t port, std::string path)
      : fd_(Connect(port)), path_(std::move(path)) {}
  ~Client() { ::close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Send(const std::string& body) {
    input_.clear();
    // The stock library closes after each answer if it is not asked to keep.
    std::string request = (body.empty() ? "GET " : "POST ") + path_ +
                          " HTTP/1.1\r\nHost: localhost\r\n"
                          "Connection: keep-alive\r\n";
    if (!body.empty()) {
      request += "Content-Type: application/json\r\nContent-Length: " +
                 std::to_string(body.size()) + "\r\n";
    }
    request += "\r\n" + body;
    // A few KB into an empty socket buffer: it takes them at once.
    TOCSIN_CHECK(::send(fd_, request.data(), request.size(), MSG_NOSIGNAL) ==
                 static_cast<ssize_t>(request.size()));
  }

  // Reads what is there; true when the answer is whole or the connection ends.
  bool Read() {
    char buffer[4096];
    const ssize_t size = ::recv(fd_, buffer, sizeof buffer, 0);
    if (size <= 0) return true;
    input_.append(buffer, static_cast<std::size_t>(size));
    return Whole(input_);
  }

  bool accepted() const { return input_.starts_with("HTTP/1.1 200"); }
  int fd() const { return fd_; }

 private:
  const int fd_;
  const std::string path_;
  std::string input_;
};

}  // namespace

LoadResult Load(std::uint16_t port, const std::string& path, int connections,
                std::chrono::milliseconds length,
                const std::function<std::string()>& body) {
  std::vector<std::unique_ptr<Client>> clients;
  std::vector<pollfd> sockets;
  for (int i = 0; i < connections; ++i) {
    clients.push_back(std::make_unique<Client>(port, path));
    sockets.push_back(
        {.fd = clients.back()->fd(), .events = POLLIN, .revents = 0});
    clients.back()->Send(body());
  }
  LoadResult result;
  const auto begun = Steady::now();
  const auto end = begun + length;
  int open = connections;
  auto heard = begun;
  while (open > 0) {
    ::poll(sockets.data(), sockets.size(), 1000);
    const auto now = Steady::now();
    if (now > end + std::chrono::seconds(10)) break;
    for (std::size_t i = 0; i < sockets.size(); ++i) {
      if (sockets[i].revents == 0 || !clients[i]->Read()) continue;
      if (now - heard > kSilence) {
        result.silences.push_back({.begin = heard, .end = now});
      }
      heard = now;
      const bool accepted = clients[i]->accepted();
      if (now < end) ++(accepted ? result.answered : result.other);
      if (now < end && accepted) {
        clients[i]->Send(body());
      } else {
        sockets[i].fd = -1;  // poll passes over it
        --open;
      }
    }
  }
  result.seconds = std::chrono::duration<double>(length).count();
  return result;
}

}  // namespace tocsin::benchmarks
