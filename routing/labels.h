#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::routing {

// The labels (or annotations) of one alert: names to values, sorted by name,
// each name once. A missing label reads as the empty string, as everywhere in
// the Prometheus world. Immutable use is thread-safe.
class LabelSet {
 public:
  using Label = std::pair<std::string, std::string>;

  LabelSet() = default;
  LabelSet(std::initializer_list<Label> labels);
  // Takes labels in any order. Of a name given twice the last one stays.
  explicit LabelSet(std::vector<Label> labels);

  // The value of `name`, or "" where there is none.
  std::string_view Get(std::string_view name) const;

  const std::vector<Label>& labels() const { return labels_; }
  bool empty() const { return labels_.empty(); }

  bool operator==(const LabelSet&) const = default;

 private:
  std::vector<Label> labels_;  // sorted by name
};

// Whether a label can have this name: some valid UTF-8, but not nothing.
// Source: prometheus/alertmanager matcher/compat, IsValidLabelName.
bool IsLabelName(std::string_view name);

// The identity of an alert within a source: FNV-1a 64 over the sorted
// `name 0xFF value 0xFF`. Source: prometheus/common model.LabelSet.Fingerprint.
std::uint64_t Fingerprint(const LabelSet& labels);

// 16 lower-case hex digits, as Alertmanager writes it.
std::string FingerprintText(std::uint64_t fingerprint);

}  // namespace tocsin::routing
