#include "routing/regex_index.h"

#include <re2/filtered_re2.h>

#include <algorithm>
#include <cstring>
#include <numeric>
#include <set>
#include <unordered_map>

// RE2::Set collapses when values are new each time (its DFA is built anew), so
// the regexes stay single ones. What a regex needs comes from FilteredRE2,
// which derives an and-or formula over texts (atoms) from each. We ask it for
// one regex at a time, choose atoms that cut all ways through the formula, and
// look for these with a table of grams: pieces of eight, four or three bytes,
// for each atom the piece that the fewest others share.
namespace tocsin::routing {
namespace {

constexpr std::array<std::size_t, 3> kGramSizes = {8, 4, 3};
constexpr int kShortestAtom = 3;

// Enough for any regex that people write; FilteredRE2 compiles each once more,
// for the time of the analysis. What is larger is tried on every value.
constexpr std::int64_t kMaxAnalysisBytes = 8 << 20;

// Regexes of more atoms than this keep them all: choosing costs their square.
constexpr std::size_t kMostAtomsToChooseFrom = 64;
// For each of so many atoms a choice is sought that holds it.
constexpr std::size_t kMostChoices = 6;

bool IsAscii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// The longest piece of ASCII; what a case folds to beyond that is RE2's secret.
std::string LongestAscii(const std::string& atom) {
  std::string_view longest;
  std::size_t from = 0;
  for (std::size_t i = 0; i <= atom.size(); ++i) {
    if (i < atom.size() && IsAscii(atom[i])) continue;
    if (i - from > longest.size()) {
      longest = std::string_view(atom).substr(from, i - from);
    }
    from = i + 1;
  }
  return std::string(longest);
}

// The formula of one regex over its atoms.
class Formula {
 public:
  explicit Formula(const std::string& regex) : filtered_(kShortestAtom) {
    re2::RE2::Options options;
    options.set_encoding(re2::RE2::Options::EncodingUTF8);
    options.set_log_errors(false);
    options.set_never_capture(true);
    options.set_max_mem(kMaxAnalysisBytes);
    int id = 0;
    const std::string pattern = "^(?:" + regex + ")$";
    if (filtered_.Add(pattern, options, &id) != re2::RE2::NoError) return;
    filtered_.Compile(&atoms_);
    for (std::string& atom : atoms_) atom = LongestAscii(atom);
  }

  const std::vector<std::string>& atoms() const { return atoms_; }

  // Whether the regex can only match where one of the atoms `chosen` occurs.
  bool Needs(const std::vector<bool>& chosen) const {
    std::vector<int> others;
    for (std::size_t i = 0; i < atoms_.size(); ++i) {
      if (!chosen[i]) others.push_back(static_cast<int>(i));
    }
    std::vector<int> possible;
    filtered_.AllPotentials(others, &possible);
    return possible.empty();
  }

