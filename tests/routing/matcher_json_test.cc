#include "routing/matcher_json.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace tocsin::routing {
namespace {

// The matcher as text, or what is wrong.
std::string Read(const std::string& text) {
  const Result<Matcher> matcher = MatcherFromJson(text);
  return matcher.ok() ? matcher.value().Text() : matcher.error().message;
}

BOOST_AUTO_TEST_SUITE(matcher_json)

BOOST_AUTO_TEST_CASE(each_operator_has_its_two_flags) {
  const auto written = [](MatchOp op) {
    return MatcherToJson(Matcher::Make(op, "größe", "s|m").value());
  };
  BOOST_TEST(
      written(MatchOp::kEqual) ==
      R"({"name":"größe","value":"s|m","isRegex":false,"isEqual":true})");
  BOOST_TEST(
      written(MatchOp::kNotEqual) ==
      R"({"name":"größe","value":"s|m","isRegex":false,"isEqual":false})");
  BOOST_TEST(written(MatchOp::kRegex) ==
             R"({"name":"größe","value":"s|m","isRegex":true,"isEqual":true})");
  BOOST_TEST(
      written(MatchOp::kNotRegex) ==
      R"({"name":"größe","value":"s|m","isRegex":true,"isEqual":false})");
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
  for (const MatchOp op : {MatchOp::kEqual, MatchOp::kNotEqual, MatchOp::kRegex,
                           MatchOp::kNotRegex}) {
    const Matcher matcher = Matcher::Make(op, "a b", "\"x\"\n").value();
    const Result<Matcher> back = MatcherFromJson(MatcherToJson(matcher));
    BOOST_TEST_REQUIRE(back.ok());
    BOOST_TEST((back.value() == matcher));
  }
}

BOOST_AUTO_TEST_CASE(is_equal_may_be_left_out) {
  BOOST_TEST(Read(R"({"name":"a","value":"x","isRegex":false})") == "a=\"x\"");
  BOOST_TEST(Read(R"({"name":"a","value":"x","isRegex":true,"more":1})") ==
             "a=~\"x\"");
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_named) {
  BOOST_TEST(Read("[]") == "a matcher must be a JSON object");
  BOOST_TEST(Read("{") == "a matcher must be a JSON object");
  BOOST_TEST(Read(R"({"value":"x","isRegex":false})") == "name: missing");
  BOOST_TEST(Read(R"({"name":"","value":"x","isRegex":false})") ==
             "name: must be a label name");
  BOOST_TEST(Read(R"({"name":"a","value":1,"isRegex":false})") ==
             "value: must be a string");
  BOOST_TEST(Read(R"({"name":"a","value":"x"})") == "isRegex: missing");
  BOOST_TEST(Read(R"({"name":"a","value":"x","isRegex":"no"})") ==
             "isRegex: must be true or false");
  BOOST_TEST(
      Read(R"({"name":"a","value":"x","isRegex":true,"isEqual":null})") ==
      "isEqual: must be true or false");
  BOOST_TEST(Read(R"({"name":"a","value":"x[","isRegex":true})").find("x[") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
