#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "routing/matcher_lexer.h"
#include "routing/matcher_syntax.h"
#include "routing/quote.h"

// Over the tokens of matcher_lexer.h:
//   line    = matchers | "{" [ matchers ] "}" .
//   matchers = matcher { "," matcher } [ "," ] .
//   matcher = text op text .     text = quoted | unquoted .
namespace tocsin::routing {
namespace {

std::optional<MatchOp> OpOf(const Result<Token>& token) {
  if (!token.ok()) return std::nullopt;
  switch (token.value().kind) {
    case TokenKind::kEqual:
      return MatchOp::kEqual;
    case TokenKind::kNotEqual:
      return MatchOp::kNotEqual;
    case TokenKind::kRegex:
      return MatchOp::kRegex;
    case TokenKind::kNotRegex:
      return MatchOp::kNotRegex;
    default:
      return std::nullopt;
  }
}

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  // Leaves the first error, if any, in status().
  std::vector<Matcher> Run() {
    Step();
    const bool in_braces = Is(TokenKind::kOpenBrace);
    if (in_braces) Step();
    std::vector<Matcher> matchers;
    while (Going() && !Is(TokenKind::kEnd) && !Is(TokenKind::kCloseBrace)) {
      TakeMatcher(matchers);
      if (Is(TokenKind::kComma)) {
        Step();
      } else if (Going() && !Is(TokenKind::kEnd) &&
                 !Is(TokenKind::kCloseBrace)) {
        FailUnexpected("expected a comma or close brace");
      }
    }
    Finish(in_braces);
    return matchers;
  }

  const Status& status() const { return status_; }

 private:
  bool Going() const { return status_.ok(); }

  // Whether all is well so far and the token in hand is a `kind`. What the
  // lexer refused is no kind: its error shows once the parser needs a token.
  bool Is(TokenKind kind) const {
    return Going() && token_.ok() && token_.value().kind == kind;
  }

  void Step() { token_ = lexer_.Next(); }

  void Fail(Error error) {
    if (status_.ok()) status_ = std::move(error);
  }

  void FailUnexpected(const std::string& expected) {
    if (!token_.ok()) {
      Fail({Code::kInvalid, token_.error().message + ": " + expected});
    } else if (Is(TokenKind::kEnd)) {
      Fail(ErrorAt(token_.value().columns, "end of input: " + expected));
    } else {
      Fail(ErrorAt(
          token_.value().columns,
          "unexpected " + std::string(token_.value().text) + ": " + expected));
    }
  }

  std::string TakeText(const std::string& expected) {
    if (Is(TokenKind::kUnquoted)) {
      std::string text(token_.value().text);
      Step();
      return text;
    }
    if (!Is(TokenKind::kQuoted)) {
      FailUnexpected(expected);
      return {};
    }
    const Token literal = token_.value();
    std::optional<std::string> text = Unquote(literal.text);
    if (!text)
      Fail(ErrorAt(literal.columns,
                   std::string(literal.text) + ": invalid input"));
    Step();
    return std::move(text).value_or("");
  }

  MatchOp TakeOp() {
    const std::optional<MatchOp> op = OpOf(token_);
    if (!op) {
      FailUnexpected("expected an operator such as '=', '!=', '=~' or '!~'");
      return MatchOp::kEqual;
    }
    Step();
    return *op;
  }

  void TakeMatcher(std::vector<Matcher>& out) {
    std::string name = TakeText("expected label name");
    if (!Going()) return;
    const MatchOp op = TakeOp();
    if (!Going()) return;
    std::string value = TakeText("expected label value");
    if (!Going()) return;
    Result<Matcher> matcher =
        Matcher::Make(op, std::move(name), std::move(value));
    if (!matcher.ok()) return Fail(matcher.error());
    out.push_back(std::move(matcher).value());
  }

  // Both braces or none, and nothing behind.
  void Finish(bool in_braces) {
    if (!Going()) return;
    if (in_braces) {
      if (!Is(TokenKind::kCloseBrace))
        return FailUnexpected("expected close brace");
      Step();
    } else if (Is(TokenKind::kCloseBrace)) {
      // Blamed on the whole line: the brace is missing at its beginning.
      return Fail(ErrorAt({0, token_.value().columns.end},
                          "}: expected opening brace"));
    }
    if (!Is(TokenKind::kEnd)) FailUnexpected("expected end of input");
  }

  Lexer lexer_;
  Result<Token> token_ = Token{};
  Status status_;
};

}  // namespace

Result<std::vector<Matcher>> ParseUtf8Matchers(std::string_view text) {
  if (!IsValidUtf8(text)) return ErrorAt({}, "invalid input: not valid UTF-8");
  Parser parser(text);
  std::vector<Matcher> matchers = parser.Run();
  if (!parser.status().ok()) return parser.status().error();
  return matchers;
}

Result<Matcher> ParseUtf8Matcher(std::string_view text) {
  const Result<std::vector<Matcher>> matchers = ParseUtf8Matchers(text);
  if (!matchers.ok()) return matchers.error();
  const std::size_t count = matchers.value().size();
  if (count == 0) return Error{Code::kInvalid, "no matchers"};
  if (count > 1) {
    return Error{Code::kInvalid,
                 "expected 1 matcher, found " + std::to_string(count)};
  }
  return matchers.value().front();
}

bool NeedsQuotedName(std::string_view name) {
  if (name.empty()) return true;
  while (!name.empty()) {
    const std::optional<CodePoint> c = DecodeUtf8(name);
    if (!c || IsReserved(c->value)) return true;
    name.remove_prefix(c->length);
  }
  return false;
}

}  // namespace tocsin::routing
