#include "base/log.h"

#include <poll.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>

#include "base/clock.h"
#include "base/utf8.h"

namespace tocsin::log {
namespace {

std::string_view LevelName(Level level) {
  switch (level) {
    case Level::kDebug:
      return "debug";
    case Level::kInfo:
      return "info";
    case Level::kWarn:
      return "warn";
    case Level::kError:
      return "error";
  }
  return "error";
}

spdlog::level::level_enum SpdlogLevel(Level level) {
  switch (level) {
    case Level::kDebug:
      return spdlog::level::debug;
    case Level::kInfo:
      return spdlog::level::info;
    case Level::kWarn:
      return spdlog::level::warn;
    case Level::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Appends `byte` as "\x1b" (logfmt) or "\u001b" (JSON knows no \x).
void AppendHex(std::string_view prefix, unsigned char byte, std::string& out) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  out += prefix;
  out += kDigits[byte >> 4U];
  out += kDigits[byte & 0x0FU];
}

// Appends an ASCII character as it stands between quotes.
void AppendAscii(char c, std::string_view hex_prefix, std::string& out) {
  switch (c) {
    case '"':
    case '\\':
      out += '\\';
      out += c;
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (c < ' ' || c == '\x7f') {
    AppendHex(hex_prefix, static_cast<unsigned char>(c), out);
  } else {
    out += c;
  }
}

void AppendQuoted(Format format, std::string_view text, std::string& out) {
  const bool json = format == Format::kJson;
  out += '"';
  while (!text.empty()) {
    const std::optional<CodePoint> next = DecodeUtf8(text);
    const std::size_t length = next ? next->length : 1;
    if (next && length == 1) {
      AppendAscii(text[0], json ? "\\u00" : "\\x", out);
    } else if (next) {
      out += text.substr(0, length);
    } else if (json) {
      AppendUtf8(U'\uFFFD', out);
    } else {
      AppendHex("\\x", static_cast<unsigned char>(text[0]), out);
    }
    text.remove_prefix(length);
  }
  out += '"';
}

bool NeedsQuotes(std::string_view text) {
  if (text.empty()) return true;
  for (const char c : text) {
    const bool plain = c > ' ' && c < '\x7f' && c != '"' && c != '=';
    if (!plain || c == '\\') return true;
  }
  return false;
}

void AppendPair(Format format, std::string_view key, std::string_view value,
                std::string& out) {
  if (format == Format::kJson) {
    if (!out.empty()) out += ',';
    AppendQuoted(format, key, out);
    out += ':';
    AppendQuoted(format, value, out);
    return;
  }
  if (!out.empty()) out += ' ';
  out += key;
  out += '=';
  if (NeedsQuotes(value)) {
    AppendQuoted(format, value, out);
  } else {
    out += value;
  }
}

// A pipe with room takes this much without blocking (PIPE_BUF).
constexpr std::size_t kLongestLine = 4096;

// Writes to stderr only where that does not block, and counts what it drops: a
// log shipper that stands still must not stop the pages.
class PatientSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  // How many lines were dropped, once there is room to say so.
  std::size_t TakeDropped() { return HasRoom() ? dropped_.exchange(0) : 0; }

 private:
  static bool HasRoom() {
    pollfd room{.fd = STDERR_FILENO, .events = POLLOUT, .revents = 0};
    return ::poll(&room, 1, 0) != 0;
  }

  void sink_it_(const spdlog::details::log_msg& message) override {
    if (!HasRoom()) {
      ++dropped_;
      return;
    }
    std::string line(message.payload.data(), message.payload.size());
    if (line.size() >= kLongestLine) line.resize(kLongestLine - 1);
    line += '\n';
    // Nothing can be done about a stderr that does not take it.
    if (::write(STDERR_FILENO, line.data(), line.size()) < 0) ++dropped_;
  }
  void flush_() override {}  // nothing is kept back

  std::atomic<std::size_t> dropped_ = 0;
};

// The stream and what Configure set; spdlog filters and serialises.
class Output {
 public:
  Output() : sink_(std::make_shared<PatientSink>()), logger_("tocsin", sink_) {
    logger_.set_level(spdlog::level::info);
    logger_.flush_on(spdlog::level::debug);
  }

  void Configure(Level level, Format format) {
    logger_.set_level(SpdlogLevel(level));
    format_ = format;
  }

  void Write(Level level, std::string_view message, Fields fields) {
    if (!logger_.should_log(SpdlogLevel(level))) return;
    if (const std::size_t dropped = sink_->TakeDropped(); dropped > 0) {
      Put(Level::kWarn, "log lines were dropped", {{"count", dropped}});
    }
    Put(level, message, fields);
  }

 private:
  void Put(Level level, std::string_view message, Fields fields) {
    const std::string line =
        FormatLine(format_, level, SystemClock().Now(), message, fields);
    logger_.log(SpdlogLevel(level), spdlog::string_view_t(line));
  }

  const std::shared_ptr<PatientSink> sink_;  // shared with the logger
  spdlog::logger logger_;
  std::atomic<Format> format_ = Format::kLogfmt;
};

// Never destroyed: threads may log while the process leaves main.
Output& TheOutput() {
  static Output& output = *new Output();  // NOLINT: lives until exit by intent
  return output;
}

}  // namespace

Result<Level> ParseLevel(std::string_view text) {
  for (const Level level :
       {Level::kDebug, Level::kInfo, Level::kWarn, Level::kError}) {
    if (text == LevelName(level)) return level;
  }
  return tocsin::Error{Code::kInvalid,
                       "unknown log level \"" + std::string(text) +
                           "\"; known: debug, info, warn, error"};
}

Result<Format> ParseFormat(std::string_view text) {
  if (text == "logfmt") return Format::kLogfmt;
  if (text == "json") return Format::kJson;
  return tocsin::Error{
      Code::kInvalid,
      "unknown log format \"" + std::string(text) + "\"; known: logfmt, json"};
}

void Configure(Level level, Format format) {
  TheOutput().Configure(level, format);
}

std::string FormatLine(Format format, Level level, Instant at,
                       std::string_view message, Fields fields) {
  std::string line;
  AppendPair(format, "ts", FormatRfc3339(at), line);
  AppendPair(format, "level", LevelName(level), line);
  AppendPair(format, "msg", message, line);
  for (const Field& field : fields) {
    AppendPair(format, field.key, field.value, line);
  }
  return format == Format::kJson ? "{" + line + "}" : line;
}

void Debug(std::string_view message, Fields fields) {
  TheOutput().Write(Level::kDebug, message, fields);
}
void Info(std::string_view message, Fields fields) {
  TheOutput().Write(Level::kInfo, message, fields);
}
void Warn(std::string_view message, Fields fields) {
  TheOutput().Write(Level::kWarn, message, fields);
}
void Error(std::string_view message, Fields fields) {
  TheOutput().Write(Level::kError, message, fields);
}

}  // namespace tocsin::log
