#include "daemon/ctl/table.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace tocsin::ctl {

BOOST_AUTO_TEST_SUITE(table)

BOOST_AUTO_TEST_CASE(columns_are_aligned_by_code_points) {
  Table table({"WHO", "WHAT"});
  table.Add({"\u00e9va", "x"});
  table.Add({"bobby", "y"});
  BOOST_TEST(table.Draw(0) == "WHO    WHAT\n\u00e9va    x\nbobby  y\n");
}

BOOST_AUTO_TEST_CASE(the_last_column_is_cut_to_the_terminal) {
  Table table({"WHO", "WHAT"});
  table.Add({"ada", "a long sentence about a disk"});
  BOOST_TEST(table.Draw(20) == "WHO  WHAT\nada  a long sente...\n");
}

BOOST_AUTO_TEST_CASE(a_pipe_gets_everything) {
  Table table({"WHO", "WHAT"});
  table.Add({"ada", std::string(500, 'x')});
  BOOST_TEST(table.Draw(0).find(std::string(500, 'x')) != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_source_cannot_steer_the_terminal) {
  BOOST_TEST(Printable("a\x1b[2Jb\nc\x7f") == "a [2Jb c ");
  BOOST_TEST(Printable("a\u009bb") == "a  b");
  BOOST_TEST(Printable("\u00e9\u4e16") == "\u00e9\u4e16");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::ctl
