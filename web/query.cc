#include "web/query.h"

namespace tocsin::web {
namespace {

constexpr std::string_view kHexDigits = "0123456789ABCDEF";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The byte that "%XX" at the start of `text` stands for, or -1.
int EscapedByte(std::string_view text) {
  if (text.size() < 3 || text[0] != '%') return -1;
  const int high = HexValue(text[1]);
  const int low = HexValue(text[2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

std::string Decode(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const int byte = EscapedByte(text);
    if (byte >= 0) {
      out += static_cast<char>(byte);
    } else {
      out += text.front() == '+' ? ' ' : text.front();
    }
    text.remove_prefix(byte >= 0 ? 3 : 1);
  }
  return out;
}

bool Unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         (c >= '0' && c <= '9') ||
         std::string_view("-._~").find(c) != std::string_view::npos;
}

void AppendEncoded(std::string& out, std::string_view text) {
  for (const char c : text) {
    if (Unreserved(c)) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHexDigits[byte / 16];
    out += kHexDigits[byte % 16];
  }
}

void AppendParameter(std::string& out, std::string_view name,
                     std::string_view value) {
  if (!out.empty()) out += '&';
  AppendEncoded(out, name);
  out += '=';
  AppendEncoded(out, value);
}

}  // namespace

Query::Query(std::string_view text) {
  while (!text.empty()) {
    const std::size_t end = text.find('&');
    const std::string_view pair = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    parameters_.emplace_back(Decode(pair.substr(0, equals)),
                             equals == std::string_view::npos
                                 ? std::string()
                                 : Decode(pair.substr(equals + 1)));
  }
}

std::optional<std::string> Query::Get(std::string_view name) const {
  std::optional<std::string> value;
  for (const auto& parameter : parameters_) {
    if (parameter.first == name) value = parameter.second;
  }
  return value;
}

std::string Query::With(std::string_view name, std::string_view value) const {
  std::string out;
  for (const auto& parameter : parameters_) {
    if (parameter.first == name) continue;
    AppendParameter(out, parameter.first, parameter.second);
  }
  AppendParameter(out, name, value);
  return out;
}

}  // namespace tocsin::web
