#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "routing/labels.h"

namespace tocsin::routing {

enum class AlertStatus { kFiring, kResolved };

// One alert as the webhook tells it.
struct Alert {
  AlertStatus status = AlertStatus::kFiring;
  LabelSet labels;
  LabelSet annotations;
  Instant starts_at;
  Instant ends_at;  // 0001-01-01T00:00:00Z while firing
  std::string generator_url;
  std::uint64_t fingerprint = 0;  // computed from labels, never taken on trust
};

// An Alertmanager webhook, version "4". Fields that Tocsin does not use are
// left out; the top-level status is not kept on purpose: state comes from each
// alert's own status (max_alerts can hide firing ones).
struct Payload {
  std::string receiver;  // as sent: regexp-quoted by Alertmanager
  std::string group_key;
  std::string external_url;  // differs between HA peers
  LabelSet group_labels;
  LabelSet common_labels;
  LabelSet common_annotations;
  std::int64_t truncated_alerts = 0;
  std::vector<Alert> alerts;
};

// Parses the JSON body of a webhook. Unknown fields are tolerated (Alertmanager
// gains some), wrong types are not; null counts as absent. `version`,
// `groupKey`, at least one alert, and of each its `status`, `labels` and
// `startsAt` must be there. Depth is limited to 32. The error of a bad body is
// kInvalid and starts with the JSON path ("alerts[3].startsAt: ..."); it never
// quotes the body, since senders log what we answer.
Result<Payload> ParsePayload(std::string_view json);

// The name of a receiver as the sender's file has it: `team\.x \(prod\)`, as
// sent, is `team.x (prod)`. A backslash before anything else stays.
std::string UnquoteReceiver(std::string_view quoted);

}  // namespace tocsin::routing
