#include "tests/web/client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace tocsin::web {
namespace {

void Check(bool good, const char* what) {
  if (!good) throw std::system_error(errno, std::generic_category(), what);
}

}  // namespace

Client::Client(std::uint16_t port, int receive_buffer,
               std::chrono::milliseconds patience)
    : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  Check(fd_ >= 0, "socket");
  const int on = 1;
  ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (receive_buffer > 0) {
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                 sizeof receive_buffer);
  }
  const timeval bound{.tv_sec = patience.count() / 1000,
                      .tv_usec = patience.count() % 1000 * 1000};
  ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &bound, sizeof bound);
  ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &bound, sizeof bound);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  Check(::connect(fd_, reinterpret_cast<const sockaddr*>(&address),
                  sizeof address) == 0,
        "connect");
}

Client::~Client() {
  if (fd_ >= 0) ::close(fd_);
}

void Client::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;  // the server closed; its answer tells why
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Client::SendByteByByte(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) Send(bytes.substr(i, 1));
}

bool Client::Fill() {
  char part[65536];
  const ssize_t size = ::recv(fd_, part, sizeof part, 0);
  if (size < 0) {
    Check(errno == ECONNRESET, "recv");
    return false;
  }
  buffer_.append(part, static_cast<std::size_t>(size));
  return size > 0;
}

std::string Client::Receive(bool head) {
  std::size_t end = std::string::npos;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return "";
  }
  end += 4;
  const std::size_t length = buffer_.find("Content-Length: ");
  if (!head && length < end) {
    end += static_cast<std::size_t>(std::atoll(buffer_.c_str() + length + 16));
  }
  while (buffer_.size() < end) {
    if (!Fill()) return "";
  }
  std::string answer = buffer_.substr(0, end);
  buffer_.erase(0, end);
  return answer;
}

std::string Client::ReceiveSome() {
  if (buffer_.empty()) Fill();
  return std::exchange(buffer_, std::string());
}

std::string Client::ReceiveAll() {
  while (Fill()) {
  }
  return std::move(buffer_);
}

bool Client::Closed() { return !Fill(); }

void Client::CloseWritingHalf() { ::shutdown(fd_, SHUT_WR); }

void Client::Abort() {
  const linger reset{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  ::close(fd_);
  fd_ = -1;
}

std::string Client::Ask(std::string_view request) {
  Send(request);
  return Receive();
}

std::string StatusOf(const std::string& answer) {
  return answer.size() < 12 ? "" : answer.substr(9, 3);
}

std::string BodyOf(const std::string& answer) {
  const std::size_t end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

std::string Compose(std::string_view method, std::string_view target,
                    std::string_view headers, std::string_view body) {
  std::string request(method);
  request += ' ';
  request += target;
  request += " HTTP/1.1\r\nHost: localhost\r\n";
  request += headers;
  if (!body.empty()) {
    request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  }
  request += "\r\n";
  request += body;
  return request;
}

}  // namespace tocsin::web
