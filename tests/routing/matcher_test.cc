#include "routing/matcher.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "routing/matcher_syntax.h"
#include "routing/quote.h"

namespace tocsin::routing {
namespace {

Matcher One(const std::string& text) {
  const Result<MatcherLine> parsed = ParseMatchers(text);
  BOOST_TEST_REQUIRE(parsed.ok(), text);
  BOOST_TEST_REQUIRE(parsed.value().matchers.size() == 1U, text);
  return parsed.value().matchers[0];
}

Agreement AgreementOf(const Result<MatcherLine>& parsed) {
  BOOST_TEST_REQUIRE(parsed.ok());
  return parsed.value().agreement;
}

template <typename T>
std::string ErrorOf(const Result<T>& parsed) {
  return parsed.ok() ? "no error" : parsed.error().message;
}

BOOST_AUTO_TEST_SUITE(matcher)

BOOST_AUTO_TEST_CASE(a_missing_label_is_the_empty_string) {
  const LabelSet none;
  BOOST_TEST(One("a=\"\"").Matches(none));
  BOOST_TEST(One("a!=\"x\"").Matches(none));
  BOOST_TEST(One("a=~\".*\"").Matches(none));
  BOOST_TEST(One("a!~\".+\"").Matches(none));
  BOOST_TEST(!One("a=x").Matches(none));
  BOOST_TEST(!One("a!=\"\"").Matches(none));
  BOOST_TEST(!One("a=~\".+\"").Matches(none));
}

BOOST_AUTO_TEST_CASE(regexes_are_anchored_at_both_ends) {
  const Matcher matcher = One("severity=~\"page|ticket\"");
  BOOST_TEST(matcher.Matches("page"));
  BOOST_TEST(matcher.Matches("ticket"));
  BOOST_TEST(!matcher.Matches("pages"));
  BOOST_TEST(!matcher.Matches("a ticket"));
  BOOST_TEST(!matcher.Matches("page\n"));
  BOOST_TEST(!One("a=~\"foo.bar\"").Matches("foo\nbar"));
  BOOST_TEST(One("a=~\"(?s)foo.bar\"").Matches("foo\nbar"));
  BOOST_TEST(One("a=~\"(?i)db.*\"").Matches("DB7"));
}

BOOST_AUTO_TEST_CASE(a_bad_regex_is_named) {
  const Result<Matcher> made =
      Matcher::Make(MatchOp::kRegex, "a", "invalid[regexp");
  BOOST_TEST_REQUIRE(!made.ok());
  BOOST_TEST((made.error().code == Code::kInvalid));
  BOOST_TEST(made.error().message.find("invalid[regexp") != std::string::npos);
  BOOST_TEST(!Matcher::Make(MatchOp::kNotRegex, "a", "(?=x)").ok());
  BOOST_TEST(Matcher::Make(MatchOp::kEqual, "a", "invalid[regexp").ok());
}

BOOST_AUTO_TEST_CASE(copies_share_the_regex_and_outlive_the_original) {
  std::vector<Matcher> copies;
  {
    const Matcher original = One("a=~\"x+\"");
    copies.push_back(original);
  }
  BOOST_TEST(copies[0].Matches("xxx"));
}

BOOST_AUTO_TEST_CASE(the_classic_syntax_wins_where_both_take_a_line) {
  BOOST_TEST(One("foo=\"\\xf0\"").value() == "\\xf0");
  BOOST_TEST(One("foo=!bar\\n").value() == "!bar\n");
  BOOST_TEST(One("{foo=bar}}").value() == "bar}");
}

BOOST_AUTO_TEST_CASE(what_the_grammars_take_differently_is_told) {
  for (const char* line : {"", "{}", "a=b", "{a=\"b\", c!~\"d\"}", "a=b,",
                           "\"my label\"=x", "{gr\xC3\xBCn=x}"}) {
    BOOST_TEST((AgreementOf(ParseMatchers(line)) == Agreement::kAgreed), line);
  }
  for (const char* line :
       {"foo=!bar", "{foo=bar}}", "a=b c", "a=", "{a=b", "a=\"\\d\""}) {
    BOOST_TEST((AgreementOf(ParseMatchers(line)) == Agreement::kIncompatible),
               line);
  }
  for (const char* line :
       {"foo=\"\\xf0\\x9f\\x99\\x82\"", "a=\"\\t\"", "a=~\"\\t\""}) {
    BOOST_TEST((AgreementOf(ParseMatchers(line)) == Agreement::kDisagreed),
               line);
  }
}

BOOST_AUTO_TEST_CASE(one_matcher_has_no_braces_and_may_hold_a_comma) {
  const auto value_of = [](const char* text) {
    const Result<MatcherLine> line = ParseMatcher(text);
    BOOST_TEST_REQUIRE(line.ok(), text);
    BOOST_TEST_REQUIRE(line.value().matchers.size() == 1U, text);
    return line.value().matchers[0].value();
  };
  BOOST_TEST(value_of("a=b") == "b");
  BOOST_TEST(value_of("a=b,c=d") == "b,c=d");
  BOOST_TEST(
      (AgreementOf(ParseMatcher("a=b,c=d")) == Agreement::kIncompatible));
  BOOST_TEST(value_of("\"my label\"=\"x\"") == "x");
  BOOST_TEST(ErrorOf(ParseMatcher("{a=b}")) ==
             "unexpected open or close brace: {a=b}");
  BOOST_TEST(ErrorOf(ParseMatcher("a=b}")) ==
             "unexpected open or close brace: a=b}");
  BOOST_TEST(ErrorOf(ParseMatcher("")) == "bad matcher format: ");
  BOOST_TEST(!ParseMatcher("a=\"\xff\"").ok());
}

BOOST_AUTO_TEST_CASE(what_only_the_new_syntax_takes_is_taken) {
  BOOST_TEST(One("\"my label\"=\"x\"").name() == "my label");
  BOOST_TEST(One("name-with-dashes=bar").name() == "name-with-dashes");
  BOOST_TEST(One("{\"a\"=~\"\\\\d+\"}").Matches("42"));
  BOOST_TEST(One("\"\\u00fc\"=\"x\"").name() == "\xC3\xBC");
}

BOOST_AUTO_TEST_CASE(if_both_refuse_the_error_is_the_classic_one) {
  BOOST_TEST(ErrorOf(ParseMatchers("foo!bar")) ==
             "bad matcher format: foo!bar");
  BOOST_TEST(ErrorOf(ParseMatchers("job=\"value")) ==
             "matcher value contains unescaped double quote: \"value");
  BOOST_TEST(!ParseMatchers("a=\"\xff\"").ok());
  BOOST_TEST(!ParseMatchers("a=x,,b=y").ok());
}

BOOST_AUTO_TEST_CASE(the_new_syntax_says_where_and_what_was_expected) {
  BOOST_TEST(ErrorOf(ParseUtf8Matchers("{,}")) ==
             "1:2: unexpected ,: expected label name");
  BOOST_TEST(ErrorOf(ParseUtf8Matchers("{foo=bar")) ==
             "0:8: end of input: expected close brace");
  BOOST_TEST(ErrorOf(ParseUtf8Matchers("foo=bar}")) ==
             "0:8: }: expected opening brace");
  BOOST_TEST(ErrorOf(ParseUtf8Matchers("{foo=bar\\n}")) ==
             "8:9: \\: invalid input: expected a comma or close brace");
  BOOST_TEST(!ParseUtf8Matchers("{foo=bar} x").ok());
  BOOST_TEST(!ParseUtf8Matchers("foo").ok());
  BOOST_TEST(!ParseUtf8Matchers("foo=").ok());
}

BOOST_AUTO_TEST_CASE(a_written_matcher_is_read_back) {
  for (const std::string name : {"foo", "foo bar", "gr\xC3\xBCn", "a\"b"}) {
    for (const std::string value : {"", "x y", "a\"b\\c", "l1\nl2", "{a,b}"}) {
      const Matcher made =
          Matcher::Make(MatchOp::kNotEqual, name, value).value();
      const Matcher back = One(made.Text());
      BOOST_TEST((back == made));
    }
  }
}

BOOST_AUTO_TEST_CASE(quoting_follows_go) {
  BOOST_TEST(Quote("a\tb\"\\\x01\xff\xC2\xA0") ==
             "\"a\\tb\\\"\\\\\\x01\\xff\\u00a0\"");
  BOOST_TEST(Unquote("\"\\x41\\102\\u0043\\U00000044\\v\"").value() ==
             "ABCD\v");
  for (const char* literal :
       {"", "\"", "a", "\"a", "\"\\'\"", "\"\\400\"", "\"\\ud800\"",
        "\"\\U00110000\"", "\"\\xff\"", "\"\\x4\"", "\"\\q\"", "\"\\\"",
        "\"a\nb\"", "\"a\"b\""}) {
    BOOST_TEST(!Unquote(literal).has_value(), literal);
  }
}

BOOST_AUTO_TEST_CASE(a_regex_that_is_none_without_its_anchors_is_refused) {
  for (const char* regex : {"b)|(c", "a)", "x)(?:y", "(a))|((b)"}) {
    BOOST_TEST(!Matcher::Make(MatchOp::kRegex, "a", regex).ok(), regex);
  }
  for (const char* regex : {"(b)|(c)", "[)]", "\\)", "\\Q)\\E"}) {
    BOOST_TEST(Matcher::Make(MatchOp::kRegex, "a", regex).ok(), regex);
  }
}

BOOST_AUTO_TEST_CASE(a_regex_that_only_re2_takes_is_refused) {
  for (const char* regex : {"\\C", "a\\\\\\C", "\\Qx\\E\\C"}) {
    BOOST_TEST(!Matcher::Make(MatchOp::kNotRegex, "a", regex).ok(), regex);
  }
  for (const char* regex : {"\\\\C", "\\Q\\C\\E", "\\[C"}) {
    BOOST_TEST(Matcher::Make(MatchOp::kRegex, "a", regex).ok(), regex);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
