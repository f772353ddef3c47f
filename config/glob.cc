#include "config/glob.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "config/fault.h"

namespace tocsin::config {
namespace {

namespace fs = std::filesystem;

// The length of the pattern's first element: "*", "?", "[a-z]", "x". A bracket
// that nothing closes stands for itself.
std::size_t ElementLength(std::string_view pattern) {
  if (pattern.front() != '[') return 1;
  const bool negated = pattern.size() > 1 && pattern[1] == '!';
  const std::size_t end = pattern.find(']', negated ? 3 : 2);
  return end == std::string_view::npos ? 1 : end + 1;
}

// Whether a byte is among those that "[a-z]" or "[!a-z]" says.
bool IsInSet(char c, std::string_view set) {
  set = set.substr(1, set.size() - 2);
  const bool negated = set.front() == '!';
  if (negated) set.remove_prefix(1);
  bool found = false;
  while (!set.empty()) {
    const bool range = set.size() >= 3 && set[1] == '-';
    found = found || (range ? set[0] <= c && c <= set[2] : set[0] == c);
    set.remove_prefix(range ? 3 : 1);
  }
  return found != negated;
}

bool FitsElement(char c, std::string_view element) {
  if (element == "?") return true;
  return element.size() > 1 ? IsInSet(c, element) : element[0] == c;
}

// Adds the names in `folder` that fit. What is no folder has no names.
Status Look(const fs::path& folder, const std::string& pattern,
            std::size_t& names_left, std::vector<fs::path>& found) {
  std::error_code error;
  fs::directory_iterator entry(folder.empty() ? "." : folder, error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    if (names_left == 0) {
      return Error{Code::kExhausted, "leads through too many names"};
    }
    --names_left;
    const std::string name = entry->path().filename().string();
    if (FitsPattern(name, pattern)) found.push_back(folder / name);
  }
  if (!error || error == std::errc::not_a_directory ||
      error == std::errc::no_such_file_or_directory) {
    return {};
  }
  return Error{Code::kUnavailable,
               "leads to the folder " + Quoted(folder.string()) +
                   ", which cannot be read: " + error.message()};
}

bool IsThere(const fs::path& path) {
  std::error_code error;
  return fs::exists(fs::symlink_status(path, error));
}

}  // namespace

bool HasWildcard(std::string_view pattern) {
  return pattern.find_first_of("*?[") != std::string_view::npos;
}

bool FitsPattern(std::string_view name, std::string_view pattern) {
  if (name.starts_with('.') && !pattern.starts_with('.')) return false;
  // Where to go on when a star has to take one byte more.
  std::string_view retry_name;
  std::string_view retry_pattern;
  bool can_retry = false;
  while (!name.empty() || !pattern.empty()) {
    if (pattern.starts_with('*')) {
      pattern.remove_prefix(1);
      retry_name = name;
      retry_pattern = pattern;
      can_retry = true;
      continue;
    }
    if (!name.empty() && !pattern.empty()) {
      const std::size_t length = ElementLength(pattern);
      if (FitsElement(name.front(), pattern.substr(0, length))) {
        name.remove_prefix(1);
        pattern.remove_prefix(length);
        continue;
      }
    }
    if (!can_retry || retry_name.empty()) return false;
    retry_name.remove_prefix(1);
    name = retry_name;
    pattern = retry_pattern;
  }
  return true;
}

Result<std::vector<std::string>> Glob(const std::string& folder,
                                      const std::string& pattern,
                                      std::size_t& names_left) {
  const fs::path whole(pattern);
  std::vector<fs::path> found = {whole.is_absolute() ? whole.root_path()
                                                     : fs::path(folder)};
  for (const fs::path& part : whole.relative_path()) {
    std::vector<fs::path> next;
    for (const fs::path& parent : found) {
      if (!HasWildcard(part.string())) {
        next.push_back(parent / part);
        continue;
      }
      const Status looked = Look(parent, part.string(), names_left, next);
      if (!looked.ok()) return looked.error();
    }
    found = std::move(next);
  }
  std::vector<std::string> names;
  for (const fs::path& path : found) {
    if (IsThere(path)) names.push_back(path.lexically_normal().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace tocsin::config
