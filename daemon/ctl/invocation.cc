#include <boost/program_options.hpp>
#include <cstdlib>
#include <sstream>

#include "daemon/ctl/command.h"
#include "daemon/version.h"

namespace tocsin::ctl {
namespace {

namespace po = boost::program_options;

constexpr const char* kDefaultUrl = "http://127.0.0.1:9876";
constexpr unsigned kHelpWidth = 80;

enum class Filters { kRefused, kTaken };

struct CommandEntry {
  const char* name;
  const char* argument;  // "" for none; else it is required
  Filters filters;
  const char* what;
  Outcome (*run)(const Invocation&);
};

constexpr CommandEntry kCommands[] = {
    {"list", "", Filters::kTaken, "alert groups, newest first", List},
    {"show", "GROUP", Filters::kRefused, "one group, its alerts and timeline",
     Show},
    {"ack", "GROUP", Filters::kRefused, "say that you have it: paging stops",
     Acknowledge},
    {"resolve", "GROUP", Filters::kRefused, "say that it is over", Resolve},
    {"check-config", "FILE", Filters::kRefused,
     "name all faults of a configuration", CheckConfig},
};

const CommandEntry* Find(const std::string& name) {
  for (const CommandEntry& entry : kCommands) {
    if (name == entry.name) return &entry;
  }
  return nullptr;
}

std::string FromEnvironment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

po::options_description Describe() {
  po::options_description flags("Flags", kHelpWidth);
  flags.add_options()("help,h", "show this text")("version",
                                                  "show the version")(
      "url", po::value<std::string>()->value_name("URL"),
      "of the daemon (default $TOCSIN_URL, else http://127.0.0.1:9876)")(
      "token-file", po::value<std::string>()->value_name("FILE"),
      "holds the API token (default $TOCSIN_TOKEN_FILE)")(
      "output,o",
      po::value<std::string>()->default_value("text")->value_name("FORMAT"),
      "text, json")("state", po::value<std::string>()->value_name("STATE"),
                    "list: only firing, acknowledged, resolved")(
      "team", po::value<std::string>()->value_name("TEAM"),
      "list: only this team's");
  return flags;
}

std::string HelpText(const po::options_description& flags) {
  std::ostringstream text;
  text << "usage: tocsinctl COMMAND [ARGUMENT] [flags]\n\nCommands:\n";
  for (const CommandEntry& entry : kCommands) {
    std::string call = std::string(entry.name) + " " + entry.argument;
    call.resize(22, ' ');
    text << "  " << call << entry.what << "\n";
  }
  text << "\n"
       << flags
       << "\nExit codes:\n"
          "  0  done\n"
          "  1  refused by the daemon, not found, or a faulty configuration\n"
          "  2  wrong usage\n"
          "  3  the daemon cannot be reached or cannot serve now\n";
  return text.str();
}

Failure Misused(const std::string& what) {
  return {ExitCode::kUsage, what + " (tocsinctl --help shows the usage)"};
}

std::optional<std::string> Given(const po::variables_map& values,
                                 const char* flag) {
  if (values.count(flag) == 0) return std::nullopt;
  return values[flag].as<std::string>();
}

// Whether command, arguments and filters go together.
Outcome CheckShape(const Invocation& invocation) {
  const CommandEntry* entry = Find(invocation.command);
  if (entry == nullptr) {
    return Misused("there is no command '" + invocation.command + "'");
  }
  const std::size_t wanted = *entry->argument == '\0' ? 0 : 1;
  if (invocation.arguments.size() != wanted) {
    return Misused(
        invocation.command +
        (wanted == 0 ? " takes no argument"
                     : " takes exactly one " + std::string(entry->argument)));
  }
  const bool filtered = invocation.state || invocation.team;
  if (filtered && entry->filters == Filters::kRefused) {
    return Misused("--state and --team belong to list");
  }
  return std::nullopt;
}

std::variant<Invocation, TextAsked, Failure> ReadValues(
    const po::variables_map& values) {
  std::vector<std::string> words;
  if (values.count("words") != 0) {
    words = values["words"].as<std::vector<std::string>>();
  }
  if (words.empty()) return Misused("a command is missing");
  const std::string output = values["output"].as<std::string>();
  if (output != "text" && output != "json") {
    return Misused("--output takes text or json, not '" + output + "'");
  }
  Invocation invocation{
      .command = words.front(),
      .arguments = {words.begin() + 1, words.end()},
      .url = Given(values, "url")
                 .value_or(FromEnvironment("TOCSIN_URL", kDefaultUrl)),
      .token_file = Given(values, "token-file")
                        .value_or(FromEnvironment("TOCSIN_TOKEN_FILE", "")),
      .output = output == "json" ? Output::kJson : Output::kText,
      .state = Given(values, "state"),
      .team = Given(values, "team")};
  if (auto failure = CheckShape(invocation)) return *failure;
  return invocation;
}

}  // namespace

std::variant<Invocation, TextAsked, Failure> ParseInvocation(
    int argc, const char* const* argv) {
  const po::options_description flags = Describe();
  po::options_description all;
  all.add(flags).add_options()("words", po::value<std::vector<std::string>>());
  po::positional_options_description positional;
  positional.add("words", -1);
  const int style = po::command_line_style::unix_style &
                    ~po::command_line_style::allow_guessing;
  po::variables_map values;
  try {
    po::store(po::command_line_parser(argc, argv)
                  .options(all)
                  .positional(positional)
                  .style(style)
                  .run(),
              values);
  } catch (const po::error& error) {
    return Misused(error.what());
  }
  if (values.count("help") != 0) return TextAsked{HelpText(flags)};
  if (values.count("version") != 0) {
    return TextAsked{"tocsinctl, version " + std::string(daemon::kVersion) +
                     "\n"};
  }
  return ReadValues(values);
}

Outcome Run(const Invocation& invocation) {
  return Find(invocation.command)->run(invocation);
}

}  // namespace tocsin::ctl
