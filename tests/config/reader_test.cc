#include "config/reader.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

namespace tocsin::config {
namespace {

// A text and what reading it reported.
struct Read {
  explicit Read(std::string_view text)
      : report("f.yml"), document(ParseDocument(text, report)) {
    BOOST_REQUIRE(document);
  }
  Reader root() { return Reader(*document, "", report); }
  // The first value of the text's mapping.
  Reader value() { return root().Entries().at(0).value; }
  std::vector<std::string> faults() const {
    std::vector<std::string> lines;
    for (const Fault& fault : report.SortedFaults()) {
      lines.push_back(FaultText(fault));
    }
    return lines;
  }

  Report report;
  NodePtr document;
};

using Lines = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(reader)

BOOST_AUTO_TEST_CASE(text_is_any_single_value_of_one_line) {
  BOOST_TEST(Read("a: +41790000000").value().Text().value() == "+41790000000");
  BOOST_TEST(Read("a: 'true'").value().Text().value() == "true");
  BOOST_TEST(Read("a: ''").value().TextOrEmpty().value().empty());
  for (const char* text :
       {"a:", "a: []", "a: {}", "a: ''", "a: \"x\\ny\"", "a: \"x\\0y\""}) {
    Read read(text);
    BOOST_TEST(!read.value().Text().has_value());
    BOOST_TEST(read.faults().size() == 1u);
  }
}

BOOST_AUTO_TEST_CASE(a_flag_is_true_or_false_and_nothing_else) {
  BOOST_TEST(Read("a: true").value().Flag().value());
  BOOST_TEST(!Read("a: false").value().Flag().value());
  for (const char* text : {"a: yes", "a: 'true'", "a: 1", "a:", "a: [true]"}) {
    Read read(text);
    BOOST_TEST(!read.value().Flag().has_value());
    BOOST_TEST((read.faults() ==
                Lines{"f.yml:1:" +
                      std::to_string(read.document->entries[0].value->column) +
                      ": a: must be true or false"}));
  }
}

BOOST_AUTO_TEST_CASE(a_count_is_a_whole_number_from_one) {
  BOOST_TEST(Read("a: 4294967295").value().Count().value() == 4294967295u);
  for (const char* text : {"a: 0", "a: -1", "a: 1.5", "a: 4294967296", "a: '1'",
                           "a: 0x10", "a:", "a: 1 2"}) {
    BOOST_TEST(!Read(text).value().Count().has_value());
  }
}

BOOST_AUTO_TEST_CASE(a_length_is_a_duration_of_one_second_at_least) {
  using std::chrono::minutes;
  BOOST_TEST((Read("a: 1h30m").value().Length() == Duration(minutes(90))));
  BOOST_TEST((Read("a: 500ms").value().AnyLength() == Duration(500)));
  for (const char* text : {"a: 500ms", "a: 30", "a: 0", "a: -5s", "a: 1.5h"}) {
    BOOST_TEST(!Read(text).value().Length().has_value());
  }
}

BOOST_AUTO_TEST_CASE(lists_and_mappings_may_be_empty_values) {
  Read read("{a: , b: []}");
  const auto entries = read.root().Entries();
  BOOST_TEST(entries.at(0).value.Items().empty());
  BOOST_TEST(entries.at(0).value.Entries().empty());
  BOOST_TEST(entries.at(0).value.IsEmptyList());
  BOOST_TEST(entries.at(1).value.IsEmptyList());
  BOOST_TEST(read.faults().empty());
}

BOOST_AUTO_TEST_CASE(a_text_twice_in_a_list_is_reported_at_the_second) {
  Read read("a: [x, y, x]");
  BOOST_TEST(read.value().Texts().size() == 2u);
  BOOST_TEST(
      (read.faults() == Lines{"f.yml:1:11: a[2]: \"x\" is in the list twice"}));
}

BOOST_AUTO_TEST_CASE(a_key_given_twice_is_reported_at_the_second) {
  Read read("a: 1\nb: 2\na: 3\n");
  BOOST_TEST(read.root().Entries().size() == 2u);
  BOOST_TEST((read.faults() ==
              Lines{"f.yml:3:1: a: the key is given twice, first in line 1"}));
}

BOOST_AUTO_TEST_CASE(an_unknown_key_is_reported_with_what_may_be_meant) {
  Read read("{wiat: 1, size: 2}");
  read.root().Keys({"wait", "notify"});
  BOOST_TEST(
      (read.faults() ==
       Lines{"f.yml:1:2: wiat: \"wiat\" is not a key this version knows, "
             "did you mean \"wait\"?",
             "f.yml:1:11: size: \"size\" is not a key this version "
             "knows (wait, notify)"}));
}

BOOST_AUTO_TEST_CASE(of_alternatives_exactly_one_may_be_there) {
  const auto faults_of = [](std::string_view text) {
    Read read(text);
    const Fields fields = read.root().Keys({"a", "b"});
    BOOST_TEST(fields.RequireOneOf({"a", "b"}) == nullptr);
    return read.faults();
  };
  BOOST_TEST(
      (faults_of("{}") == Lines{"f.yml:1:1: one of a, b must be given"}));
  BOOST_TEST((faults_of("{a: 1, b: 2}") ==
              Lines{"f.yml:1:1: only one of a, b may be given"}));
}

BOOST_AUTO_TEST_CASE(a_fault_is_one_line_whatever_the_names_are) {
  Read read("{\"a b\": {\"c.d\": [{\"\": 1}]}}");
  const Reader inner = read.value().Entries().at(0).value.Items().at(0);
  BOOST_TEST(inner.path() == "\"a b\".\"c.d\"[0]");
  BOOST_TEST(Quoted("a\n\"\x7f") == "\"a\\x0a\\\"\\x7f\"");
  const std::string cut = Quoted(std::string(99, 'x') + "\u00e9");
  BOOST_TEST(cut == "\"" + std::string(99, 'x') + "...\"");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
