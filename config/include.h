#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "config/document.h"
#include "config/fault.h"
#include "config/reader.h"

// The files that the main one names under `include`. Private to config/.
namespace tocsin::config {

// Of all files of a load: an include that matches what it should not must end
// in a fault, not in a machine without memory.
inline constexpr std::size_t kMaxTotalBytes = 64u << 20;
inline constexpr std::size_t kMaxIncludes = 1'000;  // files, and patterns
inline constexpr std::size_t kMaxNamesLookedAt = 100'000;

struct IncludedFile {
  Report report;
  NodePtr document;  // null: it has a fault
};

struct Included {
  std::vector<IncludedFile> files;
  // False: patterns have faults, so that files are missing.
  bool complete = true;
  std::uint64_t hash = 0;  // FNV-1a over the bytes of all, the main one's first
};

// Finds and parses the files, in the order of the patterns and, for each, of
// the names; a file that several lead to is read once. `main` is the content
// of the main file.
Included ReadIncluded(const Reader& patterns, std::string_view main);

}  // namespace tocsin::config
