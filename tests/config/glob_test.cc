#include "config/glob.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "folder.h"

namespace tocsin::config {
namespace {

using Names = std::vector<std::string>;

BOOST_AUTO_TEST_SUITE(glob)

BOOST_AUTO_TEST_CASE(patterns_fit_whole_names) {
  BOOST_TEST(FitsPattern("web.yml", "*.yml"));
  BOOST_TEST(FitsPattern("web.yml", "w?b.*"));
  BOOST_TEST(FitsPattern("web.yml", "[a-z]eb.y*l"));
  BOOST_TEST(FitsPattern("web.yml", "**"));
  BOOST_TEST(FitsPattern("a]b", "a[]x]b"));
  BOOST_TEST(FitsPattern("a-b", "a[x-]b"));
  BOOST_TEST(FitsPattern("[a", "[a"));
  BOOST_TEST(FitsPattern("axb", "a[!y]b"));
  BOOST_TEST(!FitsPattern("ayb", "a[!y]b"));
  BOOST_TEST(!FitsPattern("web.yaml", "*.yml"));
  BOOST_TEST(!FitsPattern("web.yml", "eb.yml"));
  BOOST_TEST(!FitsPattern("web.yml", "web.ym?l"));
  BOOST_TEST(!FitsPattern("", "?"));
}

BOOST_AUTO_TEST_CASE(a_dot_at_the_begin_must_be_written) {
  BOOST_TEST(!FitsPattern(".web.yml", "*.yml"));
  BOOST_TEST(!FitsPattern(".web.yml", "?web.yml"));
  BOOST_TEST(FitsPattern(".web.yml", ".*.yml"));
}

BOOST_AUTO_TEST_CASE(many_stars_do_not_take_long) {
  std::string stars;
  for (int i = 0; i < 100; ++i) stars += "*a";
  BOOST_TEST(!FitsPattern(std::string(250, 'a'), stars + "b"));
}

BOOST_AUTO_TEST_CASE(folders_on_the_way_may_be_patterns) {
  const Folder folder;
  for (const char* name :
       {"b/x/1.yml", "a/x/2.yml", "a/y/3.yml", "a/x.yml", "c/x/4.yaml"}) {
    folder.Write(name, "");
  }
  std::size_t left = 100;
  const Names found =
      Glob(folder.path().string(), "[ab]/*/?.yml", left).value();
  const Names expected = {folder.PathOf("a/x/2.yml"),
                          folder.PathOf("a/y/3.yml"),
                          folder.PathOf("b/x/1.yml")};
  BOOST_TEST(found == expected, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(an_absolute_pattern_counts_from_nowhere) {
  const Folder folder;
  folder.Write("a.yml", "");
  std::size_t left = 10;
  const Names expected = {folder.PathOf("a.yml")};
  BOOST_TEST(Glob("/elsewhere", folder.PathOf("*"), left).value() == expected);
}

BOOST_AUTO_TEST_CASE(no_search_walks_through_the_whole_machine) {
  const Folder folder;
  for (int i = 0; i < 20; ++i) folder.Write(std::to_string(i), "");
  std::size_t left = 19;
  const auto found = Glob(folder.path().string(), "*", left);
  BOOST_REQUIRE(!found.ok());
  BOOST_TEST(found.error().message == "leads through too many names");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
