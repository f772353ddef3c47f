#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "routing/payload.h"

// Everything that can happen to an alert group. A closed variant: a new event
// breaks the build wherever it has to be thought about.
namespace tocsin::paging {

// What a source said of some alerts of this group.
struct AlertUpdate {
  std::uint64_t fingerprint = 0;
  routing::AlertStatus status = routing::AlertStatus::kFiring;
  Instant starts_at;
  Instant ends_at;  // of a resolved one
  std::uint64_t contents = 0;
  std::string name;  // `alertname`, for the timeline
};
struct AlertsReceived {
  std::vector<AlertUpdate> alerts;
};

// `wake_at` has come.
struct TimerFired {};

// A person says "I have it" or "it is over". `by` is a user or `token:NAME`.
struct AcknowledgeRequested {
  std::string by;
};
struct ResolveRequested {
  std::string by;
};

// What became of one attempt to send notification `sequence`.
struct NotificationDelivered {
  std::uint32_t sequence = 0;
  std::string detail;  // what the provider said, "HTTP 200"
};
struct NotificationFailed {
  std::uint32_t sequence = 0;
  std::string reason;               // for the timeline: what, why
  std::optional<Instant> retry_at;  // absent: permanent, no more attempts
};

using Event =
    std::variant<AlertsReceived, TimerFired, AcknowledgeRequested,
                 ResolveRequested, NotificationDelivered, NotificationFailed>;

}  // namespace tocsin::paging
