#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "base/utf8.h"
#include "routing/matcher_syntax.h"
#include "routing/quote.h"

// Two layers: a lexer that cuts the line into tokens, and a parser of
//   line    = matchers | "{" [ matchers ] "}" .
//   matchers = matcher { "," matcher } [ "," ] .
//   matcher = text op text .     text = quoted | unquoted .
// Columns in errors count characters from 0, "first:behind the last".
namespace tocsin::routing {
namespace {

bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool IsReserved(char32_t c) {
  constexpr std::u32string_view kReserved = U"{}!=~,\\\"'`";
  return IsSpace(c) || kReserved.find(c) != std::u32string_view::npos;
}

enum class Kind {
  kEnd,
  kOpenBrace,
  kCloseBrace,
  kComma,
  kOperator,
  kQuoted,
  kUnquoted,
};

struct Token {
  Kind kind = Kind::kEnd;
  std::string_view text;
  std::size_t first_column = 0;
  std::size_t end_column = 0;
};

// "2:3: what", the form of all errors here.
Error At(std::size_t first, std::size_t end, const std::string& what) {
  return {Code::kInvalid,
          std::to_string(first) + ":" + std::to_string(end) + ": " + what};
}

Error At(const Token& token, const std::string& what) {
  return At(token.first_column, token.end_column, what);
}

// Cuts valid UTF-8 into tokens.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Result<Token> Next() {
    while (const std::optional<CodePoint> c = Peek()) {
      if (!IsSpace(c->value)) break;
      Advance();
    }
    start_ = offset_;
    start_column_ = column_;
    const std::optional<CodePoint> c = Peek();
    if (!c) return Token{Kind::kEnd, {}, 0, column_};
    switch (c->value) {
      case U'{':
        return Single(Kind::kOpenBrace);
      case U'}':
        return Single(Kind::kCloseBrace);
      case U',':
        return Single(Kind::kComma);
      case U'=':
      case U'!':
        return Operator();
      case U'"':
        return Quoted();
      default:
        return Unquoted();
    }
  }

 private:
  std::optional<CodePoint> Peek() const {
    return DecodeUtf8(text_.substr(offset_));
  }

  void Advance() {
    offset_ += Peek()->length;
    ++column_;
  }

  bool Accept(char32_t wanted) {
    const std::optional<CodePoint> c = Peek();
    if (!c || c->value != wanted) return false;
    Advance();
    return true;
  }

  Token Cut(Kind kind) const {
    return {kind, text_.substr(start_, offset_ - start_), start_column_,
            column_};
  }

  Token Single(Kind kind) {
    Advance();
    return Cut(kind);
  }

  Result<Token> Operator() {
    if (Accept(U'=')) {
      Accept(U'~');
      return Cut(Kind::kOperator);
    }
    Advance();
    if (Accept(U'=') || Accept(U'~')) return Cut(Kind::kOperator);
    const Token read = Cut(Kind::kOperator);
    if (!Peek()) {
      return At(read, "unexpected end of input, expected one of '=~'");
    }
    return At(read, std::string(read.text) + ": expected one of '=~'");
  }

  Result<Token> Quoted() {
    Advance();
    bool escaped = false;
    while (const std::optional<CodePoint> c = Peek()) {
      Advance();
      if (c->value == U'"' && !escaped) return Cut(Kind::kQuoted);
      escaped = c->value == U'\\' && !escaped;
    }
    const Token read = Cut(Kind::kQuoted);
    return At(read, std::string(read.text) + ": missing end \"");
  }

  Result<Token> Unquoted() {
    while (const std::optional<CodePoint> c = Peek()) {
      if (IsReserved(c->value)) break;
      Advance();
    }
    if (offset_ > start_) return Cut(Kind::kUnquoted);
    const Token stray = Single(Kind::kUnquoted);
    return At(stray, std::string(stray.text) + ": invalid input");
  }

  std::string_view text_;
  std::size_t offset_ = 0;  // of the next character, in bytes
  std::size_t column_ = 0;  // of the next character
  std::size_t start_ = 0;   // of the token being read
  std::size_t start_column_ = 0;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : lexer_(text) {}

  // Leaves the first error, if any, in status().
  std::vector<Matcher> Run() {
    Step();
    const bool in_braces = Is(Kind::kOpenBrace);
    if (in_braces) Step();
    std::vector<Matcher> matchers;
    while (Going() && !Is(Kind::kEnd) && !Is(Kind::kCloseBrace)) {
      ParseMatcher(matchers);
      if (Is(Kind::kComma)) {
        Step();
      } else if (Going() && !Is(Kind::kEnd) && !Is(Kind::kCloseBrace)) {
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
  bool Is(Kind kind) const {
    return Going() && token_.ok() && token_.value().kind == kind;
  }

  void Step() { token_ = lexer_.Next(); }

  void Fail(Error error) {
    if (status_.ok()) status_ = std::move(error);
  }

  void FailUnexpected(const std::string& expected) {
    if (!token_.ok()) {
      Fail({Code::kInvalid, token_.error().message + ": " + expected});
    } else if (Is(Kind::kEnd)) {
      Fail(At(token_.value(), "end of input: " + expected));
    } else {
      Fail(At(token_.value(), "unexpected " + std::string(token_.value().text) +
                                  ": " + expected));
    }
  }

  std::string TakeText(const std::string& expected) {
    if (Is(Kind::kUnquoted)) {
      std::string text(token_.value().text);
      Step();
      return text;
    }
    if (!Is(Kind::kQuoted)) {
      FailUnexpected(expected);
      return {};
    }
    const Token literal = token_.value();
    std::optional<std::string> text = Unquote(literal.text);
    if (!text) Fail(At(literal, std::string(literal.text) + ": invalid input"));
    Step();
    return std::move(text).value_or("");
  }

  MatchOp TakeOp() {
    if (!Is(Kind::kOperator)) {
      FailUnexpected("expected an operator such as '=', '!=', '=~' or '!~'");
      return MatchOp::kEqual;
    }
    const std::string_view text = token_.value().text;
    Step();
    if (text == "=~") return MatchOp::kRegex;
    if (text == "!~") return MatchOp::kNotRegex;
    return text == "=" ? MatchOp::kEqual : MatchOp::kNotEqual;
  }

  void ParseMatcher(std::vector<Matcher>& out) {
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
      if (!Is(Kind::kCloseBrace)) return FailUnexpected("expected close brace");
      Step();
    } else if (Is(Kind::kCloseBrace)) {
      // Blamed on the whole line: the brace is missing at its beginning.
      return Fail(
          At(0, token_.value().end_column, "}: expected opening brace"));
    }
    if (!Is(Kind::kEnd)) FailUnexpected("expected end of input");
  }

  Lexer lexer_;
  Result<Token> token_ = Token{};
  Status status_;
};

}  // namespace

Result<std::vector<Matcher>> ParseUtf8Matchers(std::string_view text) {
  if (!IsValidUtf8(text)) return At(0, 0, "invalid input: not valid UTF-8");
  Parser parser(text);
  std::vector<Matcher> matchers = parser.Run();
  if (!parser.status().ok()) return parser.status().error();
  return matchers;
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
