#include "routing/quote.h"

#include <cstddef>
#include <cstdint>

#include "base/utf8.h"

namespace tocsin::routing {
namespace {

struct Escape {
  char letter;
  char meaning;
};
constexpr Escape kEscapes[] = {
    {'a', '\a'}, {'b', '\b'}, {'f', '\f'},  {'n', '\n'}, {'r', '\r'},
    {'t', '\t'}, {'v', '\v'}, {'\\', '\\'}, {'"', '"'},
};

// What Go counts as not printable, as far as it can stand in a label without
// being seen: controls, spaces other than the blank, and the byte order mark.
bool IsHidden(char32_t c) {
  return (c >= 0x7F && c <= 0xA0) || c == 0xAD || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
         (c >= 0x205F && c <= 0x206F) || c == 0x3000 || c == 0xFEFF;
}

void AppendHex(char letter, std::uint32_t value, int digits, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += '\\';
  out += letter;
  for (int i = digits - 1; i >= 0; --i) {
    out += kDigits[(value >> static_cast<unsigned>(4 * i)) & 0xFU];
  }
}

void AppendCharacter(char32_t c, std::string& out) {
  for (const Escape& escape : kEscapes) {
    if (c == static_cast<unsigned char>(escape.meaning)) {
      out += '\\';
      out += escape.letter;
      return;
    }
  }
  if (c < ' ' || c == 0x7F) {
    AppendHex('x', c, 2, out);
  } else if (IsHidden(c)) {
    AppendHex('u', c, 4, out);
  } else {
    AppendUtf8(c, out);
  }
}

// Takes exactly `digits` digits of `base` off the front of `rest`.
std::optional<std::uint32_t> TakeNumber(std::string_view& rest,
                                        std::size_t digits,
                                        std::uint32_t base) {
  if (rest.size() < digits) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const char c = rest[i];
    std::uint32_t digit = base;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A') + 10;
    if (digit >= base) return std::nullopt;
    value = value * base + digit;
  }
  rest.remove_prefix(digits);
  return value;
}

bool AppendByte(std::optional<std::uint32_t> value, std::string& out) {
  if (!value || *value > 0xFF) return false;
  out += static_cast<char>(static_cast<unsigned char>(*value));
  return true;
}

bool AppendRune(std::optional<std::uint32_t> value, std::string& out) {
  if (!value || *value > 0x10FFFF || (*value >= 0xD800 && *value <= 0xDFFF)) {
    return false;
  }
  AppendUtf8(*value, out);
  return true;
}

// Takes what follows a backslash; false where Go knows no such escape.
bool TakeEscape(std::string_view& rest, std::string& out) {
  if (rest.empty()) return false;
  const char letter = rest[0];
  if (letter >= '0' && letter <= '7') {
    return AppendByte(TakeNumber(rest, 3, 8), out);
  }
  rest.remove_prefix(1);
  if (letter == 'x') return AppendByte(TakeNumber(rest, 2, 16), out);
  if (letter == 'u') return AppendRune(TakeNumber(rest, 4, 16), out);
  if (letter == 'U') return AppendRune(TakeNumber(rest, 8, 16), out);
  for (const Escape& escape : kEscapes) {
    if (letter == escape.letter) {
      out += escape.meaning;
      return true;
    }
  }
  return false;
}

}  // namespace

std::string Quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const std::optional<CodePoint> next = DecodeUtf8(text);
    if (next) {
      AppendCharacter(next->value, out);
    } else {
      AppendHex('x', static_cast<unsigned char>(text[0]), 2, out);
    }
    text.remove_prefix(next ? next->length : 1);
  }
  return out + '"';
}

std::optional<std::string> Unquote(std::string_view literal) {
  if (literal.size() < 2 || literal.front() != '"' || literal.back() != '"') {
    return std::nullopt;
  }
  std::string_view rest = literal.substr(1, literal.size() - 2);
  std::string out;
  while (!rest.empty()) {
    const char c = rest[0];
    rest.remove_prefix(1);
    if (c == '"' || c == '\n') return std::nullopt;
    if (c != '\\') {
      out += c;
    } else if (!TakeEscape(rest, out)) {
      return std::nullopt;
    }
  }
  if (!IsValidUtf8(out)) return std::nullopt;
  return out;
}

}  // namespace tocsin::routing
