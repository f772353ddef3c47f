#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

// Structured lines on stderr, as Prometheus daemons write them: a constant
// message and keys. Secrets never go in. All functions are thread-safe once
// Configure has returned (main calls it before any thread starts).
namespace tocsin::log {

enum class Level { kDebug, kInfo, kWarn, kError };
enum class Format { kLogfmt, kJson };

// One key with its value as text.
struct Field {
  Field(std::string_view name, std::string_view text)
      : key(name), value(text) {}
  Field(std::string_view name, const char* text) : key(name), value(text) {}
  Field(std::string_view name, std::integral auto number)
      : key(name), value(std::to_string(number)) {}

  std::string_view key;
  std::string value;
};
using Fields = std::initializer_list<Field>;

// "debug", "info", "warn", "error".
Result<Level> ParseLevel(std::string_view text);
// "logfmt", "json".
Result<Format> ParseFormat(std::string_view text);

// Without it: lines of info and above, as logfmt.
void Configure(Level level, Format format);

// The line without its end, as the functions below write it; `at` becomes `ts`.
// A value that could be misread (blanks, quotes, line ends, bytes that are no
// UTF-8) is quoted or escaped: a line stays one line whatever a value holds.
std::string FormatLine(Format format, Level level, Instant at,
                       std::string_view message, Fields fields);

void Debug(std::string_view message, Fields fields = {});
void Info(std::string_view message, Fields fields = {});
void Warn(std::string_view message, Fields fields = {});
void Error(std::string_view message, Fields fields = {});

}  // namespace tocsin::log
