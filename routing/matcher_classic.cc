#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "routing/matcher_syntax.h"

namespace tocsin::routing {
namespace {

constexpr std::string_view kBlanks = " \t\n\f\r";

bool IsNameStart(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == ':';
}

bool IsNameCharacter(char c) {
  return IsNameStart(c) || (c >= '0' && c <= '9');
}

std::string_view Trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

// Cuts at the commas that stand outside of quotes. What follows the last one
// counts only if something is written there.
std::vector<std::string_view> SplitAtCommas(std::string_view text) {
  std::vector<std::string_view> parts;
  std::size_t start = 0;
  bool in_quotes = false;
  bool escaped = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == ',') {
      // A comma leaves `escaped` as it is: so does Alertmanager.
      if (in_quotes) continue;
      parts.push_back(text.substr(start, i - start));
      start = i + 1;
    } else if (c == '"') {
      if (!escaped) in_quotes = !in_quotes;
      escaped = false;
    } else {
      escaped = c == '\\' && !escaped;
    }
  }
  const std::string_view last = Trim(text.substr(start));
  if (!last.empty()) parts.push_back(last);
  return parts;
}

// Takes the operator off the front of `rest`; false where there is none.
bool TakeOp(std::string_view& rest, MatchOp& op) {
  struct Spelling {
    std::string_view text;
    MatchOp op;
  };
  constexpr Spelling kSpellings[] = {{"=~", MatchOp::kRegex},
                                     {"=", MatchOp::kEqual},
                                     {"!=", MatchOp::kNotEqual},
                                     {"!~", MatchOp::kNotRegex}};
  for (const Spelling& spelling : kSpellings) {
    if (rest.substr(0, spelling.text.size()) != spelling.text) continue;
    rest.remove_prefix(spelling.text.size());
    op = spelling.op;
    return true;
  }
  return false;
}

// Appends what a backslash and `c` stand for: three escapes are known, any
// other keeps its backslash.
void AppendEscaped(char c, std::string& out) {
  if (c == 'n') {
    out += '\n';
    return;
  }
  if (c != '"' && c != '\\') out += '\\';
  out += c;
}

// A value as written, with or without quotes, to what it says.
Result<std::string> ReadValue(std::string_view written) {
  const Error stray_quote{
      Code::kInvalid,
      "matcher value contains unescaped double quote: " + std::string(written)};
  std::string_view raw = written;
  bool quote_is_open = raw.substr(0, 1) == "\"";
  if (quote_is_open) raw.remove_prefix(1);
  std::string value;
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const bool is_last = i + 1 == raw.size();
    if (raw[i] == '\\' && !is_last) {
      AppendEscaped(raw[++i], value);
    } else if (raw[i] == '"') {
      if (!quote_is_open || !is_last) return stray_quote;
      quote_is_open = false;
    } else {
      value += raw[i];
    }
  }
  if (quote_is_open) return stray_quote;
  return value;
}

Error NotUtf8() {
  return {Code::kInvalid, "bad matcher format: not valid UTF-8"};
}

Result<Matcher> ParseOne(std::string_view text) {
  const Error bad_format{Code::kInvalid,
                         "bad matcher format: " + std::string(text)};
  std::string_view rest = Trim(text);
  if (rest.empty() || !IsNameStart(rest[0])) return bad_format;
  const auto name_end =
      std::find_if_not(rest.begin(), rest.end(), IsNameCharacter);
  const std::string name(rest.begin(), name_end);
  rest = Trim(rest.substr(name.size()));
  MatchOp op = MatchOp::kEqual;
  if (!TakeOp(rest, op)) return bad_format;
  Result<std::string> value = ReadValue(Trim(rest));
  if (!value.ok()) return value.error();
  return Matcher::Make(op, name, std::move(value).value());
}

}  // namespace

Result<std::vector<Matcher>> ParseClassicMatchers(std::string_view text) {
  if (!IsValidUtf8(text)) return NotUtf8();
  if (text.substr(0, 1) == "{") text.remove_prefix(1);
  if (!text.empty() && text.back() == '}') text.remove_suffix(1);
  std::vector<Matcher> matchers;
  for (const std::string_view part : SplitAtCommas(text)) {
    Result<Matcher> matcher = ParseOne(part);
    if (!matcher.ok()) return matcher.error();
    matchers.push_back(std::move(matcher).value());
  }
  return matchers;
}

Result<Matcher> ParseClassicMatcher(std::string_view text) {
  if (!IsValidUtf8(text)) return NotUtf8();
  return ParseOne(text);
}

}  // namespace tocsin::routing
