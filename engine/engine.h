#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/current.h"
#include "base/result.h"
#include "engine/events.h"
#include "engine/inbox.h"
#include "engine/ports.h"
#include "engine/settings.h"
#include "metrics/metrics.h"

namespace tocsin::engine {

class Turn;

// The one writer of a process. A turn is gather, load, apply, write: posts and
// due timers name what they will touch, the store loads just that, the pure
// core decides in memory, one commit makes it durable, and only then are the
// answers given and the notifications handed out. A failed commit changes
// nothing: every post is answered kUnavailable and what was due stays due.
//
// Confined to one thread (engine/runner.h) but for Reload; holds no lock and no
// group between turns.
class Engine {
 public:
  struct Limits {
    // Posts and due groups of one commit: enough to share one fsync among many,
    // few enough that the first of them does not wait for long.
    std::size_t posts = 256;
    std::size_t due_groups = 256;
  };

  // All references outlive the engine. `settings` is shared with daemon/.
  // Without `events` nobody watches.
  Engine(Limits limits, std::shared_ptr<const Settings> settings, Store& store,
         Outbox& outbox, IdSource& ids, const Clock& clock,
         metrics::Metrics& metrics, EventSink* events = nullptr);

  // One turn over these posts (at most Limits::posts) and what is due. Calls
  // each post's `done` once. Returns what the commit returned.
  Status RunOnce(std::vector<Posted> posted);

  // The next turn writes even if it has nothing to say, which shows that the
  // store takes writes.
  void Probe() { must_write_ = true; }

  // How many turns were committed so far.
  std::uint64_t commits() const { return commits_; }

  // When the next timer or delivery is due; absent: nothing is pending. Due
  // notifications do not count while delivery has no room: an outcome will
  // wake the engine then.
  Result<std::optional<Instant>> NextDue();

  // From the next turn on, all of each turn goes by these. Thread-safe.
  void Reload(std::shared_ptr<const Settings> settings) {
    settings_.Set(std::move(settings));
  }

  const Limits& limits() const { return limits_; }

 private:
  Status TryTurn(const std::vector<Posted>& posted,
                 std::vector<Answer>& answers);
  // Loads what these touch and lets it happen in memory; `turn` is that. One
  // that needs what it could not foresee is played again with it: each time it
  // has one pointer of a chain more.
  Status Play(const Settings& settings, const std::vector<Posted>& posted,
              const std::vector<paging::AlertGroupId>& due, Instant now,
              std::optional<Turn>& turn, std::vector<Answer>& answers);
  void Account(const Turn& turn);
  void Publish(const Turn& turn);

  const Limits limits_;
  Current<Settings> settings_;
  Store& store_;
  Outbox& outbox_;
  IdSource& ids_;
  const Clock& clock_;
  metrics::Metrics& metrics_;
  NoEvents nobody_;
  EventSink& events_;
  // Claimed by writes of which nobody knows whether they took effect: on disk
  // perhaps, handed to nobody for sure. The next turn ends these claims.
  std::set<paging::NotificationId> doubtful_claims_;
  // The settings that held groups were last woken for; null before the first
  // turn.
  std::shared_ptr<const Settings> woken_for_;
  // The next turn writes even if it has nothing to say: after a failure, or
  // when somebody wants to know.
  bool must_write_ = false;
  std::uint64_t commits_ = 0;
};

}  // namespace tocsin::engine
