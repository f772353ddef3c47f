#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"

namespace tocsin::http {

// One outgoing HTTP request. Redirects are never followed, TLS is verified.
struct Request {
  std::string method = "POST";
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds timeout{10000};  // all in all
  // Of a server with an authority of its own, or that asks who comes: files in
  // PEM form, and "NAME:PASSWORD" for Basic. "": none.
  std::string ca_file{};
  std::string certificate_file{};
  std::string key_file{};
  std::string user_password{};
};

struct Response {
  long status = 0;
  std::string body;  // first 64 KiB
  std::optional<std::chrono::seconds> retry_after;
};

// One thread that runs all outgoing requests at once over kept connections
// (curl_multi). Thread-safe. The destructor cancels what is under way (each
// callback is still called, with kUnavailable) and joins the thread.
class Loop {
 public:
  using Callback = std::function<void(Result<Response>)>;
  // Asked on the loop's thread right before the request's first byte: false
  // ends it with kConflict and nothing is sent. Asked again when a kept
  // connection proves dead and the request goes over a new one. May be empty.
  using Permit = std::function<bool()>;

  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // `callback` runs exactly once, on the loop's thread; it must not block. An
  // error (no connection, time-out, TLS) is kUnavailable and says which host,
  // never the whole URL, which may hold a secret. A URL that is none, or is
  // neither http nor https, is kInvalid.
  void Start(Request request, Permit permit, Callback callback);

  // How long ago the thread last looked at its work: some 10 s at most while it
  // is alive, however slow the hosts are.
  std::chrono::milliseconds SinceLook() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

// One request, waited for; errors as above. For command line tools; the daemon
// uses Loop.
Result<Response> Fetch(const Request& request);

}  // namespace tocsin::http
