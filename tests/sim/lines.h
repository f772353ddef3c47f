#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <vector>

#include "engine/engine.h"
#include "tests/sim/chance.h"

namespace tocsin::testing {

class Story;

// The lines to people: takes messages as delivery does, few at a time, and lets
// some of them fail.
class Lines final : public engine::Outbox {
 public:
  explicit Lines(std::function<Instant()> arrival)
      : arrival_(std::move(arrival)) {}

  std::size_t Room() const override;
  void Hand(std::vector<engine::Message> messages) override;

  // What has become of the messages that have arrived by now. Their claims are
  // read again right before.
  std::vector<engine::Posted> Arrivals(Story& story);
  std::optional<Instant> NextArrival() const;

  // The process dies: of what is under way some has left, and nobody will know
  // the outcome.
  void Cut(Story& story);

 private:
  // A message that left the engine and has no outcome yet.
  struct InFlight {
    engine::Message message;
    Instant arrives;
  };
  static void Arrive(Story& story, const engine::Message& message,
                     std::vector<engine::Posted>& posts);
  static engine::Posted Outcome(Story& story, const engine::Message& message,
                                bool fails, std::optional<Instant> retry_at);

  const std::function<Instant()> arrival_;  // of what is handed over now
  std::deque<InFlight> flying_;
};

}  // namespace tocsin::testing
