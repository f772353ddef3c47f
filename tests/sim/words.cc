#include "tests/sim/words.h"

#include <utility>

namespace tocsin::testing {

routing::LabelSet LabelsOf(const Key& key) {
  return routing::LabelSet{{"alertname", key.first}, {"team", key.second}};
}

void Next(Word& word, bool fires, Instant now) {
  const bool before = std::exchange(word.firing, fires);
  if ((fires && !before) || !word.starts_at) {
    word.before = std::exchange(word.starts_at, now);
  }
}

routing::Payload PayloadOf(const std::vector<Key>& keys, const Words& words) {
  routing::Payload payload;
  payload.receiver = "tocsin";
  payload.group_key = "{}:{}";
  for (const Key& key : keys) {
    const Word& word = words.at(key);
    routing::Alert alert;
    alert.status = word.firing ? routing::AlertStatus::kFiring
                               : routing::AlertStatus::kResolved;
    alert.labels = LabelsOf(key);
    alert.starts_at = *word.starts_at;
    alert.fingerprint = routing::Fingerprint(alert.labels);
    payload.alerts.push_back(std::move(alert));
  }
  return payload;
}

}  // namespace tocsin::testing
