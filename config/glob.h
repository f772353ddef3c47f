#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace tocsin::config {

// Whether `pattern` has one of * ? [.
bool HasWildcard(std::string_view pattern);

// Whether a name without slashes fits a pattern of * (any text), ? (one byte),
// [a-z] and [!a-z]. A dot at the begin must be written. Costs at most the
// product of the lengths.
bool FitsPattern(std::string_view name, std::string_view pattern);

// The paths that there are of `pattern`, in the order of their names; relative
// ones count from `folder`. Folders on the way may be patterns too, and links.
// Each name in a folder that is looked at takes one off `names_left`. The error
// says why it cannot be told: "leads to ...".
Result<std::vector<std::string>> Glob(const std::string& folder,
                                      const std::string& pattern,
                                      std::size_t& names_left);

}  // namespace tocsin::config
