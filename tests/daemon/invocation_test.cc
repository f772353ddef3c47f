#include <boost/test/unit_test.hpp>
#include <cstdlib>
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

BOOST_AUTO_TEST_CASE(who_asks_is_told_by_flags_or_the_environment) {
  setenv("TOCSIN_CA_FILE", "env.crt", 1);
  setenv("TOCSIN_USER_FILE", "env.user", 1);
  const auto parsed = Parse({"reload", "--user-file=ada.user", "--cert-file",
                             "ada.crt", "--key-file", "ada.key"});
  unsetenv("TOCSIN_CA_FILE");
  unsetenv("TOCSIN_USER_FILE");
  const auto& read = std::get<Invocation>(parsed);
  BOOST_TEST(read.ca_file == "env.crt");
  BOOST_TEST(read.user_file == "ada.user");
  BOOST_TEST(read.cert_file == "ada.crt");
  BOOST_TEST(read.key_file == "ada.key");
  BOOST_TEST(read.token_file == "");
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
      {"silence"},
      {"ack", "1", "--for", "2h"},
      {"reload", "now"},
      {"check-config"},
      {"routes", "dance"},
      {"routes", "show", "team=web"},
      {"list", "--no-such-flag"}};
  for (const auto& words : wrong) {
    const auto parsed = Parse(words);
    BOOST_REQUIRE(std::holds_alternative<Failure>(parsed));
    BOOST_TEST((std::get<Failure>(parsed).code == ExitCode::kUsage));
  }
}

BOOST_AUTO_TEST_CASE(a_command_may_be_two_words) {
  const auto parsed = Parse({"routes", "--config.file", "t.yml", "test",
                             "team=web", "severity=page", "--tree",
                             "--verify.teams=web,ops", "--source=am"});
  const auto& read = std::get<Invocation>(parsed);
  BOOST_TEST(read.command == "routes test");
  const std::vector<std::string> labels = {"team=web", "severity=page"};
  BOOST_TEST(read.arguments == labels, boost::test_tools::per_element());
  BOOST_TEST(read.config_file == "t.yml");
  BOOST_TEST(read.verify_teams.value() == "web,ops");
  BOOST_TEST(read.source == "am");
  BOOST_TEST(read.tree);
  BOOST_TEST(std::get<Invocation>(Parse({"routes", "test"})).arguments.empty());
}

BOOST_AUTO_TEST_CASE(routes_alone_shows_them_of_the_usual_file) {
  const auto parsed = Parse({"routes"});
  const auto& read = std::get<Invocation>(parsed);
  BOOST_TEST(read.command == "routes show");
  BOOST_TEST(read.config_file == "tocsin.yml");
}

BOOST_AUTO_TEST_CASE(a_flag_is_refused_where_it_means_nothing) {
  const auto sentence = [](std::initializer_list<const char*> words) {
    return std::get<Failure>(Parse(words)).message;
  };
  BOOST_TEST(sentence({"show", "1", "--team", "web"}) ==
             "--team belongs to list (tocsinctl --help shows the usage)");
  BOOST_TEST(
      sentence({"list", "--config.file", "t.yml"}) ==
      "--config.file belongs to routes show, routes test, simulate (tocsinctl "
      "--help shows the usage)");
  BOOST_TEST(sentence({"routes", "show", "--tree"}) ==
             "--tree belongs to routes test (tocsinctl --help shows the "
             "usage)");
  BOOST_TEST(sentence({"check-web-config", "w.yml", "--show"}) ==
             "--show belongs to check-config (tocsinctl --help shows the "
             "usage)");
  const auto parsed = Parse({"check-config", "--without-secrets", "t.yml"});
  BOOST_TEST(std::get<Invocation>(parsed).without_secrets);
  BOOST_TEST(!std::get<Invocation>(parsed).show);
}

BOOST_AUTO_TEST_CASE(help_names_every_command_and_flag) {
  const std::string text = std::get<TextAsked>(Parse({"--help"})).text;
  for (const char* word : {"list",
                           "show GROUP",
                           "ack GROUP",
                           "resolve GROUP",
                           "reload",
                           "check-config FILE",
                           "check-web-config FILE",
                           "routes show",
                           "routes test LABEL=VALUE...",
                           "--state",
                           "--team",
                           "--config.file",
                           "--verify.teams",
                           "--at",
                           "--source",
                           "--receiver",
                           "--tree",
                           "--without-secrets",
                           "--show",
                           "--url",
                           "--token-file",
                           "--output"}) {
    BOOST_TEST(text.find(word) != std::string::npos, word);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::ctl
