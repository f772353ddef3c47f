#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/current.h"
#include "engine/inbox.h"
#include "engine/ports.h"
#include "metrics/metrics.h"
#include "notify/sender.h"

namespace tocsin::notify {

// Where each user's contact methods lead. Built from the configuration;
// immutable.
struct Address {
  std::string provider;
  std::string address;
};
struct Directory {
  // user -> contact method -> address
  std::map<std::string, std::map<std::string, Address>> users;
  // provider -> its sender
  std::map<std::string, std::shared_ptr<Sender>> senders;  // shared: in flight
};

// Takes claimed messages from the engine, sends each through the sender of its
// contact method, and posts what became of it back to the inbox. Right before
// a first byte the claim is read again: what was acknowledged or resolved
// meanwhile is not sent and needs no outcome, since the commit that ended its
// claim has closed it; a bundle goes without it. A claim that cannot be read is
// a temporary failure.
// Thread-safe. Destroy it after the senders are quiet.
class Delivery final : public engine::Outbox {
 public:
  struct Limits {
    std::size_t in_flight = 256;  // messages claimed at once, all providers
  };
  // All references outlive it.
  Delivery(Limits limits, const Current<Directory>& directory,
           engine::Reader& reader, engine::Inbox& inbox, const Clock& clock,
           metrics::Metrics& metrics);

  std::size_t Room() const override;
  void Hand(std::vector<engine::Message> messages) override;

 private:
  void Send(const engine::Message& message);
  // Frees the slot of the message and posts what became of it.
  void Report(const engine::Message& message, const Attempt& attempt);
  void PostOutcome(const engine::Message& message, const Attempt& attempt,
                   Instant now);

  const Limits limits_;
  const Current<Directory>& directory_;
  engine::Reader& reader_;
  engine::Inbox& inbox_;
  const Clock& clock_;
  metrics::Metrics& metrics_;
  std::atomic<std::size_t> in_flight_{0};
};

}  // namespace tocsin::notify
