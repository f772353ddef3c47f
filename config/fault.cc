#include "config/fault.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <tuple>
#include <utility>

namespace tocsin::config {
namespace {

// Enough to know the text again in the file, and a fault stays one line.
constexpr std::size_t kMaxQuotedBytes = 100;

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

void AppendEscaped(std::string& out, char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (IsControl(c)) {
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
  text += " " + fault.message;
  std::string line;  // a file's name may have line breaks, too
  for (const char c : text) {
    if (IsControl(c)) {
      AppendEscaped(line, c);
    } else {
      line += c;
    }
  }
  return line;
}

std::string Quoted(std::string_view text) {
  const std::string_view shown = CutText(text);
  std::string out = "\"";
  for (const char c : shown) AppendEscaped(out, c);
  if (shown.size() < text.size()) out += "...";
  return out + "\"";
}

// A fault and the order of its file.
struct Report::Findings {
  struct Entry {
    std::size_t file;
    Fault fault;
  };

  static bool Before(const Entry& a, const Entry& b) {
    return std::tie(a.file, a.fault.line, a.fault.column) <
           std::tie(b.file, b.fault.line, b.fault.column);
  }
  static std::vector<Fault> Sorted(std::vector<Entry> entries);

  std::size_t files = 0;
  std::vector<Entry> faults;
  std::vector<Entry> warnings;
  std::map<std::string, Entry> once;  // warnings, by message
};

std::vector<Fault> Report::Findings::Sorted(std::vector<Entry> entries) {
  std::stable_sort(entries.begin(), entries.end(), Before);
  std::vector<Fault> faults;
  faults.reserve(entries.size());
  for (Entry& entry : entries) faults.push_back(std::move(entry.fault));
  return faults;
}

Report::Report(std::string file)
    : Report(std::move(file), std::make_shared<Findings>()) {}

Report::Report(std::string file, std::shared_ptr<Findings> findings)
    : file_(std::move(file)),
      order_(findings->files++),
      findings_(std::move(findings)) {}

Report Report::Included(std::string file) const {
  return Report(std::move(file), findings_);
}

bool Report::clean() const { return findings_->faults.empty(); }

std::size_t Report::fault_count() const { return findings_->faults.size(); }

void Report::AddFault(int line, int column, std::string path,
                      std::string message) {
  findings_->faults.push_back(
      {order_, {file_, line, column, std::move(path), std::move(message)}});
}

void Report::AddWarning(int line, int column, std::string path,
                        std::string message) {
  findings_->warnings.push_back(
      {order_, {file_, line, column, std::move(path), std::move(message)}});
}

void Report::AddWarningOnce(int line, int column, std::string path,
                            std::string message) {
  Findings::Entry entry{
      order_, {file_, line, column, std::move(path), std::move(message)}};
  const auto [first, added] =
      findings_->once.emplace(entry.fault.message, entry);
  if (!added && Findings::Before(entry, first->second)) {
    first->second = std::move(entry);
  }
}

std::vector<Fault> Report::SortedFaults() const {
  return Findings::Sorted(findings_->faults);
}

std::vector<Fault> Report::SortedWarnings() const {
  std::vector<Findings::Entry> all = findings_->warnings;
  for (const auto& [message, entry] : findings_->once) all.push_back(entry);
  return Findings::Sorted(std::move(all));
}

}  // namespace tocsin::config
