#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "engine/ports.h"

namespace tocsin::notify {

// How one attempt ended, in the sender's words.
struct Attempt {
  enum class Result {
    kDelivered,
    kTemporary,  // may work later: no connection, 5xx, 429
    kPermanent,  // will never work: 4xx, an address that cannot be
    kWithdrawn,  // the permit was refused: nothing was sent
  };
  Result result = Result::kDelivered;
  std::string detail;  // one sentence for the timeline, no secrets
  std::optional<std::chrono::seconds> retry_after;
};

// One provider: turns a message for an address into bytes on the wire. Each
// kind is a pair of files. Thread-safe; Send never blocks.
class Sender {
 public:
  virtual ~Sender() = default;
  using Permit = std::function<bool()>;  // asked right before the first byte
  using Callback = std::function<void(Attempt)>;

  // Calls `callback` exactly once, on any thread.
  virtual void Send(const engine::Message& message, const std::string& address,
                    Permit permit, Callback callback) = 0;
};

}  // namespace tocsin::notify
