#include "routing/matcher.h"

#include <re2/re2.h>

#include <utility>

#include "base/check.h"
#include "routing/matcher_syntax.h"
#include "routing/quote.h"

namespace tocsin::routing {
namespace {

// Memory of one compiled regex with its caches. RE2's own default, written
// down: an alternation of some ten thousand host names still compiles.
constexpr std::int64_t kMaxRegexBytes = 8 << 20;

re2::RE2::Options RegexOptions() {
  re2::RE2::Options options;
  options.set_encoding(re2::RE2::Options::EncodingUTF8);
  options.set_log_errors(false);
  options.set_never_capture(true);
  options.set_max_mem(kMaxRegexBytes);
  return options;
}

std::string_view OpText(MatchOp op) {
  switch (op) {
    case MatchOp::kEqual:
      return "=";
    case MatchOp::kNotEqual:
      return "!=";
    case MatchOp::kRegex:
      return "=~";
    case MatchOp::kNotRegex:
      return "!~";
  }
  return "=";
}

// A value as Alertmanager prints it beside a plain name: fewer escapes than in
// Go, tabs and the like stay as they are.
std::string QuoteValue(std::string_view value) {
  std::string out = "\"";
  for (const char c : value) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// Whether a byte of any text is asked for, `\C` outside of \Q...\E: RE2 has
// that, Go's regular expressions have not.
bool HasAnyByte(std::string_view regex) {
  for (std::size_t i = 0; i + 1 < regex.size(); ++i) {
    if (regex[i] != '\\') continue;
    ++i;
    if (regex[i] == 'C') return true;
    if (regex[i] != 'Q') continue;
    const std::size_t end = regex.find("\\E", i + 1);
    if (end == std::string_view::npos) return false;
    i = end + 1;
  }
  return false;
}

// What RE2 would take as part of `^(?:...)$` and still is no regex that people
// should write: Alertmanager reads the anchors of `b)|(c` into it, so that it
// means `^b` or `c$`.
Status CheckRegex(const std::string& value) {
  const std::string parsing = "error parsing regexp " + Quote(value) + ": ";
  if (HasAnyByte(value)) {
    return Error{Code::kInvalid, parsing + "invalid escape sequence: \\C"};
  }
  if (value.find(')') == std::string::npos) return {};
  const re2::RE2 alone(value, RegexOptions());
  if (alone.ok()) return {};
  return Error{Code::kInvalid, parsing + alone.error()};
}

using Matchers = Result<std::vector<Matcher>>;

Matchers AsList(const Result<Matcher>& matcher) {
  if (!matcher.ok()) return matcher.error();
  return std::vector<Matcher>{matcher.value()};
}

// Alertmanager's fallback rule. Source: matcher/compat/parse.go.
Result<MatcherLine> Choose(Matchers classic, Matchers utf8) {
  if (!classic.ok()) {
    if (!utf8.ok()) return classic.error();
    return MatcherLine{std::move(utf8).value(), Agreement::kAgreed};
  }
  Agreement agreement = Agreement::kAgreed;
  if (!utf8.ok()) {
    agreement = Agreement::kIncompatible;
  } else if (utf8.value() != classic.value()) {
    agreement = Agreement::kDisagreed;
  }
  return MatcherLine{std::move(classic).value(), agreement};
}

}  // namespace

struct Matcher::Regex {
  explicit Regex(const std::string& pattern)
      : compiled(pattern, RegexOptions()) {}

  re2::RE2 compiled;
};

Matcher::Matcher(MatchOp op, std::string name, std::string value,
                 std::shared_ptr<const Regex> regex)
    : op_(op),
      name_(std::move(name)),
      value_(std::move(value)),
      regex_(std::move(regex)) {}

Result<Matcher> Matcher::Make(MatchOp op, std::string name, std::string value) {
  std::shared_ptr<const Regex> regex;
  if (op == MatchOp::kRegex || op == MatchOp::kNotRegex) {
    const Status own = CheckRegex(value);
    if (!own.ok()) return own.error();
    regex = std::make_shared<Regex>("^(?:" + value + ")$");
    if (!regex->compiled.ok()) {
      return Error{Code::kInvalid, "error parsing regexp " + Quote(value) +
                                       ": " + regex->compiled.error()};
    }
  }
  return Matcher(op, std::move(name), std::move(value), std::move(regex));
}

bool Matcher::Matches(std::string_view label_value) const {
  const auto found = [this, label_value] {
    return re2::RE2::FullMatch(
        re2::StringPiece(label_value.data(), label_value.size()),
        regex_->compiled);
  };
  switch (op_) {
    case MatchOp::kEqual:
      return label_value == value_;
    case MatchOp::kNotEqual:
      return label_value != value_;
    case MatchOp::kRegex:
      return found();
    case MatchOp::kNotRegex:
      return !found();
  }
  TOCSIN_CHECK(false);
}

bool Matcher::Matches(const LabelSet& labels) const {
  return Matches(labels.Get(name_));
}

std::string Matcher::Text() const {
  const std::string op(OpText(op_));
  if (NeedsQuotedName(name_)) return Quote(name_) + op + Quote(value_);
  return name_ + op + QuoteValue(value_);
}

bool Matcher::operator==(const Matcher& other) const {
  return op_ == other.op_ && name_ == other.name_ && value_ == other.value_;
}

Result<MatcherLine> ParseMatchers(std::string_view text) {
  return Choose(ParseClassicMatchers(text), ParseUtf8Matchers(text));
}

Result<MatcherLine> ParseMatcher(std::string_view text) {
  if (text.substr(0, 1) == "{" || (!text.empty() && text.back() == '}')) {
    return Error{Code::kInvalid,
                 "unexpected open or close brace: " + std::string(text)};
  }
  return Choose(AsList(ParseClassicMatcher(text)),
                AsList(ParseUtf8Matcher(text)));
}

}  // namespace tocsin::routing
