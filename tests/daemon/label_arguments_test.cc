#include "daemon/ctl/label_arguments.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace tocsin::ctl {
namespace {

using routing::LabelSet;

LabelSet Read(const std::vector<std::string>& words) {
  const auto labels = ParseLabels(words);
  BOOST_TEST_REQUIRE(labels.ok());
  return labels.value();
}

BOOST_AUTO_TEST_SUITE(label_arguments)

BOOST_AUTO_TEST_CASE(labels_are_written_with_and_without_quotes) {
  BOOST_TEST((Read({}) == LabelSet()));
  BOOST_TEST((Read({"team=web", "severity=\"page\""}) ==
              LabelSet{{"team", "web"}, {"severity", "page"}}));
  BOOST_TEST((Read({"team = web ", "a=b c"}) ==
              LabelSet{{"team", "web"}, {"a", "b c"}}));
  BOOST_TEST(
      (Read({"say=\"a \\\"b\\\" c\""}) == LabelSet{{"say", "a \"b\" c"}}));
}

BOOST_AUTO_TEST_CASE(a_value_without_quotes_is_taken_whole) {
  BOOST_TEST((Read({"a=x,b=y"}) == LabelSet{{"a", "x,b=y"}}));
  BOOST_TEST(
      (Read({"url=http://h/?q=1"}) == LabelSet{{"url", "http://h/?q=1"}}));
  BOOST_TEST((Read({"a={b}"}) == LabelSet{{"a", "{b}"}}));
  BOOST_TEST((Read({"a="}) == LabelSet{{"a", ""}}));
}

BOOST_AUTO_TEST_CASE(names_may_be_utf_8) {
  BOOST_TEST((Read({"größe=klein"}) == LabelSet{{"größe", "klein"}}));
  BOOST_TEST((Read({"\"a=b c\"=x y"}) == LabelSet{{"a=b c", "x y"}}));
}

BOOST_AUTO_TEST_CASE(of_a_name_given_twice_the_last_value_counts) {
  BOOST_TEST((Read({"a=1", "a=2"}) == LabelSet{{"a", "2"}}));
}

BOOST_AUTO_TEST_CASE(what_is_no_label_is_refused) {
  for (const char* word : {"foo", "=x", "a!=b", "a=~b", "a!~b", "a=\"b",
                           "{a=b}", "{}", "", "a b=c"}) {
    const auto labels = ParseLabels({word});
    BOOST_TEST_CONTEXT(word) { BOOST_TEST(!labels.ok()); }
  }
  BOOST_TEST(ParseLabels({"a!=b"}).error().message ==
             "a label is written NAME=VALUE, not 'a!=b'");
}

BOOST_AUTO_TEST_CASE(a_backslash_at_the_end_of_a_value_stands_for_itself) {
  BOOST_TEST((Read({"a=\\"}) == LabelSet{{"a", "\\"}}));
  BOOST_TEST((Read({"a=x\\"}) == LabelSet{{"a", "x\\"}}));
  BOOST_TEST((Read({"a=x\\\\"}) == LabelSet{{"a", "x\\"}}));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::ctl
