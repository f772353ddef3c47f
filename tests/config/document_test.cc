#include "config/document.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>

namespace tocsin::config {
namespace {

// The one fault that parsing `text` must end in.
std::string FaultOf(std::string_view text) {
  Report report("f.yml");
  const NodePtr document = ParseDocument(text, report);
  BOOST_TEST(document == nullptr);
  const auto faults = report.SortedFaults();
  BOOST_REQUIRE_EQUAL(faults.size(), 1u);
  return FaultText(faults[0]);
}

NodePtr Parse(std::string_view text) {
  Report report("f.yml");
  NodePtr document = ParseDocument(text, report);
  BOOST_REQUIRE(document);
  BOOST_TEST(report.clean());
  return document;
}

bool Contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

BOOST_AUTO_TEST_SUITE(document)

BOOST_AUTO_TEST_CASE(nodes_know_their_kind_and_place) {
  const NodePtr root = Parse("a: 1\nb: ['2', ~]\nc: {}\n");
  BOOST_REQUIRE(root->kind == NodeKind::kMap);
  BOOST_REQUIRE_EQUAL(root->entries.size(), 3u);
  const YamlNode& one = *root->entries[0].value;
  BOOST_TEST(one.text == "1");
  BOOST_TEST(one.plain);
  BOOST_TEST(one.line == 1);
  BOOST_TEST(one.column == 4);
  const YamlNode& list = *root->entries[1].value;
  BOOST_TEST((list.kind == NodeKind::kList));
  BOOST_TEST(!list.items[0]->plain);
  BOOST_TEST(list.items[1]->column == 10);
  BOOST_TEST((list.items[1]->kind == NodeKind::kNull));
  BOOST_TEST((root->entries[2].value->kind == NodeKind::kMap));
  BOOST_TEST(root->size == 9u);
  BOOST_TEST(root->height == 3u);
}

BOOST_AUTO_TEST_CASE(a_key_given_twice_stays_twice) {
  BOOST_TEST(Parse("{a: 1, a: 2}")->entries.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_alias_is_the_node_of_its_anchor) {
  const NodePtr root = Parse("[&a [1, 2], *a]");
  BOOST_TEST(root->items[0] == root->items[1]);
  BOOST_TEST(root->size == 7u);
}

BOOST_AUTO_TEST_CASE(a_broken_text_is_told_with_its_place) {
  BOOST_TEST(FaultOf("a: [1\nb: 2\n").rfind("f.yml:2:", 0) == 0u);
  BOOST_TEST(FaultOf("a: *x\n").rfind("f.yml:1:4: ", 0) == 0u);
}

BOOST_AUTO_TEST_CASE(a_quote_that_is_never_closed_is_told_where_it_begins) {
  const std::string want =
      "the YAML is broken here: the quote that begins here is never closed";
  BOOST_TEST(FaultOf("a: 1\nb: 'x\n  c: d\ne: f\n") == "f.yml:2:4: " + want);
  BOOST_TEST(FaultOf("a: [\"x\n") == "f.yml:1:5: " + want);
  BOOST_TEST(FaultOf("\xef\xbb\xbf\"\xc3\xa9\": 'x\n---\n'\n") ==
             "f.yml:1:7: " + want);
}

BOOST_AUTO_TEST_CASE(a_key_without_a_colon_is_told_where_it_stands) {
  const std::string want =
      "the YAML is broken here: could not find expected ':'";
  BOOST_TEST(FaultOf("a: 1\nb\n") == "f.yml:2:1: " + want);
  BOOST_TEST(FaultOf("a:\n- b: 1\n  c") == "f.yml:3:3: " + want);
}

BOOST_AUTO_TEST_CASE(directives_that_yaml_does_not_know_are_refused) {
  BOOST_TEST(FaultOf("%FOO bar\na: 1\n").starts_with("f.yml:1:5: "));
  BOOST_TEST(Parse("%YAML 1.2\n---\na: 1\n")->entries.size() == 1u);
  std::string many;
  for (int i = 0; i < 65; ++i) many += "%TAG !" + std::to_string(i) + "! x\n";
  BOOST_TEST(FaultOf(many + "---\na: 1\n") ==
             "f.yml:65:1: YAML tags are not used in this file");
}

// In this text a quote, a bracket and a colon stand for nothing else, so that
// whoever counts them knows where it may be cut.
BOOST_AUTO_TEST_CASE(a_file_cut_anywhere_is_refused_unless_the_cut_is_whole) {
  const std::string whole =
      "# what is cut\n"
      "a: 'one two'\n"
      "b:\n"
      "  c: [x, \"y z\",\n"
      "      {d: e}]\n"
      "  f: 'over\n"
      "    two lines'\n"
      "g:\n"
      "  - h: i\n"
      "    j: k\n"
      "  - l: {m: 'n'}\n";
  const auto count = [](std::string_view text, char c) {
    return std::count(text.begin(), text.end(), c);
  };
  int refused = 0;
  for (std::size_t size = whole.find("a:") + 2; size <= whole.size(); ++size) {
    const std::string_view cut = std::string_view(whole).substr(0, size);
    const std::string_view last = cut.substr(cut.rfind('\n') + 1);
    const bool open = count(cut, '\'') % 2 != 0 || count(cut, '"') % 2 != 0 ||
                      count(cut, '[') != count(cut, ']') ||
                      count(cut, '{') != count(cut, '}');
    const bool blank = last.find_first_not_of(" -") == std::string_view::npos;
    const bool ends_text =
        last == "  c" || last == "    two lines'" || last == "      {d: e}]";
    const bool has_colon = last.find(':') != std::string_view::npos;
    // A dash alone is an item without a value, and a word behind it is text.
    const bool item = last.starts_with("  - ");
    const bool good = !open && (blank || ends_text || has_colon || item);
    Report report("f.yml");
    const NodePtr document = ParseDocument(cut, report);
    BOOST_TEST((document != nullptr) == good, cut);
    BOOST_TEST(report.clean() == good, cut);
    refused += good ? 0 : 1;
  }
  BOOST_TEST(refused > 50);
}

BOOST_AUTO_TEST_CASE(bytes_that_parsers_read_in_different_ways_are_refused) {
  BOOST_TEST(FaultOf("a: 1\nb: \xff\n") ==
             "f.yml:2:4: the file is not UTF-8 text here");
  BOOST_TEST(FaultOf(std::string_view("a: \0", 4)) ==
             "f.yml:1:4: the file has a control character here");
  BOOST_TEST(FaultOf("a: 1\n\x04: 2\n") ==
             "f.yml:2:1: the file has a control character here");
}

BOOST_AUTO_TEST_CASE(only_one_document_without_tags_is_read) {
  BOOST_TEST(FaultOf("a: 1\n---\na: 2\n") ==
             "f.yml:2:1: the file has more than one document");
  BOOST_TEST(Contains(FaultOf("a: !!str 1\n"), "tags"));
  BOOST_TEST(Contains(FaultOf("!x {a: 1}\n"), "tags"));
  BOOST_TEST(FaultOf("") == "f.yml: the file is empty");
  BOOST_TEST(FaultOf("---\n") == "f.yml: the file is empty");
  BOOST_TEST(Contains(FaultOf("? [a]\n: 1\n"), "a key must be text"));
}

BOOST_AUTO_TEST_CASE(a_billion_laughs_are_refused) {
  std::string text = "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]\n";
  for (int i = 1; i < 10; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    text += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [";
    for (int j = 0; j < 10; ++j) text += (j == 0 ? "" : ", ") + last;
    text += "]\n";
  }
  BOOST_TEST(Contains(FaultOf(text), "more than 2000000 nodes"));
}

BOOST_AUTO_TEST_CASE(depth_is_limited_with_and_without_aliases) {
  BOOST_TEST(Contains(FaultOf(std::string(65, '[') + std::string(65, ']')),
                      "nested deeper than 64 levels"));
  BOOST_TEST(Contains(FaultOf(std::string(10000, '[')), "nested deeper"));
  std::string ladder = "- &a0 [x]\n";
  for (int i = 1; i < 100; ++i) {
    ladder +=
        "- &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
  }
  BOOST_TEST(Contains(FaultOf(ladder), "nested deeper than 64 levels"));
}

BOOST_AUTO_TEST_CASE(an_alias_inside_its_own_anchor_is_refused) {
  BOOST_TEST(FaultOf("&a [*a]") ==
             "f.yml:1:5: an alias must not stand inside its own anchor");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
