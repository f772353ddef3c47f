#pragma once

#include <string_view>

namespace tocsin::daemon {

// Of both binaries; CMake's project() has it.
inline constexpr std::string_view kVersion = TOCSIN_VERSION;

}  // namespace tocsin::daemon
