#include "routing/route_index.h"

#include <algorithm>
#include <functional>
#include <map>
#include <numeric>
#include <unordered_map>
#include <utility>

namespace tocsin::routing {
namespace {

constexpr std::string_view kSourceLabel = "__source__";
constexpr std::string_view kReceiverLabel = "__receiver__";

// Fewer children are asked one after the other as fast as they are looked up.
constexpr std::size_t kFewChildren = 8;
// A value that so few siblings share is a good key; no regex is analysed then.
constexpr std::size_t kRareEnough = 8;

std::string_view ValueOf(std::string_view name, const LabelSet& labels,
                         const Origin& origin) {
  if (name == kSourceLabel) return origin.source;
  if (name == kReceiverLabel) return origin.receiver;
  return labels.Get(name);
}

bool MatchesAll(std::span<const Matcher> matchers, const LabelSet& labels,
                const Origin& origin) {
  return std::all_of(
      matchers.begin(), matchers.end(), [&](const Matcher& matcher) {
        return matcher.Matches(ValueOf(matcher.name(), labels, origin));
      });
}

std::uint64_t HashOf(std::string_view value) {
  return std::hash<std::string_view>()(value);
}

// What one child can be listed under.
struct Key {
  std::size_t matcher = 0;  // its place in the node
  std::string_view label;
  bool whole = true;  // `texts` are values; else one of them is in the value
  std::vector<std::string> texts;
};

// How many siblings could be listed under a text of a label.
class Popularity {
 public:
  void Count(const Key& key) {
    for (const std::string& text : key.texts) ++counts_[Name(key, text)];
  }
  std::size_t Of(const Key& key) const {
    std::size_t sum = 0;
    for (const std::string& text : key.texts) {
      sum += counts_.at(Name(key, text));
    }
    return sum;
  }

 private:
  static std::string Name(const Key& key, const std::string& text) {
    std::string name(key.label);
    name += key.whole ? '\0' : '\1';
    return name += text;
  }

  std::unordered_map<std::string, std::size_t> counts_;
};

// The values of a matcher that takes nothing else, and no missing label.
std::vector<std::string> ValuesOf(const Matcher& matcher) {
  std::vector<std::string> values;
  if (matcher.op() == MatchOp::kEqual) values = {matcher.value()};
  if (matcher.op() == MatchOp::kRegex) {
    values = WordsOf(matcher.value()).value_or(values);
  }
  if (matcher.Matches("")) values.clear();
  return values;
}

// Chooses the key of every child of one node.
class KeyChoice {
 public:
  explicit KeyChoice(const std::vector<RouteNode>& children)
      : keys_(children.size()) {
    for (std::size_t i = 0; i < children.size(); ++i)
      OfferValues(i, children[i]);
    for (std::size_t i = 0; i < children.size(); ++i) {
      const Key* best = Best(i);
      const bool good = best != nullptr && popularity_.Of(*best) <= kRareEnough;
      if (!good) OfferTexts(i, children[i]);
    }
  }

  // Null: the child has no key.
  const Key* Best(std::size_t child) const {
    const Key* best = nullptr;
    std::size_t least = 0;
    for (const Key& key : keys_[child]) {
      const std::size_t popularity = popularity_.Of(key);
      if (best != nullptr && popularity >= least) continue;
      best = &key;
      least = popularity;
    }
    return best;
  }

 private:
  void Offer(std::size_t child, Key key) {
    popularity_.Count(key);
    keys_[child].push_back(std::move(key));
  }

  void OfferValues(std::size_t child, const RouteNode& node) {
    for (std::size_t i = 0; i < node.matchers().size(); ++i) {
      const Matcher& matcher = node.matchers()[i];
      std::vector<std::string> values = ValuesOf(matcher);
      if (values.empty()) continue;
      Offer(child, {.matcher = i,
                    .label = matcher.name(),
                    .whole = true,
                    .texts = std::move(values)});
    }
  }

  void OfferTexts(std::size_t child, const RouteNode& node) {
    for (std::size_t i = 0; i < node.matchers().size(); ++i) {
      const Matcher& matcher = node.matchers()[i];
      if (matcher.op() != MatchOp::kRegex) continue;
      auto [at, is_new] = needed_.try_emplace(matcher.value());
      if (is_new) at->second = NeededBy(matcher.value());
      for (const Needed& texts : at->second) {
        Offer(child, {.matcher = i,
                      .label = matcher.name(),
                      .whole = false,
                      .texts = texts});
      }
    }
  }

