#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tocsin {

// One character of a UTF-8 text and how many bytes it takes there.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;
};

// The character that starts `text`. Absent where `text` is empty or does not
// start with well-formed UTF-8 (cut, overlong, a surrogate, over U+10FFFF).
std::optional<CodePoint> DecodeUtf8(std::string_view text);

// Appends a character; `value` must be one (no surrogate, at most U+10FFFF).
void AppendUtf8(char32_t value, std::string& out);

bool IsValidUtf8(std::string_view text);

}  // namespace tocsin
