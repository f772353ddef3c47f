#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/log.h"
#include "base/result.h"

namespace tocsin::daemon {

// What the command line of tocsind says; the names follow the habits of
// Prometheus' daemons. Secrets never come this way.
struct Options {
  std::string config_file;
  // Replaces the path of the file's `storage:` where it is given.
  std::optional<std::string> storage_path;
  std::vector<std::string> listen_addresses;  // at least one
  // Replaces `global.external_url` of the file where it is given.
  std::optional<std::string> external_url;
  std::string web_config_file;  // "": none
  // Replace web::Limits::connections and body_bytes where they are given.
  std::optional<std::size_t> max_connections;
  std::optional<std::size_t> max_request_bytes;
  log::Level log_level = log::Level::kInfo;
  log::Format log_format = log::Format::kLogfmt;
};

// The command line asked only for a text (--help, --version): print it on
// stdout and leave with 0.
struct TextAsked {
  std::string text;
};

// Reads the command line. The error is kInvalid and one sentence that names
// the flag.
Result<std::variant<Options, TextAsked>> ParseOptions(int argc,
                                                      const char* const* argv);

}  // namespace tocsin::daemon
