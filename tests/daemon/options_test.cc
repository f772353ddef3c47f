#include "daemon/options.h"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <string>
#include <variant>
#include <vector>

namespace tocsin::daemon {
namespace {

Result<std::variant<Options, TextAsked>> Parse(
    std::initializer_list<const char*> flags) {
  std::vector<const char*> argv = {"tocsind"};
  argv.insert(argv.end(), flags);
  return ParseOptions(static_cast<int>(argv.size()), argv.data());
}

Options Parsed(std::initializer_list<const char*> flags) {
  auto parsed = Parse(flags);
  BOOST_REQUIRE(parsed.ok());
  return std::get<Options>(std::move(parsed).value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(without_flags_the_defaults_hold) {
  const Options options = Parsed({});
  BOOST_TEST(options.config_file == "tocsin.yml");
  BOOST_TEST(!options.storage_path);
  BOOST_TEST(!options.external_url);
  BOOST_TEST(options.listen_addresses == std::vector<std::string>{":9876"},
             boost::test_tools::per_element());
  BOOST_TEST((options.log_level == log::Level::kInfo));
}

BOOST_AUTO_TEST_CASE(each_flag_is_read) {
  const Options options = Parsed(
      {"--config.file=a.yml", "--storage.path", "b.db", "--web.external-url",
       "https://t.example.org", "--log.level=debug", "--log.format=json"});
  BOOST_TEST(options.config_file == "a.yml");
  BOOST_TEST(options.storage_path.value() == "b.db");
  BOOST_TEST(options.external_url.value() == "https://t.example.org");
  BOOST_TEST((options.log_level == log::Level::kDebug));
  BOOST_TEST((options.log_format == log::Format::kJson));
}

BOOST_AUTO_TEST_CASE(listen_addresses_repeat_and_replace_the_default) {
  const Options options =
      Parsed({"--web.listen-address=127.0.0.1:1", "--web.listen-address=:2"});
  const std::vector<std::string> wanted = {"127.0.0.1:1", ":2"};
  BOOST_TEST(options.listen_addresses == wanted,
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(help_and_version_are_texts) {
  for (const char* flag : {"--help", "-h", "--version"}) {
    const auto parsed = Parse({flag});
    BOOST_REQUIRE(parsed.ok());
    BOOST_TEST(!std::get<TextAsked>(parsed.value()).text.empty());
  }
}

BOOST_AUTO_TEST_CASE(wrong_flags_are_refused_by_name) {
  const std::vector<const char*> wrong = {"--no-such-flag",
                                          "--log.level=loud",
                                          "--log.format=xml",
                                          "--config.fil=a",
                                          "stray",
                                          "--web.external-url=ftp://somewhere"};
  for (const char* flag : wrong) {
    const auto parsed = Parse({flag});
    BOOST_REQUIRE_MESSAGE(!parsed.ok(), flag);
    BOOST_TEST((parsed.error().code == Code::kInvalid));
    BOOST_TEST(parsed.error().message.find('\n') == std::string::npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::daemon
