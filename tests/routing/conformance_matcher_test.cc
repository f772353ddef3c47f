// Every row of Alertmanager's own tables of labels and matchers.

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

#include "conformance_table.h"
#include "routing/labels.h"
#include "routing/matcher.h"
#include "routing/matcher_json.h"
#include "routing/matcher_lexer.h"
#include "routing/matcher_syntax.h"

namespace tocsin::routing {
namespace {

namespace json = boost::json;
using Row = Comparison::Row;
using Matchers = Result<std::vector<Matcher>>;

Matchers AsList(const Result<Matcher>& matcher) {
  if (!matcher.ok()) return matcher.error();
  return std::vector<Matcher>{matcher.value()};
}

Matchers AsList(const Result<MatcherLine>& line) {
  if (!line.ok()) return line.error();
  return line.value().matchers;
}

// Texts of Go's own regexp library are not ours to repeat.
bool IsGosOwn(const std::string& error) {
  return error.rfind("error parsing regexp", 0) == 0;
}

Difference CompareMatchers(const Row& row, const Matchers& got) {
  const json::value* const error = row.if_contains("error");
  if (error != nullptr) {
    if (got.ok()) return "taken, and should be refused";
    const std::string want(error->as_string());
    if (IsGosOwn(want)) return std::nullopt;
    return Differs("the error", got.error().message, want);
  }
  if (!got.ok()) return "refused: " + got.error().message;
  std::vector<Matcher> wanted;
  for (const json::value& m : row.at("matchers").as_array()) {
    wanted.push_back(Matcher::Make(ToOp(TextAt(m, "op")), TextAt(m, "name"),
                                   TextAt(m, "value"))
                         .value());
  }
  return Differs("the matchers", got.value(), wanted);
}

// The name of a row says how the two grammars take it.
Difference CompareFallback(const Row& row, const Result<MatcherLine>& got) {
  const Difference matchers = CompareMatchers(row, AsList(got));
  if (matchers || !got.ok()) return matchers;
  const std::string name = TextAt(row, "name");
  Agreement wanted = Agreement::kAgreed;
  if (name.find("pkg/labels but not matchers/parse") != std::string::npos) {
    wanted = Agreement::kIncompatible;
  } else if (name.find("disagreement") != std::string::npos) {
    wanted = Agreement::kDisagreed;
  }
  return Differs("the agreement", got.value().agreement, wanted);
}

// Where Alertmanager itself does not leave the row out, its grammars agree.
Difference CompareCompliance(const Row& row) {
  const std::string input = TextAt(row, "input");
  const Result<MatcherLine> got = ParseMatchers(input);
  const Difference matchers = CompareMatchers(row, AsList(got));
  if (matchers || !got.ok() || row.at("skipped_upstream").as_bool()) {
    return matchers;
  }
  return Differs("the agreement", got.value().agreement, Agreement::kAgreed);
}

std::string KindName(TokenKind kind) {
  switch (kind) {
    case TokenKind::kEnd:
      return "EOF";
    case TokenKind::kOpenBrace:
      return "OpenBrace";
    case TokenKind::kCloseBrace:
      return "CloseBrace";
    case TokenKind::kComma:
      return "Comma";
    case TokenKind::kEqual:
      return "Equals";
    case TokenKind::kNotEqual:
      return "NotEquals";
    case TokenKind::kRegex:
      return "Matches";
    case TokenKind::kNotRegex:
      return "NotMatches";
    case TokenKind::kQuoted:
      return "Quoted";
    case TokenKind::kUnquoted:
      return "Unquoted";
  }
  return "";
}

Span ToSpan(const json::value& pair) {
  return {pair.at(0).to_number<std::size_t>(),
          pair.at(1).to_number<std::size_t>()};
}

Difference CompareToken(const json::object& wanted, const Token& got) {
  Difference difference =
      Differs("the kind", KindName(got.kind), TextAt(wanted, "kind"));
  if (difference) return difference;
  difference =
      Differs("the text", std::string(got.text), TextAt(wanted, "value"));
  if (difference) return difference;
  difference = Differs("the bytes", got.bytes, ToSpan(wanted.at("offset")));
  if (difference) return difference;
  return Differs("the columns", got.columns, ToSpan(wanted.at("column")));
}

Difference CompareTokens(const Row& row) {
  const std::string input = TextAt(row, "input");
  Lexer lexer(input);
  for (const json::value& wanted : row.at("tokens").as_array()) {
    const Result<Token> got = lexer.Next();
    if (!got.ok()) return "refused: " + got.error().message;
    const Difference difference = CompareToken(wanted.as_object(), got.value());
    if (difference) return difference;
  }
  const Result<Token> last = lexer.Next();
  const Result<Token> again = lexer.Next();
  const bool wants_error = row.contains("error_after_tokens");
  if (last.ok() != !wants_error) return "the end is taken differently";
  if (last.ok()) return Differs("the end", KindName(last.value().kind), "EOF");
  if (again.ok()) return "the error is forgotten";
  const Difference first = Differs("the error", last.error().message,
                                   TextAt(row, "error_after_tokens"));
  return first ? first
               : Differs("the error repeated", again.error().message,
                         last.error().message);
}

Difference CompareValue(const Row& row) {
  const Result<Matcher> matcher =
      Matcher::Make(ToOp(TextAt(row, "op")), "label", TextAt(row, "pattern"));
  if (!matcher.ok()) return "refused: " + matcher.error().message;
  return Differs("the match", matcher.value().Matches(TextAt(row, "input")),
                 row.at("match").as_bool());
}

Difference CompareText(const Row& row) {
  const Result<Matcher> matcher = Matcher::Make(
      ToOp(TextAt(row, "op")), TextAt(row, "name"), TextAt(row, "value"));
  if (!matcher.ok()) return "refused: " + matcher.error().message;
  return Differs("the text", matcher.value().Text(), TextAt(row, "want"));
}

Matcher MatcherOf(const Row& row) {
  return Matcher::Make(ToOp(TextAt(row, "op")), TextAt(row, "name"),
                       TextAt(row, "value"))
      .value();
}

Difference CompareToJson(const Row& row) {
  return Differs("the JSON", MatcherToJson(MatcherOf(row)),
                 TextAt(row, "want"));
}

Difference CompareFromJson(const Row& row) {
  const Result<Matcher> got = MatcherFromJson(TextAt(row, "json"));
  if (!got.ok()) return "refused: " + got.error().message;
  return Differs("the matcher", got.value().Text(), MatcherOf(row).Text());
}

BOOST_AUTO_TEST_SUITE(conformance)

BOOST_AUTO_TEST_CASE(fingerprints_are_those_of_alertmanager) {
  Comparison table("fingerprints.json");
  table.Section("cases", [](const Row& row) {
    return Differs("the fingerprint",
                   FingerprintText(Fingerprint(ToLabels(row.at("labels")))),
                   TextAt(row, "fingerprint"));
  });
  table.Finish();
}

BOOST_AUTO_TEST_CASE(classic_matchers_mean_what_they_mean_to_alertmanager) {
  Comparison table("matchers_classic.json");
  table.Section("parse_list", [](const Row& row) {
    return CompareMatchers(row, ParseClassicMatchers(TextAt(row, "input")));
  });
  table.Section("matches", CompareValue);
  table.Section("to_string", CompareText);
  table.Section("json_marshal", CompareToJson);
  table.Section("json_unmarshal", CompareFromJson);
  // A classic name is one that the classic grammar takes.
  table.Section("label_names_classic", [](const Row& row) {
    return Differs("the name's validity",
                   ParseClassicMatcher(TextAt(row, "input") + "=x").ok(),
                   row.at("valid").as_bool());
  });
  table.Finish();
}

BOOST_AUTO_TEST_CASE(utf8_matchers_mean_what_they_mean_to_alertmanager) {
  Comparison table("matchers_utf8.json");
  table.Section("parse_list", [](const Row& row) {
    return CompareMatchers(row, ParseUtf8Matchers(TextAt(row, "input")));
  });
  table.Section("parse_single", [](const Row& row) {
    return CompareMatchers(row, AsList(ParseUtf8Matcher(TextAt(row, "input"))));
  });
  table.Section("lexer", CompareTokens);
  table.Section("fallback_single", [](const Row& row) {
    return CompareFallback(row, ParseMatcher(TextAt(row, "input")));
  });
  table.Section("fallback_list", [](const Row& row) {
    return CompareFallback(row, ParseMatchers(TextAt(row, "input")));
  });
  table.Section("compliance", CompareCompliance);
  table.Section("label_names_utf8", [](const Row& row) {
    return Differs("the name's validity", IsLabelName(TextAt(row, "input")),
                   row.at("valid").as_bool());
  });
  table.Finish();
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
