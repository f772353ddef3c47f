#pragma once

#include <cstddef>
#include <string>

#include "base/result.h"

namespace tocsin::config {

// The content of a regular file, of which at most `limit` + 1 bytes are read:
// more than `limit` tells that it is larger. The error says only why ("No such
// file or directory"); what was to be read, the caller knows. Waits for no
// writer of a pipe.
Result<std::string> ReadRegularFile(const std::string& path, std::size_t limit);

// The same for whatever can be read, as the pipe of a shell's <(...). Waits for
// its writer, so it is for programs that somebody can interrupt.
Result<std::string> ReadAnyFile(const std::string& path, std::size_t limit);

}  // namespace tocsin::config
