#include "daemon/options.h"

#include <boost/program_options.hpp>
#include <cstdint>
#include <sstream>
#include <string_view>

#include "daemon/version.h"

namespace tocsin::daemon {
namespace {

namespace po = boost::program_options;

// Any address of any family, as Prometheus' daemons listen by default.
constexpr const char* kDefaultListenAddress = ":9876";
constexpr unsigned kHelpWidth = 80;

// Beyond these a flag is a mistake: a million connections cost 20 GB, and
// bodies are held in memory, several at once.
constexpr std::int64_t kMostConnections = 1'000'000;
constexpr std::int64_t kMostRequestBytes = 1 << 30;

po::options_description Describe() {
  po::options_description flags("Flags", kHelpWidth);
  flags.add_options()("help,h", "show this text")("version",
                                                  "show the version")(
      "config.file",
      po::value<std::string>()->default_value("tocsin.yml")->value_name("FILE"),
      "the configuration")(
      "storage.path", po::value<std::string>()->value_name("FILE"),
      "the database; replaces storage.sqlite.path of the configuration")(
      "web.listen-address",
      po::value<std::vector<std::string>>()->composing()->value_name(
          "HOST:PORT"),
      "where to listen; may be repeated (default :9876, all addresses)")(
      "web.external-url", po::value<std::string>()->value_name("URL"),
      "how people reach this daemon; replaces global.external_url")(
      "web.config.file", po::value<std::string>()->value_name("FILE"),
      "TLS, users and headers, in the format of Prometheus' exporters")(
      "web.max-connections", po::value<std::int64_t>()->value_name("N"),
      "connections at once, fewer where the limit of open files asks for it "
      "(default 8192)")("web.max-request-bytes",
                        po::value<std::int64_t>()->value_name("N"),
                        "the largest body of a request (default 33554432)")(
      "log.level",
      po::value<std::string>()->default_value("info")->value_name("LEVEL"),
      "debug, info, warn, error")(
      "log.format",
      po::value<std::string>()->default_value("logfmt")->value_name("FORMAT"),
      "logfmt, json");
  return flags;
}

std::string HelpText(const po::options_description& flags) {
  std::ostringstream text;
  text << "usage: tocsind [flags]\n\n"
       << "Takes alerts, finds the team, and pages people until one acts.\n"
       << "Stops on SIGTERM; exit code 0 after a clean stop, else 1.\n\n"
       << flags;
  return text.str();
}

std::optional<std::string> Given(const po::variables_map& values,
                                 const char* flag) {
  if (values.count(flag) == 0) return std::nullopt;
  return values[flag].as<std::string>();
}

// A number from 1 to `most`.
Result<std::optional<std::size_t>> Count(const po::variables_map& values,
                                         const std::string& flag,
                                         std::int64_t most) {
  if (values.count(flag) == 0) return std::optional<std::size_t>();
  const auto given = values[flag].as<std::int64_t>();
  if (given < 1 || given > most) {
    return Error{Code::kInvalid,
                 "--" + flag + " must be from 1 to " + std::to_string(most)};
  }
  return std::optional<std::size_t>(given);
}

bool IsHttpUrl(std::string_view text) {
  return text.rfind("http://", 0) == 0 || text.rfind("https://", 0) == 0;
}

Result<Options> ReadValues(const po::variables_map& values) {
  const auto level = log::ParseLevel(values["log.level"].as<std::string>());
  if (!level.ok()) {
    return Error{Code::kInvalid, "--log.level: " + level.error().message};
  }
  const auto format = log::ParseFormat(values["log.format"].as<std::string>());
  if (!format.ok()) {
    return Error{Code::kInvalid, "--log.format: " + format.error().message};
  }
  const auto external_url = Given(values, "web.external-url");
  if (external_url && !IsHttpUrl(*external_url)) {
    return Error{Code::kInvalid,
                 "--web.external-url must begin with http:// or https://"};
  }
  const auto connections =
      Count(values, "web.max-connections", kMostConnections);
  if (!connections.ok()) return connections.error();
  const auto bytes = Count(values, "web.max-request-bytes", kMostRequestBytes);
  if (!bytes.ok()) return bytes.error();
  Options options{
      .config_file = values["config.file"].as<std::string>(),
      .storage_path = Given(values, "storage.path"),
      .listen_addresses = {kDefaultListenAddress},
      .external_url = external_url,
      .web_config_file = Given(values, "web.config.file").value_or(""),
      .max_connections = connections.value(),
      .max_request_bytes = bytes.value(),
      .log_level = level.value(),
      .log_format = format.value()};
  if (values.count("web.listen-address") != 0) {
    options.listen_addresses =
        values["web.listen-address"].as<std::vector<std::string>>();
  }
  return options;
}

}  // namespace

Result<std::variant<Options, TextAsked>> ParseOptions(int argc,
                                                      const char* const* argv) {
  using Asked = std::variant<Options, TextAsked>;
  // Guessing of shortened flags would make every new flag a breaking change.
  const int style = po::command_line_style::unix_style &
                    ~po::command_line_style::allow_guessing;
  const po::options_description flags = Describe();
  po::variables_map values;
  try {
    // An empty positional description: a stray word is an error, not ignored.
    po::store(po::command_line_parser(argc, argv)
                  .options(flags)
                  .positional(po::positional_options_description())
                  .style(style)
                  .run(),
              values);
  } catch (const po::error& error) {
    return Error{Code::kInvalid, std::string(error.what()) +
                                     " (tocsind --help lists the flags)"};
  }
  if (values.count("help") != 0) return Asked(TextAsked{HelpText(flags)});
  if (values.count("version") != 0) {
    return Asked(TextAsked{"tocsind, version " + std::string(kVersion) + "\n"});
  }
  auto options = ReadValues(values);
  if (!options.ok()) return options.error();
  return Asked(std::move(options).value());
}

}  // namespace tocsin::daemon
