#include "routing/labels.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace tocsin::routing {
namespace {

BOOST_AUTO_TEST_SUITE(labels)

BOOST_AUTO_TEST_CASE(a_missing_label_reads_as_the_empty_string) {
  const LabelSet labels = {{"b", "2"}, {"a", "1"}};
  BOOST_TEST(labels.Get("a") == "1");
  BOOST_TEST(labels.Get("b") == "2");
  BOOST_TEST(labels.Get("aa") == "");
  BOOST_TEST(labels.Get("z") == "");
  BOOST_TEST(LabelSet().Get("a") == "");
  BOOST_TEST(LabelSet().empty());
}

BOOST_AUTO_TEST_CASE(labels_are_sorted_and_the_last_of_a_name_stays) {
  const LabelSet labels = {{"b", "1"}, {"a", "1"}, {"b", "2"},
                           {"a", "2"}, {"b", "3"}, {"c", ""}};
  BOOST_TEST((labels == LabelSet{{"a", "2"}, {"b", "3"}, {"c", ""}}));
  BOOST_TEST(labels.labels().size() == 3U);
}

BOOST_AUTO_TEST_CASE(names_sort_by_byte_not_by_sign) {
  const LabelSet labels = {{"\xC3\xBC", "1"}, {"z", "2"}};
  BOOST_TEST(labels.labels()[0].first == "z");
  BOOST_TEST(labels.Get("\xC3\xBC") == "1");
}

BOOST_AUTO_TEST_CASE(fingerprints_are_those_of_prometheus) {
  BOOST_TEST(FingerprintText(Fingerprint({})) == "cbf29ce484222325");
  BOOST_TEST(
      FingerprintText(Fingerprint({{"severity", "warning"}, {"job", "foo"}})) ==
      "9266ef3da838ad95");
  BOOST_TEST(FingerprintText(0x00000000000000afU) == "00000000000000af");
}

BOOST_AUTO_TEST_CASE(a_name_is_any_text_but_nothing) {
  for (const char* name : {"a", "0a", "my label", "gr\xC3\xBCn", "..."}) {
    BOOST_TEST(IsLabelName(name), name);
  }
  BOOST_TEST(!IsLabelName(""));
  BOOST_TEST(!IsLabelName("a\xff"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
