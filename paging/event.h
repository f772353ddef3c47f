#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.h"
#include "paging/alert_group.h"
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

// Groups that came in one webhook with this one; it may be among them.
struct Sibling {
  AlertGroupId group;
  std::string team;
};
struct SiblingsMet {
  std::vector<Sibling> groups;
};

// `wake_at` has come.
struct TimerFired {};

// What people do. `by` is a user or `token:NAME`.
struct AcknowledgeRequested {  // "I have it"
  std::string by;
  // The sibling that they acknowledged, and that took this group along.
  std::optional<AlertGroupId> along_with{};
};
struct UnacknowledgeRequested {
  std::string by;
};
struct ResolveRequested {  // "it is over"
  std::string by;
};
struct UnresolveRequested {
  std::string by;
};
struct SilenceRequested {
  std::string by;
  std::optional<Duration> length;  // absent: for ever
};
struct UnsilenceRequested {
  std::string by;
};
// "Do not wait": the running wait of the chain ends.
struct EscalateRequested {
  std::string by;
  // The step behind the wait that the person saw, from 1; absent: whichever.
  std::optional<std::size_t> step;
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
    std::variant<AlertsReceived, SiblingsMet, TimerFired, AcknowledgeRequested,
                 UnacknowledgeRequested, ResolveRequested, UnresolveRequested,
                 SilenceRequested, UnsilenceRequested, EscalateRequested,
                 NotificationDelivered, NotificationFailed>;

}  // namespace tocsin::paging
