#include "engine/intake.h"

#include <string_view>

namespace tocsin::engine {

namespace {

class Fnv {
 public:
  void Add(std::string_view text) {
    for (const char c : text) AddByte(static_cast<unsigned char>(c));
    AddByte(0xff);  // never part of UTF-8: keeps neighbours apart
  }
  std::uint64_t value() const { return hash_; }

 private:
  void AddByte(unsigned char byte) {
    constexpr std::uint64_t kPrime = 1099511628211u;
    hash_ = (hash_ ^ byte) * kPrime;
  }
  std::uint64_t hash_ = 14695981039346656037u;
};

void Add(Fnv& hash, const routing::LabelSet& set) {
  for (const auto& [name, value] : set.labels()) {
    hash.Add(name);
    hash.Add(value);
  }
  hash.Add("");
}

}  // namespace

std::string TitleOf(const routing::Payload& payload,
                    const routing::Alert& alert) {
  if (const std::string_view name = alert.labels.Get("alertname");
      !name.empty()) {
    return std::string(name);
  }
  std::string title;
  for (const auto& [name, value] : payload.group_labels.labels()) {
    title += (title.empty() ? "" : ", ") + name + "=" + value;
  }
  return title.empty() ? routing::FingerprintText(alert.fingerprint) : title;
}

std::string SummaryOf(const routing::Alert& alert) {
  const std::string_view summary = alert.annotations.Get("summary");
  return std::string(summary.empty() ? alert.annotations.Get("description")
                                     : summary);
}

std::uint64_t ContentsHash(const routing::Alert& alert) {
  Fnv hash;
  Add(hash, alert.labels);
  Add(hash, alert.annotations);
  hash.Add(alert.generator_url);
  return hash.value();
}

paging::AlertUpdate UpdateOf(const routing::Alert& alert) {
  const std::string_view name = alert.labels.Get("alertname");
  return {.fingerprint = alert.fingerprint,
          .status = alert.status,
          .starts_at = alert.starts_at,
          .contents = ContentsHash(alert),
          .name = name.empty() ? routing::FingerprintText(alert.fingerprint)
                               : std::string(name)};
}

}  // namespace tocsin::engine
