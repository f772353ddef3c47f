#include "routing/reach.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "routing/regex_index.h"

// A node is out of reach when what its path says (the conjunction of all
// matchers from the root down to it) implies all that a sibling before it
// wants, as that one takes the alert first. One matcher is implied by others
// when they leave a label only values that it takes, or when they say the same.
namespace tocsin::routing {
namespace {

// Longer lists of words are not followed, only compared as text.
constexpr std::size_t kMostValues = 100;
// A node's path is compared with so many others, so that ten thousand nodes do
// not take minutes. What has a label's value in common comes first.
constexpr int kMostComparisons = 500;

// The values that the matcher takes, where they can be listed.
std::optional<std::vector<std::string>> Listed(const Matcher& matcher) {
  std::optional<std::vector<std::string>> values;
  if (matcher.op() == MatchOp::kEqual) values = {matcher.value()};
  if (matcher.op() == MatchOp::kRegex) values = WordsOf(matcher.value());
  if (values && values->size() > kMostValues) values.reset();
  return values;
}

bool Same(const Matcher& a, const Matcher& b) {
  return a.op() == b.op() && a.name() == b.name() && a.value() == b.value();
}

MatchOp Negated(MatchOp op) {
  switch (op) {
    case MatchOp::kEqual:
      return MatchOp::kNotEqual;
    case MatchOp::kNotEqual:
      return MatchOp::kEqual;
    case MatchOp::kRegex:
      return MatchOp::kNotRegex;
    case MatchOp::kNotRegex:
      return MatchOp::kRegex;
  }
  return op;
}

bool Opposite(const Matcher& a, const Matcher& b) {
  return a.op() == Negated(b.op()) && a.name() == b.name() &&
         a.value() == b.value();
}

// What is known of the labels of an alert that got to a node.
class Facts {
 public:
  void Add(const Matcher& matcher) {
    Label& label = labels_[matcher.name()];
    for (const Matcher* other : label.matchers) {
      if (Opposite(*other, matcher)) possible_ = false;
    }
    label.matchers.push_back(&matcher);
    if (!label.values) label.values = Listed(matcher);
    if (!label.values) return;
    std::erase_if(*label.values, [&label](const std::string& value) {
      return !std::all_of(label.matchers.begin(), label.matchers.end(),
                          [&](const Matcher* m) { return m->Matches(value); });
    });
    if (label.values->empty()) possible_ = false;
  }

  // False: no alert is like that.
  bool possible() const { return possible_; }

  // Whether every alert that got here is one that `matcher` takes.
  bool Imply(const Matcher& matcher) const {
    const auto at = labels_.find(matcher.name());
    if (at == labels_.end()) return false;
    const auto& [matchers, values] = at->second;
    if (values) {
      return std::all_of(
          values->begin(), values->end(),
          [&](const std::string& value) { return matcher.Matches(value); });
    }
    return std::any_of(
        matchers.begin(), matchers.end(), [&](const Matcher* known) {
          return Same(*known, matcher) || (matcher.op() == MatchOp::kNotEqual &&
                                           !known->Matches(matcher.value()));
        });
  }

  bool Imply(const std::vector<Matcher>& matchers) const {
    return std::all_of(matchers.begin(), matchers.end(),
                       [this](const Matcher& m) { return Imply(m); });
  }

  struct Label {
    std::vector<const Matcher*> matchers;
    std::optional<std::vector<std::string>> values;  // absent: no list
  };
  const std::map<std::string_view, Label>& labels() const { return labels_; }

 private:
  std::map<std::string_view, Label> labels_;
  bool possible_ = true;
};

// Siblings without `continue`, so that those which could take all of a path are
// found without asking each of ten thousand.
class Takers {
 public:
  void Add(const RouteSpec& node) {
    const Matcher* regex = nullptr;
    for (const Matcher& matcher : node.matchers) {
      if (matcher.op() == MatchOp::kEqual) {
        by_text_[Text(matcher.name(), matcher.value())].push_back(&node);
        return;
      }
      if (matcher.op() == MatchOp::kRegex) regex = &matcher;
    }
    if (regex == nullptr) {
      others_.push_back(&node);
      return;
    }
    by_text_[Text(regex->name(), regex->value())].push_back(&node);
    by_regex_[regex->name()].push_back(&node);
  }

