#include "config/suggest.h"

#include <algorithm>
#include <cstddef>

#include "config/fault.h"

namespace tocsin::config {
namespace {

// Longer names are not compared: the table grows with their square.
constexpr std::size_t kMaxComparedBytes = 64;

// The number of edits from `a` to `b` (optimal string alignment: insert,
// delete, replace, swap of neighbours), by the classic table of prefixes.
std::size_t Distance(std::string_view a, std::string_view b) {
  const std::size_t width = b.size() + 1;
  std::vector<std::size_t> table((a.size() + 1) * width);
  const auto at = [&](std::size_t i, std::size_t j) -> std::size_t& {
    return table[i * width + j];
  };
  for (std::size_t i = 0; i <= a.size(); ++i) at(i, 0) = i;
  for (std::size_t j = 0; j <= b.size(); ++j) at(0, j) = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced =
          at(i - 1, j - 1) + (a[i - 1] == b[j - 1] ? 0 : 1);
      at(i, j) = std::min({at(i - 1, j) + 1, at(i, j - 1) + 1, replaced});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        at(i, j) = std::min(at(i, j), at(i - 2, j - 2) + 1);
      }
    }
  }
  return at(a.size(), b.size());
}

std::size_t LengthDifference(std::string_view a, std::string_view b) {
  return a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
}

}  // namespace

std::string_view Nearest(std::string_view written,
                         const std::vector<std::string_view>& known) {
  if (written.size() > kMaxComparedBytes) return {};
  std::size_t allowed = std::clamp<std::size_t>(written.size() / 3, 1, 3);
  std::string_view nearest;
  for (const std::string_view name : known) {
    if (LengthDifference(written, name) > allowed || name.size() <= 1) continue;
    const std::size_t distance = Distance(written, name);
    if (distance > allowed || (distance == allowed && !nearest.empty())) {
      continue;
    }
    nearest = name;
    allowed = distance;
  }
  return nearest;
}

std::string DidYouMean(std::string_view written,
                       const std::vector<std::string_view>& known) {
  const std::string_view nearest = Nearest(written, known);
  if (nearest.empty()) return {};
  return ", did you mean " + Quoted(nearest) + "?";
}

}  // namespace tocsin::config
