#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "routing/posting_table.h"

// How ten thousand regexes are narrowed to the few that are worth a try: most
// of them cannot match without a certain text in the value. Private to
// routing/.
namespace tocsin::routing {

// The values that a regex means which is only a list of words, `a|b|c`. Absent:
// it is more than that.
std::optional<std::vector<std::string>> WordsOf(std::string_view regex);

// Texts of which one must occur in the folded value where a regex matches.
using Needed = std::vector<std::string>;

// Different choices of such texts, none of which says more than another; none
// when the regex needs no text of at least three ASCII bytes.
std::vector<Needed> NeededBy(const std::string& regex);

// `value` in lower case, as far as ASCII and what folds to it goes.
void FoldCase(std::string_view value, std::string& folded);

// Which needles occur in a text. Immutable once built, thread-safe.
class NeedleIndex {
 public:
  struct Needle {
    std::string text;  // at least three bytes
    std::uint32_t owner = 0;
  };

  NeedleIndex() = default;
  explicit NeedleIndex(std::vector<Needle> needles);

  // Appends the owners of the needles in `folded`, in no order, some maybe
  // more than once. Gives up when `out` gets longer than `limit`: false.
  bool Find(std::string_view folded, std::size_t limit,
            std::vector<std::uint32_t>& out) const;

  bool empty() const { return needles_.empty(); }

 private:
  struct Placed {
    Needle needle;
    std::size_t offset = 0;  // of the gram it is listed under
  };

  std::vector<Placed> needles_;
  std::array<PostingTable, 3> grams_;  // by kGramSizes, to indices of needles
};

}  // namespace tocsin::routing
