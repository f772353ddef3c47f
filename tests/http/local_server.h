#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.h"

namespace tocsin::test {

// A real HTTP server on loopback, one thread a connection, for tests of what
// goes out. It answers each request with the raw bytes that `respond` returns;
// empty bytes mean that it never answers. The destructor closes everything.
class LocalServer {
 public:
  using Respond = std::function<std::string(const std::string& request)>;

  explicit LocalServer(Respond respond);
  ~LocalServer();
  LocalServer(const LocalServer&) = delete;
  LocalServer& operator=(const LocalServer&) = delete;

  // "http://127.0.0.1:PORT" + `path`.
  std::string Url(const std::string& path) const;

  int connections() const { return connections_; }
  std::size_t bytes_received() const { return bytes_received_; }
  // Head and body of each complete request, in order of arrival.
  std::vector<std::string> Requests() const EXCLUDES(mutex_);

 private:
  void AcceptLoop();
  void Serve(int fd);
  // Reads one request into `request`, of which `buffer` may hold the start.
  bool ReadRequest(int fd, std::string& buffer, std::string& request);

  const Respond respond_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<std::size_t> bytes_received_{0};
  mutable Mutex mutex_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  std::vector<std::string> requests_ GUARDED_BY(mutex_);
  std::vector<int> open_ GUARDED_BY(mutex_);
  std::vector<std::thread> serving_;  // the accepting thread's, then ours
  std::thread accepting_;
};

// A response with Content-Length and the extra header lines, each with CRLF.
std::string HttpAnswer(const std::string& status_line,
                       const std::string& headers = "",
                       const std::string& body = "");

// A loopback port on which nobody listens.
std::uint16_t FreePort();

}  // namespace tocsin::test
