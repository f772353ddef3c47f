#include "config/include.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "config/glob.h"
#include "config/load.h"
#include "config/read_file.h"
#include "config/secrets.h"
#include "routing/fnv.h"

namespace tocsin::config {
namespace {

namespace fs = std::filesystem;

// A path that was found, and the pattern that led to it.
struct Found {
  std::string path;
  Reader pattern;
};

// What the links on the way lead to, so that two names of a file are one.
std::string RealPath(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? path : real.string();
}

// Turns the patterns into paths, each file once.
class Finder {
 public:
  explicit Finder(const Report& main)
      : folder_(fs::path(main.file()).parent_path().string()),
        main_path_(RealPath(main.file())) {}

  void Find(const Reader& at);
  const std::vector<Found>& found() const { return found_; }

 private:
  void Take(const Reader& at, const std::string& pattern,
            const std::string& path);

  const std::string folder_;
  const std::string main_path_;
  std::size_t names_left_ = kMaxNamesLookedAt;
  std::unordered_set<std::string> seen_;  // real paths
  std::vector<Found> found_;
};

void Finder::Take(const Reader& at, const std::string& pattern,
                  const std::string& path) {
  const std::string real = RealPath(path);
  if (real == main_path_) {
    at.AddFault(Quoted(pattern) + " leads to this file itself");
  } else if (seen_.insert(real).second) {
    found_.push_back({path, at});
  }
}

void Finder::Find(const Reader& at) {
  const std::optional<std::string> pattern = ReadPathText(at);
  if (!pattern) return;
  if (pattern->find("**") != std::string::npos) {
    at.AddFault("** is not used in patterns: write one * for each folder");
    return;
  }
  const Result<std::vector<std::string>> paths =
      Glob(folder_, *pattern, names_left_);
  if (!paths.ok()) {
    at.AddFault(Quoted(*pattern) + " " + paths.error().message);
  } else if (!paths.value().empty()) {
    for (const std::string& path : paths.value()) Take(at, *pattern, path);
  } else if (HasWildcard(*pattern)) {
    at.AddWarning("no file is named like " + Quoted(*pattern));
  } else {
    at.AddFault("no file is named " + Quoted(*pattern));
  }
}

std::optional<std::string> ReadText(const std::string& path, Report& report) {
  Result<std::string> text = ReadRegularFile(path, kMaxFileBytes);
  if (!text.ok()) {
    report.AddFault(0, 0, "", "cannot be read: " + text.error().message);
    return std::nullopt;
  }
  if (text.value().size() > kMaxFileBytes) {
    report.AddFault(
        0, 0, "",
        "the file is larger than " + std::to_string(kMaxFileBytes) + " bytes");
    return std::nullopt;
  }
  return std::move(text).value();
}

// Reads and parses, as long as the limits for all files together hold.
class Parser {
 public:
  Parser(const Reader& patterns, std::string_view main)
      : patterns_(patterns), bytes_(main.size()) {
    included_.hash = routing::Fnv1a(main);
  }

  // False when the limits allow no more.
  bool Take(const std::string& path);
  Included included() && { return std::move(included_); }

 private:
  const Reader& patterns_;
  std::size_t bytes_;
  std::size_t nodes_ = 0;
  Included included_;
};

bool Parser::Take(const std::string& path) {
  included_.files.push_back({patterns_.report().Included(path), nullptr});
  IncludedFile& file = included_.files.back();
  const std::optional<std::string> text = ReadText(path, file.report);
  if (!text) return true;
  bytes_ += text->size();
  if (bytes_ > kMaxTotalBytes) {
    patterns_.AddFault("all files together are larger than " +
                       std::to_string(kMaxTotalBytes) + " bytes");
    return false;
  }
  // Where a file ends counts too: no file has a zero byte.
  included_.hash = routing::Fnv1a(std::string_view("\0", 1), included_.hash);
  included_.hash = routing::Fnv1a(*text, included_.hash);
  file.document = ParseDocument(*text, file.report);
  nodes_ += file.document ? file.document->size : 0;
  if (nodes_ > kMaxNodes) {
    patterns_.AddFault("the files together have more than " +
                       std::to_string(kMaxNodes) +
                       " nodes, counting each alias with all it stands for");
    return false;
  }
  return true;
}

Included ReadFiles(const Reader& patterns, std::string_view main) {
  Finder finder(patterns.report());
  Parser parser(patterns, main);
  const std::vector<Reader> items = patterns.Items();
  if (items.size() > kMaxIncludes) {
    patterns.AddFault("has more than " + std::to_string(kMaxIncludes) +
                      " patterns");
    return std::move(parser).included();
  }
  for (const Reader& item : items) finder.Find(item);
  if (finder.found().size() > kMaxIncludes) {
    finder.found()[kMaxIncludes].pattern.AddFault(
        "leads to more than " + std::to_string(kMaxIncludes) + " files");
    return std::move(parser).included();
  }
  for (const Found& file : finder.found()) {
    if (!parser.Take(file.path)) break;
  }
  return std::move(parser).included();
}

}  // namespace

Included ReadIncluded(const Reader& patterns, std::string_view main) {
  const std::size_t faults = patterns.report().fault_count();
  Included included = ReadFiles(patterns, main);
  included.complete = patterns.report().fault_count() == faults;
  return included;
}

}  // namespace tocsin::config
