#include "config/fault.h"

#include <algorithm>
#include <cstdio>
#include <tuple>
#include <utility>

namespace tocsin::config {
namespace {

// Enough to know the text again in the file, and a fault stays one line.
constexpr std::size_t kMaxQuotedBytes = 100;

std::vector<Fault> Sorted(std::vector<Fault> faults) {
  std::stable_sort(
      faults.begin(), faults.end(), [](const Fault& a, const Fault& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
      });
  return faults;
}

void AppendEscaped(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (byte < 0x20 || byte == 0x7f) {
    char escaped[5];
    std::snprintf(escaped, sizeof escaped, "\\x%02x", unsigned{byte});
    out += escaped;
  } else {
    out += c;
  }
}

// Cuts at a code point's begin, so that the message stays valid UTF-8.
std::string_view CutText(std::string_view text) {
  if (text.size() <= kMaxQuotedBytes) return text;
  std::size_t end = kMaxQuotedBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
    --end;
  }
  return text.substr(0, end);
}

}  // namespace

std::string FaultText(const Fault& fault) {
  std::string text = fault.file + ":";
  if (fault.line > 0) {
    text += std::to_string(fault.line) + ":" + std::to_string(fault.column);
    text += ":";
  }
  if (!fault.path.empty()) text += " " + fault.path + ":";
  return text + " " + fault.message;
}

std::string Quoted(std::string_view text) {
  const std::string_view shown = CutText(text);
  std::string out = "\"";
  for (const char c : shown) AppendEscaped(out, c);
  if (shown.size() < text.size()) out += "...";
  return out + "\"";
}

void Report::AddFault(int line, int column, std::string path,
                      std::string message) {
  faults_.push_back({file_, line, column, std::move(path), std::move(message)});
}

void Report::AddWarning(int line, int column, std::string path,
                        std::string message) {
  warnings_.push_back(
      {file_, line, column, std::move(path), std::move(message)});
}

std::vector<Fault> Report::SortedFaults() const { return Sorted(faults_); }

std::vector<Fault> Report::SortedWarnings() const { return Sorted(warnings_); }

}  // namespace tocsin::config