 private:
  re2::FilteredRE2 filtered_;
  std::vector<std::string> atoms_;
};

// Drops atoms from `chosen`, first those that come first in `order`, as long
// as the regex needs one of the others.
void Thin(const Formula& formula, const std::vector<std::size_t>& order,
          std::vector<bool>& chosen) {
  for (const std::size_t atom : order) {
    if (!chosen[atom]) continue;
    chosen[atom] = false;
    if (!formula.Needs(chosen)) chosen[atom] = true;
  }
}

Needed TextsOf(const Formula& formula, const std::vector<bool>& chosen) {
  Needed texts;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    if (chosen[i]) texts.push_back(formula.atoms()[i]);
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  return texts;
}

std::uint64_t GramAt(std::string_view text, std::size_t at, std::size_t size) {
  std::uint64_t gram = 0;
  std::memcpy(&gram, text.data() + at, size);
  return gram;
}

// The index in kGramSizes of the longest gram that a text has.
std::size_t SizeClass(std::string_view text) {
  std::size_t size_class = 0;
  while (kGramSizes.at(size_class) > text.size()) ++size_class;
  return size_class;
}

}  // namespace

std::optional<std::vector<std::string>> WordsOf(std::string_view regex) {
  std::vector<std::string> words(1);
  for (const char c : regex) {
    if (std::string_view("\\.+*?()[]{}^$").find(c) != std::string_view::npos) {
      return std::nullopt;
    }
    if (c == '|') {
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  return words;
}

std::vector<Needed> NeededBy(const std::string& regex) {
  const Formula formula(regex);
  const std::vector<std::string>& atoms = formula.atoms();
  // An atom that is too short may occur anywhere, so it is no choice.
  std::vector<bool> usable;
  usable.reserve(atoms.size());
  for (const std::string& atom : atoms) {
    usable.push_back(atom.size() >= kGramSizes.back());
  }
  if (atoms.empty() || !formula.Needs(usable)) return {};
  if (atoms.size() > kMostAtomsToChooseFrom) return {TextsOf(formula, usable)};
  std::vector<std::size_t> order(atoms.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(),
                   [&atoms](std::size_t a, std::size_t b) {
                     return atoms[a].size() < atoms[b].size();
                   });
  std::set<Needed> choices;
  for (std::size_t i = 0; i < std::min(order.size(), kMostChoices); ++i) {
    std::vector<bool> chosen = usable;
    std::vector<std::size_t> keeps_one = order;
    const auto kept = keeps_one.end() - 1 - static_cast<std::ptrdiff_t>(i);
    std::rotate(kept, kept + 1, keeps_one.end());
    Thin(formula, keeps_one, chosen);
    choices.insert(TextsOf(formula, chosen));
  }
  return {choices.begin(), choices.end()};
}

void FoldCase(std::string_view value, std::string& folded) {
  // The two letters beyond ASCII that equal one of ASCII in any case.
  constexpr std::string_view kKelvin = "\xE2\x84\xAA";
  constexpr std::string_view kLongS = "\xC5\xBF";
  folded.clear();
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c >= 'A' && c <= 'Z') {
      folded += static_cast<char>(c - 'A' + 'a');
    } else if (c == kKelvin[0] && value.substr(i, 3) == kKelvin) {
      folded += 'k';
      i += 2;
    } else if (c == kLongS[0] && value.substr(i, 2) == kLongS) {
      folded += 's';
      i += 1;
    } else {
      folded += c;
    }
  }
}

NeedleIndex::NeedleIndex(std::vector<Needle> needles) {
  std::array<std::unordered_map<std::uint64_t, int>, 3> counts;
  for (const Needle& needle : needles) {
    const std::size_t size_class = SizeClass(needle.text);
    const std::size_t size = kGramSizes.at(size_class);
    for (std::size_t at = 0; at + size <= needle.text.size(); ++at) {
      ++counts.at(size_class)[GramAt(needle.text, at, size)];
    }
  }
  std::array<std::vector<PostingTable::Posting>, 3> postings;
  for (Needle& needle : needles) {
    const std::size_t size_class = SizeClass(needle.text);
    const std::size_t size = kGramSizes.at(size_class);
    const auto count = [&](std::size_t at) {
      return counts.at(size_class)[GramAt(needle.text, at, size)];
    };
    std::size_t rarest = 0;
    for (std::size_t at = 1; at + size <= needle.text.size(); ++at) {
      if (count(at) < count(rarest)) rarest = at;
    }
    postings.at(size_class)
        .emplace_back(GramAt(needle.text, rarest, size),
                      static_cast<std::uint32_t>(needles_.size()));
    needles_.push_back({std::move(needle), rarest});
  }
  for (std::size_t i = 0; i < grams_.size(); ++i) {
    grams_.at(i) = PostingTable(postings.at(i));
  }
}

bool NeedleIndex::Find(std::string_view folded, std::size_t limit,
                       std::vector<std::uint32_t>& out) const {
  for (std::size_t i = 0; i < grams_.size(); ++i) {
    const std::size_t size = kGramSizes.at(i);
    if (grams_.at(i).empty()) continue;
    for (std::size_t at = 0; at + size <= folded.size(); ++at) {
      for (const std::uint32_t number :
           grams_.at(i).Find(GramAt(folded, at, size))) {
        const auto& [needle, offset] = needles_[number];
        if (at < offset) continue;
        const auto there = folded.substr(at - offset, needle.text.size());
        if (there != needle.text) continue;
        if (out.size() >= limit) return false;
        out.push_back(needle.owner);
      }
    }
  }
  return true;
}

}  // namespace tocsin::routing
