#include <algorithm>
#include <array>

#include "routing/route.h"

// When a route pages nobody because of its time intervals.
namespace tocsin::routing {
namespace {

using namespace std::chrono_literals;

constexpr int kQuarter = 15;  // minutes
constexpr Duration kDay = 24h;

bool Contains(const NamedInterval& interval, Instant at) {
  return std::any_of(
      interval.entries->begin(), interval.entries->end(),
      [at](const TimeInterval& entry) { return entry.Contains(at); });
}

// The minutes of a quarter of an hour in which an answer can change. Days and
// zones change at quarters (their offsets are whole quarters), so only the
// times of the day that the intervals name add to that.
class Edges {
 public:
  explicit Edges(const Route& route) {
    minutes_[0] = true;
    for (const NamedInterval& interval : route.active) Add(interval);
    for (const NamedInterval& interval : route.mute) Add(interval);
  }

  bool Has(Instant minute) const {
    const auto since = minute.time_since_epoch() / 1min % kQuarter;
    return minutes_.at(static_cast<std::size_t>((since + kQuarter) % kQuarter));
  }

 private:
  void Add(const NamedInterval& interval) {
    for (const TimeInterval& entry : *interval.entries) {
      if (!entry.minutes) continue;
      for (const Range& range : *entry.minutes) {
        minutes_.at(static_cast<std::size_t>(range.first % kQuarter)) = true;
        minutes_.at(static_cast<std::size_t>(range.last % kQuarter)) = true;
      }
    }
  }

  std::array<bool, kQuarter> minutes_{};
};

}  // namespace

std::optional<std::string> MutedBecause(const Route& route, Instant at) {
  for (const NamedInterval& interval : route.mute) {
    if (Contains(interval, at)) return "within " + interval.name;
  }
  if (route.active.empty()) return std::nullopt;
  std::string names;
  for (const NamedInterval& interval : route.active) {
    if (Contains(interval, at)) return std::nullopt;
    if (!names.empty()) names += ", ";
    names += interval.name;
  }
  return "outside of " + names;
}

Instant NextLook(const Route& route, Instant at) {
  const Edges edges(route);
  const Instant end = at + kDay;
  Instant minute = std::chrono::floor<std::chrono::minutes>(at) + 1min;
  for (; minute < end; minute += 1min) {
    if (edges.Has(minute) && !MutedBecause(route, minute)) return minute;
  }
  return end;
}

}  // namespace tocsin::routing
