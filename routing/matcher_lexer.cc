#include "routing/matcher_lexer.h"

namespace tocsin::routing {
namespace {

bool IsSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
         c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

}  // namespace

Error ErrorAt(const Span& columns, const std::string& what) {
  return {Code::kInvalid, std::to_string(columns.first) + ":" +
                              std::to_string(columns.end) + ": " + what};
}

bool IsReserved(char32_t c) {
  constexpr std::u32string_view kReserved = U"{}!=~,\\\"'`";
  return IsSpace(c) || kReserved.find(c) != std::u32string_view::npos;
}

Result<Token> Lexer::Next() {
  if (!status_.ok()) return status_.error();
  Result<Token> token = Scan();
  if (!token.ok()) status_ = token.error();
  return token;
}

Result<Token> Lexer::Scan() {
  while (const std::optional<CodePoint> c = Peek()) {
    if (!IsSpace(c->value)) break;
    Advance();
  }
  first_byte_ = offset_;
  first_column_ = column_;
  const std::optional<CodePoint> c = Peek();
  if (!c) return Token{TokenKind::kEnd, {}, {0, offset_}, {0, column_}};
  if (Accept(U'{')) return Cut(TokenKind::kOpenBrace);
  if (Accept(U'}')) return Cut(TokenKind::kCloseBrace);
  if (Accept(U',')) return Cut(TokenKind::kComma);
  if (Accept(U'"')) return Quoted();
  if (c->value == U'=' || c->value == U'!') return Operator();
  return Unquoted();
}

std::optional<CodePoint> Lexer::Peek() const {
  return DecodeUtf8(line_.substr(offset_));
}

void Lexer::Advance() {
  offset_ += Peek()->length;
  ++column_;
}

bool Lexer::Accept(char32_t wanted) {
  const std::optional<CodePoint> c = Peek();
  if (!c || c->value != wanted) return false;
  Advance();
  return true;
}

Token Lexer::Cut(TokenKind kind) const {
  return {kind,
          line_.substr(first_byte_, offset_ - first_byte_),
          {first_byte_, offset_},
          {first_column_, column_}};
}

Result<Token> Lexer::Operator() {
  if (Accept(U'=')) {
    return Cut(Accept(U'~') ? TokenKind::kRegex : TokenKind::kEqual);
  }
  Advance();
  if (Accept(U'=')) return Cut(TokenKind::kNotEqual);
  if (Accept(U'~')) return Cut(TokenKind::kNotRegex);
  const Token read = Cut(TokenKind::kNotEqual);
  if (!Peek()) {
    return ErrorAt(read.columns,
                   "unexpected end of input, expected one of '=~'");
  }
  return ErrorAt(read.columns,
                 std::string(read.text) + ": expected one of '=~'");
}

Result<Token> Lexer::Quoted() {
  bool escaped = false;
  while (const std::optional<CodePoint> c = Peek()) {
    Advance();
    if (c->value == U'"' && !escaped) return Cut(TokenKind::kQuoted);
    escaped = c->value == U'\\' && !escaped;
  }
  const Token read = Cut(TokenKind::kQuoted);
  return ErrorAt(read.columns, std::string(read.text) + ": missing end \"");
}

Result<Token> Lexer::Unquoted() {
  while (const std::optional<CodePoint> c = Peek()) {
    if (IsReserved(c->value)) break;
    Advance();
  }
  if (offset_ > first_byte_) return Cut(TokenKind::kUnquoted);
  Advance();
  const Token stray = Cut(TokenKind::kUnquoted);
  return ErrorAt(stray.columns, std::string(stray.text) + ": invalid input");
}

}  // namespace tocsin::routing
