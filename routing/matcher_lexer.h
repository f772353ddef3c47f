#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/utf8.h"

// The words of the UTF-8 grammar of matchers; for matcher_utf8.cc and the test
// that compares it with Alertmanager's. Pure.
// Source: prometheus/alertmanager matcher/parse/lexer.go.
namespace tocsin::routing {

enum class TokenKind {
  kEnd,  // of the line; every later Next() gives it again
  kOpenBrace,
  kCloseBrace,
  kComma,
  kEqual,
  kNotEqual,
  kRegex,
  kNotRegex,
  kQuoted,  // a Go string literal, not yet checked, with its quotes
  kUnquoted,
};

// Where something stands in the line: from the first to behind the last.
struct Span {
  std::size_t first = 0;
  std::size_t end = 0;
  bool operator==(const Span&) const = default;
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string_view text;  // part of the line
  Span bytes;
  Span columns;  // characters
};

// "2:3: what": the form of all errors of this grammar. Columns count
// characters from 0.
Error ErrorAt(const Span& columns, const std::string& what);

// Whether the character ends an unquoted text: white space and {}!=~,\"'`.
bool IsReserved(char32_t c);

// Cuts a line of valid UTF-8 into tokens. Confined to one thread; the line
// must outlive the lexer and its tokens.
class Lexer {
 public:
  explicit Lexer(std::string_view line) : line_(line) {}

  // The next token. After an error, that error for ever.
  Result<Token> Next();

 private:
  std::optional<CodePoint> Peek() const;
  void Advance();
  bool Accept(char32_t wanted);
  Token Cut(TokenKind kind) const;
  Result<Token> Scan();
  Result<Token> Operator();
  Result<Token> Quoted();
  Result<Token> Unquoted();

  std::string_view line_;
  std::size_t offset_ = 0;        // of the next character, in bytes
  std::size_t column_ = 0;        // of the next character
  std::size_t first_byte_ = 0;    // of the token being read
  std::size_t first_column_ = 0;  // of the token being read
  Status status_;
};

}  // namespace tocsin::routing
