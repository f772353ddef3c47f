#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/fault.h"

namespace tocsin::config {

// Either a configuration and no faults, or no configuration and all the faults
// of the file at once, in the order of its lines. Warnings come with both.
struct LoadResult {
  std::optional<Config> config;
  std::vector<Fault> faults;
  std::vector<Fault> warnings;
};

// Larger files are refused before they are parsed: ten thousand users need
// about 3 MB.
inline constexpr std::size_t kMaxFileBytes = 16u << 20;

// Reads and checks the file at `path` and the secret files it names. Has no
// other effects. Thread-safe.
LoadResult Load(const std::string& path);

// As Load, of a text that is already in memory. `path` is what faults call it
// and where relative paths count from.
LoadResult LoadText(const std::string& path, std::string_view text);

}  // namespace tocsin::config
