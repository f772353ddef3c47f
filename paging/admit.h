#pragma once

#include <chrono>
#include <compare>
#include <optional>
#include <string>

#include "base/time.h"
#include "paging/effect.h"

// Folding of storms: when a new message may leave. The essay is ADR 0015.
namespace tocsin::paging {

// Where the file says nothing else: between two messages to one person by one
// method there is this much time, at least; what comes in between goes
// together. Source: product rules, folding.
inline constexpr Duration kFoldWithin = std::chrono::seconds(60);

// Whose messages fold: those of one key.
struct FoldKey {
  std::string user;
  std::string method;
  Importance importance = Importance::kDefault;

  auto operator<=>(const FoldKey&) const = default;
};

// When a message leaves.
struct Admission {
  Instant leaves_at;
  bool folded = false;  // together with others, later than now
};

// `last_departure`: when something of this key last left, or will leave; absent
// if never. The answer's leaves_at is the next such instant. Within no time
// nothing is folded.
Admission Admit(const std::optional<Instant>& last_departure, Instant now,
                Duration within);

// The group's notification leaves at `leaves_at`, folded: it has not failed
// before then. Returns the entry that says so, and counts it. The notification
// is open.
Record PutOff(AlertGroup& group, NotificationId id, const Admission& admission,
              Instant now);

}  // namespace tocsin::paging