  std::vector<std::vector<Key>> keys_;  // by child
  Popularity popularity_;
  std::unordered_map<std::string, std::vector<Needed>> needed_;  // by regex
};

// Lets the index ask for the one value that a node wants of a label, instead of
// the node's matcher.
void TakeOver(RouteNode& node, const Key& key) {
  std::swap(node.first_matcher[0], node.first_matcher[key.matcher]);
  ++node.first_matcher;
  --node.matcher_count;
  node.value = key.texts.front();
}

// Calls use(entry, value) for each label of the alert that `entries` has.
template <typename Entry, typename Use>
void ForEachIn(const std::vector<Entry>& entries, const LabelSet& labels,
               const Origin& origin, const Use& use) {
  if (entries.empty()) return;
  const auto look_up = [&](std::string_view name, std::string_view value) {
    if (value.empty()) return;  // as good as missing: no key takes it
    const auto at = std::lower_bound(
        entries.begin(), entries.end(), name,
        [](const Entry& entry, std::string_view n) { return entry.label < n; });
    if (at != entries.end() && at->label == name) use(*at, value);
  };
  look_up(kSourceLabel, origin.source);
  look_up(kReceiverLabel, origin.receiver);
  for (const auto& [name, value] : labels.labels()) {
    if (name != kSourceLabel && name != kReceiverLabel) look_up(name, value);
  }
}

// Goes through the tree for one alert. What it allocates lives for one walk.
class Walker {
 public:
  Walker(const LabelSet& labels, const Origin& origin)
      : labels_(labels), origin_(origin) {}

  // `node` matches.
  void Enter(const RouteNode& node) {
    if (!node.children || !EnterOneOf(*node.children)) {
      taken_.push_back(node.route.get());
    }
  }

  std::vector<const Route*> Taken() && { return std::move(taken_); }

 private:
  // Whether a child takes the alert.
  bool EnterOneOf(const Children& children) {
    const std::size_t from = candidates_.size();
    children.Find(labels_, origin_, folded_, candidates_);
    const std::size_t end = candidates_.size();
    std::size_t found = from;
    auto asked = children.always().begin();
    const auto all_asked = children.always().end();
    bool taken = false;
    while (found < end || asked != all_asked) {
      const bool is_found =
          asked == all_asked || (found < end && candidates_[found] < *asked);
      const RouteNode& child =
          children.nodes()[is_found ? candidates_[found++] : *asked++];
      if (!MatchesAll(child.matchers(), labels_, origin_)) continue;
      taken = true;
      Enter(child);
      if (!child.continue_matching) break;
    }
    candidates_.resize(from);
    return taken;
  }

  const LabelSet& labels_;
  const Origin& origin_;
  std::vector<std::uint32_t> candidates_;  // a stack: each node its part
  std::string folded_;
  std::vector<const Route*> taken_;
};

}  // namespace

Children::Children(std::vector<RouteNode> nodes) : nodes_(std::move(nodes)) {
  if (nodes_.size() <= kFewChildren) {
    always_.resize(nodes_.size());
    std::iota(always_.begin(), always_.end(), 0U);
    return;
  }
  std::map<std::string_view, std::vector<PostingTable::Posting>> values;
  std::map<std::string_view, std::vector<NeedleIndex::Needle>> needles;
  const KeyChoice choice(nodes_);
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    const Key* key = choice.Best(i);
    if (key == nullptr) {
      always_.push_back(i);
    } else if (key->whole) {
      for (const std::string& value : key->texts) {
        values[key->label].emplace_back(HashOf(value), i);
      }
    } else {
      by_text_.push_back(i);
      for (const std::string& text : key->texts) {
        needles[key->label].push_back({text, i});
      }
    }
  }
  for (const auto& [label, postings] : values) {
    values_.push_back({std::string(label), PostingTable(postings)});
  }
  for (auto& [label, texts] : needles) {
    texts_.push_back({std::string(label), NeedleIndex(std::move(texts))});
  }
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    const Key* key = choice.Best(i);
    if (key != nullptr && key->whole && key->texts.size() == 1) {
      TakeOver(nodes_[i], *key);
    }
  }
}

void Children::Find(const LabelSet& labels, const Origin& origin,
                    std::string& folded,
                    std::vector<std::uint32_t>& out) const {
  const std::size_t from = out.size();
  ForEachIn(
      values_, labels, origin,
      [&](const Values& entry, std::string_view value) {
        for (const std::uint32_t child : entry.by_hash.Find(HashOf(value))) {
          const std::string& wanted = nodes_[child].value;
          if (wanted.empty() || wanted == value) out.push_back(child);
        }
      });
  const std::size_t with_text = out.size();
  // More are found only where needles repeat; then asking each child that has
  // one costs less.
  const std::size_t limit = with_text + by_text_.size();
  bool complete = true;
  ForEachIn(texts_, labels, origin,
            [&](const Texts& entry, std::string_view value) {
              FoldCase(value, folded);
              complete = complete && entry.needles.Find(folded, limit, out);
            });
  if (!complete) {
    out.resize(with_text);
    out.insert(out.end(), by_text_.begin(), by_text_.end());
  }
  const auto begin = out.begin() + static_cast<std::ptrdiff_t>(from);
  std::sort(begin, out.end());
  out.erase(std::unique(begin, out.end()), out.end());
}

std::vector<const Route*> Walk(const RouteNode& root, const LabelSet& labels,
                               const Origin& origin) {
  Walker walker(labels, origin);
  walker.Enter(root);
  return std::move(walker).Taken();
}

}  // namespace tocsin::routing
