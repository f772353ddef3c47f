#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"

// tocsinctl: a client of the daemon's HTTP API. Each command is one function
// in one file; it prints its answer on stdout and returns, or returns why not.
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
  std::string command;
  std::vector<std::string> arguments;
  std::string url;
  std::string token_file;  // "" for none
  Output output = Output::kText;
  std::optional<std::string> state;
  std::optional<std::string> team;
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

// Reads the command line and the variables TOCSIN_URL and TOCSIN_TOKEN_FILE.
std::variant<Invocation, TextAsked, Failure> ParseInvocation(
    int argc, const char* const* argv);

// What a command does. No value: it went well.
using Outcome = std::optional<Failure>;

Outcome List(const Invocation& invocation);
Outcome Show(const Invocation& invocation);
Outcome Acknowledge(const Invocation& invocation);
Outcome Resolve(const Invocation& invocation);
Outcome CheckConfig(const Invocation& invocation);

// Runs the command that the invocation names.
Outcome Run(const Invocation& invocation);

}  // namespace tocsin::ctl
