#pragma once

#include <string_view>

#include "config/reader.h"

namespace tocsin::config {

// Says that `key` is read and checked but has no effect in this version yet.
// One warning for each key in all files, at the first place of those given.
void WarnNotYet(const Reader& at, std::string_view key);

}  // namespace tocsin::config
