#include "web/wire.h"

#include <array>
#include <chrono>
#include <cstdio>

#include "base/clock.h"
#include "web/problem.h"

namespace tocsin::web {
namespace {

// The head of an answer without its body.
constexpr std::size_t kUsualHead = 256;

// Header values come from our own code and, now and then, from text of others;
// a line break in one would be a second answer.
void AppendValue(std::string& wire, std::string_view value) {
  for (const char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') wire += c;
  }
}

// The time of an answer, written anew once a second on each thread.
const std::string& DateNow() {
  thread_local std::int64_t written_for = -1;
  thread_local std::string text;
  const std::int64_t now = ToMillis(SystemClock().Now()) / 1000;
  if (now != written_for) {
    text = FormatHttpDate(now);
    written_for = now;
  }
  return text;
}

void AppendHeaders(std::string& wire, const Headers& headers) {
  for (const auto& [name, value] : headers) {
    wire += "\r\n";
    wire += name;
    wire += ": ";
    AppendValue(wire, value);
  }
}

void EndHead(std::string& wire, const Framing::Traits& traits, bool closes) {
  if (closes) {
    wire += "\r\nConnection: close";
  } else if (traits.http10) {
    wire += "\r\nConnection: keep-alive";
  }
  wire += "\r\n\r\n";
}

void AppendStatus(std::string& wire, int status,
                  const Framing::Traits& traits) {
  wire += traits.http10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  wire += std::to_string(status);
  wire += ' ';
  wire += ReasonPhrase(status);
  wire += "\r\nDate: ";
  wire += DateNow();
}

void AppendType(std::string& wire, const Response& response) {
  wire += "\r\nContent-Type: ";
  AppendValue(wire, response.content_type);
}

}  // namespace

std::string FormatHttpDate(std::int64_t unix_seconds) {
  static constexpr std::array<const char*, 7> kDays = {
      "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun",
      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::chrono::sys_seconds time{std::chrono::seconds(unix_seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  const int size = std::snprintf(
      text.data(), text.size(), "%s, %02u %s %04d %02d:%02d:%02d GMT",
      kDays.at(std::chrono::weekday(day).c_encoding()),
      static_cast<unsigned>(date.day()),
      kMonths.at(static_cast<unsigned>(date.month()) - 1),
      static_cast<int>(date.year()), static_cast<int>(clock.hours().count()),
      static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string Serialize(const Response& response, const Framing::Traits& traits,
                      bool closes, const Headers& always) {
  const bool bodiless = response.status == 204 || response.status == 304;
  std::string wire;
  wire.reserve(kUsualHead + response.body.size());
  AppendStatus(wire, response.status, traits);
  if (!bodiless) {
    if (!response.body.empty()) AppendType(wire, response);
    wire += "\r\nContent-Length: ";
    wire += std::to_string(response.body.size());
  }
  AppendHeaders(wire, response.headers);
  AppendHeaders(wire, always);
  EndHead(wire, traits, closes);
  if (!traits.head && !bodiless) wire += response.body;
  return wire;
}

std::string SerializeStreamHead(const Response& head,
                                const Framing::Traits& traits,
                                const Headers& always) {
  std::string wire;
  wire.reserve(kUsualHead + head.body.size());
  AppendStatus(wire, head.status, traits);
  AppendType(wire, head);
  if (!traits.http10) wire += "\r\nTransfer-Encoding: chunked";
  AppendHeaders(wire, head.headers);
  AppendHeaders(wire, always);
  EndHead(wire, traits, true);
  return wire;
}

std::string StreamPiece(std::string_view bytes, const Framing::Traits& traits) {
  if (traits.http10) return std::string(bytes);
  std::array<char, 24> size{};
  std::snprintf(size.data(), size.size(), "%zx\r\n", bytes.size());
  std::string piece = size.data();
  piece += bytes;
  piece += "\r\n";
  return piece;
}

std::string_view StreamEnd(const Framing::Traits& traits) {
  return traits.http10 ? "" : "0\r\n\r\n";
}

}  // namespace tocsin::web
