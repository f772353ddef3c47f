#include "engine/intake.h"

#include <optional>
#include <string_view>

#include "base/utf8.h"

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

// Text of a source in a message for people: cut to `most` bytes at a character
// and without line breaks and other control characters. A provider refuses what
// is too long for good, and then nobody hears.
std::string ForPeople(std::string_view text, std::size_t most) {
  std::string out;
  while (!text.empty()) {
    const std::optional<CodePoint> next = DecodeUtf8(text);
    const std::size_t length = next ? next->length : 1;
    if (out.size() + length > most) return out + "...";
    const bool control = !next || next->value < U' ' || next->value == 0x7f;
    out += control ? " " : text.substr(0, length);
    text.remove_prefix(length);
  }
  return out;
}

constexpr std::size_t kTitleBytes = 256;
constexpr std::size_t kSummaryBytes = 1024;

}  // namespace

std::string TitleOf(const routing::Payload& payload,
                    const routing::Alert& alert) {
  if (const std::string_view name = alert.labels.Get("alertname");
      !name.empty()) {
    return ForPeople(name, kTitleBytes);
  }
  std::string title;
  for (const auto& [name, value] : payload.group_labels.labels()) {
    title += (title.empty() ? "" : ", ") + name + "=" + value;
  }
  return title.empty() ? routing::FingerprintText(alert.fingerprint)
                       : ForPeople(title, kTitleBytes);
}

std::string SummaryOf(const routing::Alert& alert) {
  const std::string_view summary = alert.annotations.Get("summary");
  return ForPeople(
      summary.empty() ? alert.annotations.Get("description") : summary,
      kSummaryBytes);
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
          .ends_at = alert.ends_at,
          .contents = ContentsHash(alert),
          .name = name.empty() ? routing::FingerprintText(alert.fingerprint)
                               : ForPeople(name, kTitleBytes)};
}

}  // namespace tocsin::engine
