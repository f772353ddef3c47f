#include "config/document.h"

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
