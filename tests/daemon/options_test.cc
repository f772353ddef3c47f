#include "daemon/options.h"

#include <boost/test/unit_test.hpp>
#include <initializer_list>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "daemon/web_limits.h"

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
  BOOST_TEST(options.web_config_file == "");
  BOOST_TEST(!options.max_connections);
  BOOST_TEST(!options.max_request_bytes);
  BOOST_TEST(options.listen_addresses == std::vector<std::string>{":9876"},
             boost::test_tools::per_element());
  BOOST_TEST((options.log_level == log::Level::kInfo));
}

BOOST_AUTO_TEST_CASE(each_flag_is_read) {
  const Options options = Parsed(
      {"--config.file=a.yml", "--storage.path", "b.db", "--web.external-url",
       "https://t.example.org", "--log.level=debug", "--log.format=json",
       "--web.max-connections=1", "--web.max-request-bytes=1073741824",
       "--web.config.file=w.yml"});
  BOOST_TEST(options.config_file == "a.yml");
  BOOST_TEST(options.storage_path.value() == "b.db");
  BOOST_TEST(options.external_url.value() == "https://t.example.org");
  BOOST_TEST(options.web_config_file == "w.yml");
  BOOST_TEST(options.max_connections.value() == 1u);
  BOOST_TEST(options.max_request_bytes.value() == 1073741824u);
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
                                          "--web.max-connections=0",
                                          "--web.max-connections=-1",
                                          "--web.max-connections=1000001",
                                          "--web.max-request-bytes=32MiB",
                                          "--web.max-request-bytes=1073741825",
                                          "--web.external-url=ftp://somewhere"};
  for (const char* flag : wrong) {
    const auto parsed = Parse({flag});
    BOOST_REQUIRE_MESSAGE(!parsed.ok(), flag);
    BOOST_TEST((parsed.error().code == Code::kInvalid));
    BOOST_TEST(parsed.error().message.find('\n') == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(connections_are_fitted_to_the_limit_of_files) {
  const auto fitted = [](std::optional<std::size_t> asked, std::size_t files) {
    Options options;
    options.max_connections = asked;
    return MakeWebLimits(options, files).connections;
  };
  BOOST_TEST(fitted({}, 1u << 20) == 8192u);
  BOOST_TEST(fitted({}, 2 * 8192 + 512) == 8192u);
  BOOST_TEST(fitted({}, 2 * 8192 + 510) == 8191u);
  BOOST_TEST(fitted({}, 1024) == 256u);
  BOOST_TEST(fitted({}, 100) == 25u);
  BOOST_TEST(fitted({}, 0) == 1u);
  BOOST_TEST(fitted(10, 1024) == 10u);
  BOOST_TEST(fitted(20'000, 1u << 20) == 20'000u);
}

BOOST_AUTO_TEST_CASE(a_larger_body_gets_room_for_several) {
  Options options;
  BOOST_TEST(MakeWebLimits(options, 1u << 20).body_bytes == 32u << 20);
  options.max_request_bytes = 100u << 20;
  const web::Limits limits = MakeWebLimits(options, 1u << 20);
  BOOST_TEST(limits.body_bytes == 100u << 20);
  BOOST_TEST(limits.buffered_bytes == 800u << 20);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::daemon
