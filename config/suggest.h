#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tocsin::config {

// The name among `known` that somebody who wrote `written` most likely meant:
// at most a third of its letters (at least one, at most three) are wrong,
// missing, too many, or swapped with their neighbour. "" when none is that
// close.
std::string_view Nearest(std::string_view written,
                         const std::vector<std::string_view>& known);

// ", did you mean "web-default"?" or "".
std::string DidYouMean(std::string_view written,
                       const std::vector<std::string_view>& known);

}  // namespace tocsin::config
