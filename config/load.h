#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/document.h"
#include "config/fault.h"
#include "config/secrets.h"

namespace tocsin::config {

// Either a configuration and no faults, or no configuration and all the faults
// of all files at once: the main file's first, then those of the included ones
// in the order in which they were read, each by its lines. Warnings come with
// both.
struct LoadResult {
  std::optional<Config> config;
  std::vector<Fault> faults;
  std::vector<Fault> warnings;
  // With LoadOptions::keep_documents: those of config->files, in that order.
  std::vector<NodePtr> documents;
};

struct LoadOptions {
  // Without its secrets a configuration can be checked where they are not; it
  // opens no doors then.
  Secrets secrets = Secrets::kRead;
  // Also takes a main file that is a pipe, as a shell's <(...) is, and waits
  // for its writer. A daemon would wait for ever.
  bool wait_for_pipes = false;
  // For Show, so that what it shows is what was checked.
  bool keep_documents = false;
};

// Larger files are refused before they are parsed: ten thousand users need
// about 3 MB.
inline constexpr std::size_t kMaxFileBytes = 16u << 20;

// Reads and checks the file at `path`, the files it includes and the secret
// files they name. Has no other effects. Thread-safe.
LoadResult Load(const std::string& path, const LoadOptions& options = {});

// As Load, of a text that is already in memory. `path` is what faults call it
// and where relative paths count from.
LoadResult LoadText(const std::string& path, std::string_view text,
                    const LoadOptions& options = {});

}  // namespace tocsin::config
