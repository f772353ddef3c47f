#include "routing/labels.h"

#include <algorithm>
#include <cstddef>

#include "base/utf8.h"
#include "routing/fnv.h"

namespace tocsin::routing {
namespace {

bool NameIsLess(const LabelSet::Label& a, const LabelSet::Label& b) {
  return a.first < b.first;
}

}  // namespace

LabelSet::LabelSet(std::initializer_list<Label> labels)
    : LabelSet(std::vector<Label>(labels)) {}

LabelSet::LabelSet(std::vector<Label> labels) : labels_(std::move(labels)) {
  std::stable_sort(labels_.begin(), labels_.end(), NameIsLess);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < labels_.size(); ++i) {
    const bool replaces =
        kept > 0 && labels_[kept - 1].first == labels_[i].first;
    if (replaces) --kept;
    if (kept != i) labels_[kept] = std::move(labels_[i]);
    ++kept;
  }
  labels_.resize(kept);
}

std::string_view LabelSet::Get(std::string_view name) const {
  const auto at = std::lower_bound(
      labels_.begin(), labels_.end(), name,
      [](const Label& label, std::string_view n) { return label.first < n; });
  return at != labels_.end() && at->first == name ? at->second
                                                  : std::string_view();
}

bool IsLabelName(std::string_view name) {
  return !name.empty() && IsValidUtf8(name);
}

std::uint64_t Fingerprint(const LabelSet& labels) {
  constexpr std::string_view kSeparator = "\xff";
  std::uint64_t hash = kFnvOffset;
  for (const auto& [name, value] : labels.labels()) {
    hash = Fnv1a(kSeparator, Fnv1a(name, hash));
    hash = Fnv1a(kSeparator, Fnv1a(value, hash));
  }
  return hash;
}

std::string FingerprintText(std::uint64_t fingerprint) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text(16, '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit) {
    *digit = kDigits[fingerprint & 0xFU];
    fingerprint >>= 4U;
  }
  return text;
}

}  // namespace tocsin::routing
