#pragma once

#include <string>
#include <utility>

namespace tocsin::config {

// A secret from the file. It has no operator<< and no conversion to a string,
// so it reaches a log or a shown configuration only by a Reveal() that somebody
// wrote. Immutable use is thread-safe.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string text) : text_(std::move(text)) {}

  // The bytes themselves, for the one place that sends or hashes them.
  const std::string& Reveal() const { return text_; }
  bool empty() const { return text_.empty(); }

 private:
  std::string text_;
};

}  // namespace tocsin::config
