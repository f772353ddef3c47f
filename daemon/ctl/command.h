#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

// tocsinctl: a client of the daemon's HTTP API, and what checks and tries its
// files without a daemon. Each command is one function; it prints its answer on
// stdout and returns, or returns why not.
namespace tocsin::ctl {

// What scripts can rely on; --help lists them.
enum class ExitCode {
  kOk = 0,
  kRefused = 1,  // the daemon said no, or the file is faulty
  kUsage = 2,
  kUnreachable = 3,  // nobody knows: the daemon did not answer
};

enum class Output { kText, kJson };

// What the command line says, after the defaults of the environment.
struct Invocation {
  std::string command;  // "list", "routes test"
  std::vector<std::string> arguments;
  std::string url;
  // "" for none, as are those that follow.
  std::string token_file;
  std::string user_file;  // NAME:PASSWORD, for what users guard
  std::string ca_file;
  std::string cert_file;
  std::string key_file;
  Output output = Output::kText;
  // list
  std::optional<std::string> state;
  std::optional<std::string> team;
  // silence, simulate
  std::optional<std::string> lasting;  // a duration; for silence also "ever"
  bool siblings = false;               // ack
  // routes show, routes test, simulate
  std::string config_file;
  // routes test
  std::optional<std::string> verify_teams;  // as the command prints them
  std::optional<std::string> at;  // also simulate; RFC 3339; absent: now
  std::string source;             // also simulate
  std::string receiver;
  bool tree = false;
  // check-config
  bool without_secrets = false;
  bool show = false;
};

// A failure with the code the process leaves with.
struct Failure {
  ExitCode code = ExitCode::kRefused;
  std::string message;  // one sentence or several lines
};

// The text to print and nothing else to do: --help, --version.
struct TextAsked {
  std::string text;
};

// Reads the command line and the variables TOCSIN_URL, TOCSIN_TOKEN_FILE and so
// on, one for each flag that says where the daemon is and who asks it.
std::variant<Invocation, TextAsked, Failure> ParseInvocation(
    int argc, const char* const* argv);

// What a command does. No value: it went well.
using Outcome = std::optional<Failure>;

Outcome List(const Invocation& invocation);
Outcome Show(const Invocation& invocation);
Outcome Acknowledge(const Invocation& invocation);
Outcome Unacknowledge(const Invocation& invocation);
Outcome Resolve(const Invocation& invocation);
Outcome Unresolve(const Invocation& invocation);
Outcome Silence(const Invocation& invocation);
Outcome Unsilence(const Invocation& invocation);
Outcome Escalate(const Invocation& invocation);
Outcome Intake(const Invocation& invocation);
Outcome Reload(const Invocation& invocation);
Outcome CheckConfig(const Invocation& invocation);
Outcome CheckWebConfig(const Invocation& invocation);
Outcome ShowRoutes(const Invocation& invocation);
Outcome TestRoutes(const Invocation& invocation);
Outcome Simulate(const Invocation& invocation);

// Runs the command that the invocation names.
Outcome Run(const Invocation& invocation);

}  // namespace tocsin::ctl
