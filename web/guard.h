#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/result.h"
#include "web/connection.h"  // before Pistache, which has a macro REQUIRES too
#include "web/traffic.h"

namespace tocsin::web {

// One listening socket: Pistache accepts, polls and reads; everything else is
// ours. guard.cc is the only file that knows Pistache, and which version.
class Guard {
 public:
  // `address` as in ServerOptions::listen.
  static Result<std::unique_ptr<Guard>> Open(
      const std::string& address, const std::shared_ptr<Traffic>& traffic);
  // Closes, if that was not done.
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

  std::uint16_t port() const;

  // Stops listening and reading, and ends the transport threads.
  void Close();

 private:
  class Impl;
  explicit Guard(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::web
