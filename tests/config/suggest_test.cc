#include "config/suggest.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace tocsin::config {
namespace {

BOOST_AUTO_TEST_SUITE(suggest)

BOOST_AUTO_TEST_CASE(the_name_with_the_fewest_wrong_letters_is_meant) {
  BOOST_TEST(Nearest("web-defalt", {"web-important", "web-default"}) ==
             "web-default");
  BOOST_TEST(Nearest("rotue", {"rouge", "route"}) == "route");
}

BOOST_AUTO_TEST_CASE(a_swap_of_neighbours_is_one_mistake) {
  BOOST_TEST(Nearest("ur", {"ru"}) == "ru");
}

BOOST_AUTO_TEST_CASE(nothing_is_meant_when_too_much_is_wrong) {
  BOOST_TEST(Nearest("schedules", {"route", "teams", "users"}).empty());
  BOOST_TEST(Nearest("ab", {"cd"}).empty());
  BOOST_TEST(Nearest("a", {"b"}).empty());
  BOOST_TEST(Nearest("route", {}).empty());
}

BOOST_AUTO_TEST_CASE(very_long_names_are_not_compared) {
  const std::string name(65, 'x');
  BOOST_TEST(Nearest(name, {name}).empty());
}

BOOST_AUTO_TEST_CASE(the_guess_is_the_end_of_a_sentence) {
  BOOST_TEST(DidYouMean("adda", {"ada"}) == ", did you mean \"ada\"?");
  BOOST_TEST(DidYouMean("zoe", {"ada"}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::config
