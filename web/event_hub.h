#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/mutex.h"
#include "base/time.h"
#include "engine/events.h"
#include "engine/ports.h"
#include "metrics/metrics.h"
#include "web/stream.h"

namespace tocsin::web {

// Tells those who watch what was committed, as server-sent events: numbered
// since the start of the process, the newest kept, so that a reader who comes
// again goes on where it was. Who cannot go on there (another process, too far
// behind, a gap) is told to list again by an event `reset`: nobody takes a
// silence for calm. The engine's thread only copies; a thread of the hub's own
// writes. Thread-safe.
class EventHub final : public engine::EventSink {
 public:
  struct Limits {
    // Events kept for those who come again: minutes of a bad day.
    std::size_t events = 1024;
    // Streams at once; each tab of a page has one.
    std::size_t streams = 256;
    // A reader gets this much, then its line must be clear before it gets more:
    // half of what a stream may be behind.
    std::size_t piece_bytes = 32 * 1024;
    // Shorter than the patience of proxies, 60 s in most.
    std::chrono::milliseconds heartbeat = std::chrono::seconds(15);
    // How often it is looked who has left.
    std::chrono::milliseconds look = std::chrono::seconds(1);
  };

  // What a reader asked for.
  struct Subscription {
    std::optional<std::string> team{};  // only this one's events
    std::string last_id{};              // Last-Event-ID; "": from now on
    // Whether it may still watch; asked with each heartbeat, on the hub's
    // thread.
    std::function<bool()> allowed{};
  };

  // `started` tells this process from others. `metrics` outlives the hub, and
  // so does what `allowed` asks.
  EventHub(const Limits& limits, Instant started, metrics::Metrics& metrics);
  ~EventHub() override;
  EventHub(const EventHub&) = delete;
  EventHub& operator=(const EventHub&) = delete;

  void Publish(const std::vector<engine::TimelineNews>& news) override
      EXCLUDES(mutex_);
  void Missed() override EXCLUDES(mutex_);

  // Opens a stream and serves it until it ends; false, without opening it, when
  // there are too many.
  bool Join(Subscription subscription, const std::function<Stream()>& open)
      EXCLUDES(mutex_);

  // Ends all streams and the thread. Idempotent.
  void Stop() EXCLUDES(mutex_);

 private:
  using Time = std::chrono::steady_clock::time_point;

  // What the engine's thread leaves.
  struct Event {
    std::uint64_t number = 0;
    paging::AlertGroupId group;
    std::string team;
    const char* state = "";
    paging::TimelineEntry entry;
  };
  // The same as it is sent.
  struct Written {
    std::uint64_t number = 0;
    std::string team;
    std::string text;
  };
  struct Reader {
    Stream stream;
    Subscription subscription;
    std::uint64_t next = 0;  // the number it waits for
    Time heartbeat_at;
  };
  enum class Fate { kStays, kWaits, kLeft, kSlow, kForbidden };

  void Run() EXCLUDES(mutex_);
  bool Wait() EXCLUDES(mutex_);
  void Take(const std::deque<Event>& fresh, std::vector<Reader> joining,
            bool gap);
  void Greet(Reader& reader) const;
  std::string PassOn(Reader& reader) const;
  Fate Serve(Reader& reader, Time now) const;
  static const char* NameOf(Fate fate);
  void ServeAll() EXCLUDES(mutex_);
  Written Write(const Event& event) const;
  std::string IdOf(std::uint64_t number) const;
  std::string Reset(std::string_view reason) const;
  std::uint64_t First() const;  // that can still be told

  const Limits limits_;
  const std::string epoch_;
  metrics::Metrics& metrics_;

  // The hub's thread's own.
  std::deque<Written> written_;  // the newest, without a gap
  std::uint64_t last_ = 0;       // the number of the last event
  std::vector<Reader> readers_;
  bool pressed_ = false;  // there is more for somebody

  Mutex mutex_;
  ConditionVariable changed_;
  std::deque<Event> fresh_ GUARDED_BY(mutex_);
  std::uint64_t published_ GUARDED_BY(mutex_) = 0;
  bool gap_ GUARDED_BY(mutex_) = false;  // before all that is fresh
  std::vector<Reader> joining_ GUARDED_BY(mutex_);
  std::size_t streams_ GUARDED_BY(mutex_) = 0;  // joining and readers
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::thread thread_;  // joined by the one who stops
};

}  // namespace tocsin::web
