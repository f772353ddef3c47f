#include <algorithm>
#include <boost/program_options.hpp>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <utility>

#include "daemon/ctl/command.h"
#include "daemon/version.h"

namespace tocsin::ctl {
namespace {

namespace po = boost::program_options;

constexpr const char* kDefaultUrl = "http://127.0.0.1:9876";
constexpr const char* kDefaultConfigFile = "tocsin.yml";
constexpr unsigned kHelpWidth = 80;
constexpr std::size_t kCallWidth = 27;  // of a command in the help text

enum class Takes { kNothing, kOne, kAny };

struct CommandEntry {
  std::string_view name;
  Takes takes;
  std::string_view argument;  // what it is called
  std::string_view what;
  Outcome (*run)(const Invocation&);
};

constexpr CommandEntry kCommands[] = {
    {"list", Takes::kNothing, "", "alert groups, newest first", List},
    {"show", Takes::kOne, "GROUP", "one group, its alerts and timeline", Show},
    {"ack", Takes::kOne, "GROUP", "say that you have it: paging stops",
     Acknowledge},
    {"unack", Takes::kOne, "GROUP", "give it back: escalation starts again",
     Unacknowledge},
    {"resolve", Takes::kOne, "GROUP", "say that it is over", Resolve},
    {"unresolve", Takes::kOne, "GROUP", "it is not: escalation starts again",
     Unresolve},
    {"silence", Takes::kOne, "GROUP", "notify nobody of it for a while",
     Silence},
    {"unsilence", Takes::kOne, "GROUP", "end that: escalation starts again",
     Unsilence},
    {"escalate", Takes::kOne, "GROUP", "do not wait: take the next step now",
     Escalate},
    {"intake", Takes::kNothing, "", "webhooks that were refused, newest first",
     Intake},
    {"reload", Takes::kNothing, "", "let the daemon read its configuration",
     Reload},
    {"check-config", Takes::kOne, "FILE", "name all faults of a configuration",
     CheckConfig},
    {"check-web-config", Takes::kOne, "FILE",
     "the same for --web.config.file of the daemon", CheckWebConfig},
    {"routes show", Takes::kNothing, "", "draw the routing tree", ShowRoutes},
    {"routes test", Takes::kAny, "LABEL=VALUE...",
     "say which teams an alert goes to", TestRoutes},
    {"simulate", Takes::kOne, "FILE",
     "a webhook's JSON: who would be notified when", Simulate},
};

// A flag that only some commands have.
struct OwnFlag {
  const char* name;
  const char* value;  // "" for none
  const char* what;
  std::vector<std::string_view> commands;
};

const std::vector<OwnFlag>& OwnFlags() {
  static const std::vector<OwnFlag> kFlags = {
      {"state",
       "STATE",
       "only firing, unattended, acknowledged, silenced, held, resolved",
       {"list"}},
      {"team", "TEAM", "only this team's", {"list"}},
      {"for",
       "DURATION",
       "how long: 2h, 30m, or ever (silence alone)",
       {"silence", "simulate"}},
      {"siblings",
       "",
       "take along the groups that came in one webhook with it",
       {"ack"}},
      {"without-secrets",
       "",
       "do not look for the files of secrets",
       {"check-config"}},
      {"show",
       "",
       "print all that was read as one file, secrets hidden",
       {"check-config"}},
      {"config.file",
       "FILE",
       "the configuration (default tocsin.yml)",
       {"routes show", "routes test", "simulate"}},
      {"verify.teams",
       "TEAMS",
       "fail unless these are the teams, separated by commas",
       {"routes test"}},
      {"at",
       "TIME",
       "for time intervals, RFC 3339 (default now)",
       {"routes test", "simulate"}},
      {"source",
       "NAME",
       "that sends the alert: __source__",
       {"routes test", "simulate"}},
      {"receiver",
       "NAME",
       "of the sending Alertmanager: __receiver__",
       {"routes test"}},
      {"tree", "", "draw the part that matches, too", {"routes test"}},
  };
  return kFlags;
}

std::string Commands(const OwnFlag& flag) {
  std::string names;
  for (const std::string_view command : flag.commands) {
    if (!names.empty()) names += ", ";
    names += command;
  }
  return names;
}

const CommandEntry* Find(std::string_view name) {
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
      "user-file", po::value<std::string>()->value_name("FILE"),
      "holds NAME:PASSWORD for reload, where --web.config.file of the daemon "
      "asks for it (default $TOCSIN_USER_FILE)")(
      "ca-file", po::value<std::string>()->value_name("FILE"),
      "authorities of the daemon's certificate (default $TOCSIN_CA_FILE, else "
      "the system's)")("cert-file",
                       po::value<std::string>()->value_name("FILE"),
                       "certificate to show (default $TOCSIN_CERT_FILE)")(
      "key-file", po::value<std::string>()->value_name("FILE"),
      "and its key (default $TOCSIN_KEY_FILE)")(
      "output,o",
      po::value<std::string>()->default_value("text")->value_name("FORMAT"),
      "text, json");
  for (const OwnFlag& flag : OwnFlags()) {
    const std::string what = Commands(flag) + ": " + flag.what;
    if (*flag.value == '\0') {
      flags.add_options()(flag.name, po::bool_switch(), what.c_str());
    } else {
      flags.add_options()(flag.name,
                          po::value<std::string>()->value_name(flag.value),
                          what.c_str());
    }
  }
  return flags;
}

std::string HelpText(const po::options_description& flags) {
  std::ostringstream text;
  text << "usage: tocsinctl COMMAND [ARGUMENT] [flags]\n\nCommands:\n";
  for (const CommandEntry& entry : kCommands) {
    std::string call(entry.name);
    if (!entry.argument.empty()) (call += ' ') += entry.argument;
    call.resize(std::max(kCallWidth, call.size() + 1), ' ');
    text << "  " << call << entry.what << "\n";
  }
  text << "\n"
       << flags
       << "\nExit codes:\n"
          "  0  done\n"
          "  1  refused by the daemon, not found, a faulty file, other teams\n"
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

bool IsGiven(const po::variables_map& values, const OwnFlag& flag) {
  const po::variable_value& value = values[flag.name];
  return !value.empty() && !value.defaulted();
}

// Whether command, arguments and flags go together.
Outcome CheckShape(const Invocation& invocation,
                   const po::variables_map& values) {
  const CommandEntry* entry = Find(invocation.command);
  if (entry == nullptr) {
    return Misused("there is no command '" + invocation.command + "'");
  }
  const std::size_t count = invocation.arguments.size();
  if (entry->takes == Takes::kNothing && count != 0) {
    return Misused(invocation.command + " takes no argument");
  }
  if (entry->takes == Takes::kOne && count != 1) {
    return Misused(invocation.command + " takes exactly one " +
                   std::string(entry->argument));
  }
  for (const OwnFlag& flag : OwnFlags()) {
    if (!IsGiven(values, flag)) continue;
    const auto& owners = flag.commands;
    if (std::find(owners.begin(), owners.end(), entry->name) == owners.end()) {
      return Misused("--" + std::string(flag.name) + " belongs to " +
                     Commands(flag));
    }
  }
  return std::nullopt;
}

// Takes the command off the front of the words: two of them for `routes test`.
// `routes` alone shows them, as amtool's does.
std::string TakeCommand(std::vector<std::string>& words) {
  std::string command = words.front();
  words.erase(words.begin());
  if (command != "routes") return command;
  if (words.empty()) return "routes show";
  command += " " + words.front();
  words.erase(words.begin());
  return command;
}

// The flag, else its variable, else nothing.
std::string FileOf(const po::variables_map& values, const char* flag,
                   const char* variable) {
  return Given(values, flag).value_or(FromEnvironment(variable, ""));
}

Invocation ReadFlags(const po::variables_map& values) {
  return {
      .command = {},
      .arguments = {},
      .url = Given(values, "url")
                 .value_or(FromEnvironment("TOCSIN_URL", kDefaultUrl)),
      .token_file = FileOf(values, "token-file", "TOCSIN_TOKEN_FILE"),
      .user_file = FileOf(values, "user-file", "TOCSIN_USER_FILE"),
      .ca_file = FileOf(values, "ca-file", "TOCSIN_CA_FILE"),
      .cert_file = FileOf(values, "cert-file", "TOCSIN_CERT_FILE"),
      .key_file = FileOf(values, "key-file", "TOCSIN_KEY_FILE"),
      .output = values["output"].as<std::string>() == "json" ? Output::kJson
                                                             : Output::kText,
      .state = Given(values, "state"),
      .team = Given(values, "team"),
      .lasting = Given(values, "for"),
      .siblings = values["siblings"].as<bool>(),
      .config_file = Given(values, "config.file").value_or(kDefaultConfigFile),
      .verify_teams = Given(values, "verify.teams"),
      .at = Given(values, "at"),
      .source = Given(values, "source").value_or(""),
      .receiver = Given(values, "receiver").value_or(""),
      .tree = values["tree"].as<bool>(),
      .without_secrets = values["without-secrets"].as<bool>(),
      .show = values["show"].as<bool>()};
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
  Invocation invocation = ReadFlags(values);
  invocation.command = TakeCommand(words);
  invocation.arguments = std::move(words);
  if (auto failure = CheckShape(invocation, values)) return *failure;
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
