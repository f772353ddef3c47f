#pragma once

#include <atomic>
#include <utility>
#include <vector>

#include "engine/ports.h"

namespace tocsin::daemon {

// Stands between the engine and delivery, so that a stop can let what is under
// way end while nothing new begins: what is due stays in the store for the next
// start. Thread-safe.
class OutboxGate final : public engine::Outbox {
 public:
  explicit OutboxGate(engine::Outbox& delivery) : delivery_(delivery) {}

  void Close() { open_ = false; }

  std::size_t Room() const override { return open_ ? delivery_.Room() : 0; }

  // A turn that saw room just before Close may still hand over what it claimed.
  void Hand(std::vector<engine::Message> messages) override {
    delivery_.Hand(std::move(messages));
  }

 private:
  engine::Outbox& delivery_;
  std::atomic<bool> open_{true};
};

}  // namespace tocsin::daemon