  // Calls use(node) for all that could be implied, until it says true.
  template <typename Use>
  void ForEachMaybeImplied(const Facts& facts, const Use& use) const {
    const auto any = [&use](const std::vector<const RouteSpec*>& nodes) {
      return std::any_of(nodes.begin(), nodes.end(),
                         [&](const RouteSpec* node) { return use(*node); });
    };
    if (any(others_)) return;
    for (const auto& [name, label] : facts.labels()) {
      for (const std::string& text : TextsOf(label)) {
        const auto same = by_text_.find(Text(name, text));
        if (same != by_text_.end() && any(same->second)) return;
      }
    }
    for (const auto& [name, label] : facts.labels()) {
      const auto regexes = by_regex_.find(name);
      if (label.values && regexes != by_regex_.end() && any(regexes->second)) {
        return;
      }
    }
  }

 private:
  static std::string Text(std::string_view name, const std::string& value) {
    return std::string(name) + '\0' + value;
  }

  // What an equality or regex matcher must say to be implied by text alone.
  static std::vector<std::string> TextsOf(const Facts::Label& label) {
    std::vector<std::string> texts;
    if (label.values && label.values->size() == 1) texts = *label.values;
    for (const Matcher* matcher : label.matchers) {
      if (matcher->op() == MatchOp::kRegex) texts.push_back(matcher->value());
    }
    return texts;
  }

  std::unordered_map<std::string, std::vector<const RouteSpec*>> by_text_;
  std::map<std::string_view, std::vector<const RouteSpec*>> by_regex_;  // label
  std::vector<const RouteSpec*> others_;
};

class Search {
 public:
  explicit Search(const PagesSomebody& pages) : pages_(pages) {}

  void Visit(const RouteSpec& node, const Facts& above) {
    levels_.push_back({&node, 0, {}});
    for (std::size_t i = 0; i < node.routes.size(); ++i) {
      const RouteSpec& child = node.routes[i];
      levels_.back().child = i;
      Facts facts = above;
      for (const Matcher& matcher : child.matchers) facts.Add(matcher);
      if (Judge(child, facts)) Visit(child, facts);
      if (!child.continue_matching) levels_.back().before.Add(child);
    }
    levels_.pop_back();
  }

  std::vector<ReachFinding> Findings() && { return std::move(findings_); }

 private:
  // A node on the path, and which of its children the path goes through.
  struct Level {
    const RouteSpec* node = nullptr;
    std::size_t child = 0;
    Takers before;  // siblings of that child
  };

  // False: nothing gets to the node.
  bool Judge(const RouteSpec& node, const Facts& facts) {
    if (!facts.possible()) {
      findings_.push_back({&node, Reach::kUnreachable, nullptr});
      return false;
    }
    left_ = kMostComparisons;
    if (const RouteSpec* taker = TakerBefore(facts)) {
      findings_.push_back({&node, Reach::kUnreachable, taker});
      return false;
    }
    left_ = kMostComparisons;
    if (node.continue_matching && !pages_(node) && Swallows(node, facts)) {
      findings_.push_back({&node, Reach::kSwallows, nullptr});
    }
    return true;
  }

  const RouteSpec* TakerBefore(const Facts& facts) {
    const RouteSpec* taker = nullptr;
    for (const Level& level : levels_) {
      level.before.ForEachMaybeImplied(facts, [&](const RouteSpec& node) {
        if (Takes(node, facts)) taker = &node;
        return taker != nullptr || left_ <= 0;
      });
      if (taker != nullptr) break;
    }
    return taker;
  }

  // Whether the node is sure to take what is known to be like that.
  bool Takes(const RouteSpec& node, const Facts& facts) {
    return left_-- > 0 && facts.Imply(node.matchers);
  }

  // Whether what ends at the node pages nobody, elsewhere neither.
  bool Swallows(const RouteSpec& node, const Facts& facts) {
    for (const RouteSpec& child : node.routes) {
      if (Takes(child, facts)) return false;
    }
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
      const std::vector<RouteSpec>& siblings = level->node->routes;
      for (std::size_t i = 0; i < siblings.size(); ++i) {
        if (i == level->child || !Takes(siblings[i], facts)) continue;
        // Before the path only a copy can be, as nothing else let it through.
        if (i > level->child || pages_(siblings[i])) return false;
      }
      if (!level->node->continue_matching) break;
    }
    return left_ > 0;
  }

  const PagesSomebody& pages_;
  int left_ = 0;  // comparisons
  std::vector<Level> levels_;
  std::vector<ReachFinding> findings_;
};

}  // namespace

std::vector<ReachFinding> FindUnreached(const RouteSpec& root,
                                        const PagesSomebody& pages) {
  Search search(pages);
  search.Visit(root, Facts());
  return std::move(search).Findings();
}

}  // namespace tocsin::routing
