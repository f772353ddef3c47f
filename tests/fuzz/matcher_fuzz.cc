#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/utf8.h"
#include "routing/matcher.h"
#include "routing/matcher_lexer.h"
#include "routing/matcher_syntax.h"

namespace {

using tocsin::Result;
using tocsin::routing::Agreement;
using tocsin::routing::Lexer;
using tocsin::routing::Matcher;
using tocsin::routing::MatcherLine;
using tocsin::routing::MatchOp;
using tocsin::routing::Token;
using tocsin::routing::TokenKind;
using Matchers = Result<std::vector<Matcher>>;

// What was taken is written so that both grammars read it back as the same:
// each matcher alone, and all of them as one line.
void CheckRoundTrip(const std::vector<Matcher>& matchers) {
  std::string line = "{";
  for (const Matcher& matcher : matchers) {
    const std::string text = matcher.Text();
    const Result<MatcherLine> back = tocsin::routing::ParseMatchers(text);
    TOCSIN_CHECK(back.ok());
    TOCSIN_CHECK(back.value().matchers == std::vector<Matcher>{matcher});
    TOCSIN_CHECK(back.value().agreement == Agreement::kAgreed);
    TOCSIN_CHECK(back.value().matchers[0].Text() == text);
    if (line.size() > 1) line += ", ";
    line += text;
  }
  const Result<MatcherLine> back = tocsin::routing::ParseMatchers(line + "}");
  TOCSIN_CHECK(back.ok());
  TOCSIN_CHECK(back.value().matchers == matchers);
  TOCSIN_CHECK(back.value().agreement == Agreement::kAgreed);
}

void CheckMatching(const std::vector<Matcher>& matchers) {
  for (const Matcher& matcher : matchers) {
    const bool matches = matcher.Matches(matcher.value());
    if (matcher.op() == MatchOp::kEqual) TOCSIN_CHECK(matches);
    if (matcher.op() == MatchOp::kNotEqual) TOCSIN_CHECK(!matches);
  }
}

// The line is what one of the grammars says, and the agreement says which.
void CheckAgreement(const Result<MatcherLine>& line, const Matchers& classic,
                    const Matchers& utf8) {
  TOCSIN_CHECK(line.ok() == (classic.ok() || utf8.ok()));
  if (!line.ok()) {
    TOCSIN_CHECK(line.error().message == classic.error().message);
    return;
  }
  const std::vector<Matcher>& taken = line.value().matchers;
  switch (line.value().agreement) {
    case Agreement::kAgreed:
      TOCSIN_CHECK(utf8.ok() && utf8.value() == taken);
      TOCSIN_CHECK(!classic.ok() || classic.value() == taken);
      return;
    case Agreement::kIncompatible:
      TOCSIN_CHECK(!utf8.ok());
      TOCSIN_CHECK(classic.value() == taken);
      return;
    case Agreement::kDisagreed:
      TOCSIN_CHECK(utf8.ok() && utf8.value() != taken);
      TOCSIN_CHECK(classic.value() == taken);
      return;
  }
}

Matchers AsList(const Result<Matcher>& matcher) {
  if (!matcher.ok()) return matcher.error();
  return std::vector<Matcher>{matcher.value()};
}

void CheckOne(std::string_view text) {
  const Result<MatcherLine> one = tocsin::routing::ParseMatcher(text);
  if (text.substr(0, 1) == "{" || (!text.empty() && text.back() == '}')) {
    TOCSIN_CHECK(!one.ok());
    return;
  }
  CheckAgreement(one, AsList(tocsin::routing::ParseClassicMatcher(text)),
                 AsList(tocsin::routing::ParseUtf8Matcher(text)));
  TOCSIN_CHECK(!one.ok() || one.value().matchers.size() == 1);
}

// Tokens come in their order, do not overlap, and lie where they say. What the
// parser takes, the lexer has cut to the end.
void CheckTokens(std::string_view text, bool taken) {
  Lexer lexer(text);
  std::size_t behind = 0;
  while (true) {
    const Result<Token> token = lexer.Next();
    if (!token.ok()) {
      TOCSIN_CHECK(!taken);
      TOCSIN_CHECK(lexer.Next().error().message == token.error().message);
      return;
    }
    if (token.value().kind == TokenKind::kEnd) return;
    const auto [first, end] = token.value().bytes;
    TOCSIN_CHECK(behind <= first && first < end && end <= text.size());
    TOCSIN_CHECK(text.substr(first, end - first) == token.value().text);
    behind = end;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const Matchers classic = tocsin::routing::ParseClassicMatchers(text);
  const Matchers utf8 = tocsin::routing::ParseUtf8Matchers(text);
  CheckAgreement(tocsin::routing::ParseMatchers(text), classic, utf8);
  for (const Matchers* grammar : {&classic, &utf8}) {
    if (!grammar->ok()) continue;
    CheckRoundTrip(grammar->value());
    CheckMatching(grammar->value());
  }
  CheckOne(text);
  if (tocsin::IsValidUtf8(text)) CheckTokens(text, utf8.ok());
  return 0;
}
