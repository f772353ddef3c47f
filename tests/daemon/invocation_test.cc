#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

#include "daemon/ctl/command.h"

namespace tocsin::ctl {
namespace {

std::variant<Invocation, TextAsked, Failure> Parse(
    std::initializer_list<const char*> words) {
  std::vector<const char*> argv = {"tocsinctl"};
  argv.insert(argv.end(), words);
  return ParseInvocation(static_cast<int>(argv.size()), argv.data());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(invocation)

BOOST_AUTO_TEST_CASE(flags_stand_before_and_after_the_command) {
  const auto parsed =
      Parse({"-o", "json", "list", "--team", "web", "--url=http://h:1"});
  const auto& read = std::get<Invocation>(parsed);
  BOOST_TEST(read.command == "list");
  BOOST_TEST((read.output == Output::kJson));
  BOOST_TEST(read.team.value() == "web");
  BOOST_TEST(read.url == "http://h:1");
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_exit_code_2) {
  const std::initializer_list<const char*> wrong[] = {
      {},
      {"dance"},
      {"show"},
      {"show", "1", "2"},
      {"list", "1"},
      {"ack", "1", "--team", "web"},
      {"list", "-o", "xml"},
      {"list", "--no-such-flag"}};
  for (const auto& words : wrong) {
    const auto parsed = Parse(words);
    BOOST_REQUIRE(std::holds_alternative<Failure>(parsed));
    BOOST_TEST((std::get<Failure>(parsed).code == ExitCode::kUsage));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::ctl
