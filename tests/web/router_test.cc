#include "web/router.h"

#include <boost/test/unit_test.hpp>
#include <string>

#include "web/query.h"

namespace tocsin::web {
namespace {

std::string Match(const char* pattern, const char* path) {
  const auto parameters = MatchPath(pattern, path);
  if (!parameters) return "none";
  std::string out = "match";
  for (const std::string& parameter : *parameters) out += " " + parameter;
  return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(router)

BOOST_AUTO_TEST_CASE(a_slash_at_the_end_may_be_left_out) {
  BOOST_TEST(Match("/a/<id>/", "/a/7/") == "match 7");
  BOOST_TEST(Match("/a/<id>/", "/a/7") == "match 7");
  BOOST_TEST(Match("/a", "/a/") == "match");
}

BOOST_AUTO_TEST_CASE(nothing_else_is_forgiven) {
  for (const char* path : {"/a", "/a/", "/a//", "//a/7", "/a/7//", "/a/7/b",
                           "/A/7", "/b/7", "/", "/a/7/b/"}) {
    BOOST_TEST(Match("/a/<id>/", path) == "none", path);
  }
}

BOOST_AUTO_TEST_CASE(many_slashes_are_no_burden) {
  BOOST_TEST(Match("/a/<id>/", std::string(15000, '/').c_str()) == "none");
}

BOOST_AUTO_TEST_CASE(queries_are_decoded_and_the_last_value_counts) {
  const Query query("a=1&b=x%20y+z&a=2&c&&%=5%&d=%4");
  BOOST_TEST(*query.Get("a") == "2");
  BOOST_TEST(*query.Get("b") == "x y z");
  BOOST_TEST(*query.Get("c") == "");
  BOOST_TEST(*query.Get("%") == "5%");
  BOOST_TEST(*query.Get("d") == "%4");
  BOOST_TEST(!query.Get("e"));
  BOOST_TEST(Query("x=a%26b&page=1").With("page", "2") == "x=a%26b&page=2");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
