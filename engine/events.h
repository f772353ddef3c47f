#pragma once

#include <vector>

#include "paging/alert_group.h"
#include "paging/effect.h"

namespace tocsin::engine {

// A line of a group's timeline that is on disk now. Refers to what it tells of.
struct TimelineNews {
  const paging::AlertGroup& group;  // as it was committed
  const paging::TimelineEntry& entry;
};

// Hears what was committed, for those who watch. Called on the engine's thread
// before the answers of the turn are given: it takes a copy of what it needs
// and no time.
class EventSink {
 public:
  virtual ~EventSink() = default;
  // All news of one commit; those of a group are in their order.
  virtual void Publish(const std::vector<TimelineNews>& news) = 0;
  // A commit may have taken effect of which nothing will be told.
  virtual void Missed() = 0;
};

// Nobody watches.
class NoEvents final : public EventSink {
 public:
  void Publish(const std::vector<TimelineNews>& /*news*/) override {}
  void Missed() override {}
};

}  // namespace tocsin::engine
