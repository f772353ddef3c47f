#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tocsin::web {

// A raw client on loopback, for tests of what goes over the wire. Every read
// and write gives up after `patience`, so a hanging server fails a test instead
// of stopping it. Throws on a failed system call.
class Client {
 public:
  // `receive_buffer`: bytes of the socket's buffer, 0 for the system's.
  explicit Client(
      std::uint16_t port, int receive_buffer = 0,
      std::chrono::milliseconds patience = std::chrono::seconds(10));
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Send(std::string_view bytes);
  // Each byte as a packet of its own.
  void SendByteByByte(std::string_view bytes);

  // One answer: its head up to the empty line, and as much body as
  // Content-Length says (none for `head`). "" when the connection ends.
  std::string Receive(bool head = false);
  // What has come, after waiting for something; "" when the connection ends.
  std::string ReceiveSome();
  // All until the server closes.
  std::string ReceiveAll();
  // Whether the server has closed (or reset) the connection; waits for it.
  bool Closed();

  void CloseWritingHalf();
  // With a reset, as an aborting client does.
  void Abort();

  // Send, then Receive.
  std::string Ask(std::string_view request);

 private:
  bool Fill();

  int fd_ = -1;
  std::string buffer_;
};

// "200" of "HTTP/1.1 200 OK...".
std::string StatusOf(const std::string& answer);
std::string BodyOf(const std::string& answer);

// A request with Host and, for a body, Content-Length.
std::string Compose(std::string_view method, std::string_view target,
                    std::string_view headers = "", std::string_view body = "");

}  // namespace tocsin::web
