#include "base/utf8.h"

#include "base/check.h"

namespace tocsin {
namespace {

constexpr char32_t kLastCodePoint = 0x10FFFF;

bool IsSurrogate(char32_t value) { return value >= 0xD800 && value <= 0xDFFF; }

// How many bytes follow this first byte, what it says itself, and the smallest
// character that needs so many bytes. More than 3 following: no first byte.
struct Lead {
  std::size_t following;
  char32_t bits;
  char32_t smallest;
};

Lead ReadLead(unsigned char byte) {
  if (byte < 0x80) return {0, byte, 0};
  if (byte < 0xC0) return {4, 0, 0};
  if (byte < 0xE0) return {1, byte & 0x1FU, 0x80};
  if (byte < 0xF0) return {2, byte & 0x0FU, 0x800};
  if (byte < 0xF8) return {3, byte & 0x07U, 0x10000};
  return {4, 0, 0};
}

}  // namespace

std::optional<CodePoint> DecodeUtf8(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const Lead lead = ReadLead(static_cast<unsigned char>(text[0]));
  if (lead.following > 3 || lead.following >= text.size()) return std::nullopt;
  char32_t value = lead.bits;
  for (std::size_t i = 1; i <= lead.following; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0U) != 0x80U) return std::nullopt;
    value = (value << 6U) | (byte & 0x3FU);
  }
  if (value < lead.smallest || value > kLastCodePoint || IsSurrogate(value)) {
    return std::nullopt;
  }
  return CodePoint{value, lead.following + 1};
}

void AppendUtf8(char32_t value, std::string& out) {
  TOCSIN_CHECK(value <= kLastCodePoint && !IsSurrogate(value));
  const auto tail = [value](unsigned shift) {
    return static_cast<char>(0x80U | ((value >> shift) & 0x3FU));
  };
  if (value < 0x80) {
    out += static_cast<char>(value);
  } else if (value < 0x800) {
    out += static_cast<char>(0xC0U | (value >> 6U));
    out += tail(0);
  } else if (value < 0x10000) {
    out += static_cast<char>(0xE0U | (value >> 12U));
    out += tail(6);
    out += tail(0);
  } else {
    out += static_cast<char>(0xF0U | (value >> 18U));
    out += tail(12);
    out += tail(6);
    out += tail(0);
  }
}

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::optional<CodePoint> next = DecodeUtf8(text);
    if (!next) return false;
    text.remove_prefix(next->length);
  }
  return true;
}

}  // namespace tocsin
