#include "routing/reach.h"

#include <algorithm>
#include <cstddef>
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
// A list is held against so many regexes that were said before it.
constexpr std::size_t kMostRegexes = 20;
// A node's path is compared with so many matchers of others, so that ten
// thousand nodes do not take minutes. What has a label's value in common comes
// first.
constexpr int kMostComparisons = 1500;

// The values that the matcher takes, where they can be listed.
std::optional<std::vector<std::string>> Listed(const Matcher& matcher) {
  std::optional<std::vector<std::string>> values;
  if (matcher.op() == MatchOp::kEqual) values = {matcher.value()};
  if (matcher.op() == MatchOp::kRegex) values = WordsOf(matcher.value());
  if (values && values->size() > kMostValues) values.reset();
  return values;
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

bool HasRegex(const Matcher& matcher) {
  return matcher.op() == MatchOp::kRegex || matcher.op() == MatchOp::kNotRegex;
}

// What a matcher says of its label, as a key.
std::string Saying(MatchOp op, const std::string& value) {
  return static_cast<char>(op) + value;
}

// What is known of the labels of an alert that got to a node. Each matcher is
// added, and taken back, in time that does not grow with those before it.
class Facts {
 public:
  using Values = std::optional<std::vector<std::string>>;
  struct Label {
    std::vector<const Matcher*> matchers;
    std::vector<const Matcher*> regexes;           // of these
    std::unordered_map<std::string, int> sayings;  // how often
    Values values;                                 // absent: no list
    std::size_t contradictions = 0;
  };

  void Add(const Matcher& matcher) {
    Label& label = labels_[matcher.name()];
    Done done{&label, std::nullopt, label.contradictions};
    if (label.sayings.contains(
            Saying(Negated(matcher.op()), matcher.value()))) {
      ++label.contradictions;
    }
    label.matchers.push_back(&matcher);
    if (HasRegex(matcher)) label.regexes.push_back(&matcher);
    ++label.sayings[Saying(matcher.op(), matcher.value())];
    Values values = label.values ? TakenBy(matcher, *label.values)
                                 : PossibleOf(matcher, label);
    if (values != label.values) {
      done.values = std::exchange(label.values, std::move(values));
    }
    if (label.values && label.values->empty()) ++label.contradictions;
    contradictions_ += label.contradictions - done.contradictions;
    done_.push_back(std::move(done));
  }

  // As it was before the last Add.
  void TakeBack() {
    Done& done = done_.back();
    Label& label = *done.label;
    contradictions_ -= label.contradictions - done.contradictions;
    const Matcher& matcher = *label.matchers.back();
    const auto saying =
        label.sayings.find(Saying(matcher.op(), matcher.value()));
    if (--saying->second == 0) label.sayings.erase(saying);
    if (HasRegex(matcher)) label.regexes.pop_back();
    label.matchers.pop_back();
    if (done.values) label.values = *std::move(done.values);
    label.contradictions = done.contradictions;
    done_.pop_back();
    if (label.matchers.empty()) labels_.erase(matcher.name());
  }

  // False: no alert is like that.
  bool possible() const { return contradictions_ == 0; }

  // Whether every alert that got here is one that `matcher` takes. Takes what
  // that costs off `left`; below 0 nothing is implied.
  bool Imply(const Matcher& matcher, int& left) const {
    const auto at = labels_.find(matcher.name());
    if (--left < 0 || at == labels_.end()) return false;
    const Label& label = at->second;
    if (label.values) {
      left -= static_cast<int>(label.values->size());
      return left >= 0 &&
             std::all_of(label.values->begin(), label.values->end(),
                         [&](const std::string& value) {
                           return matcher.Matches(value);
                         });
    }
    if (label.sayings.contains(Saying(matcher.op(), matcher.value()))) {
      return true;
    }
    return matcher.op() == MatchOp::kNotEqual &&
           std::any_of(label.regexes.begin(), label.regexes.end(),
                       [&](const Matcher* known) {
                         return --left >= 0 && !known->Matches(matcher.value());
                       });
  }

  bool Imply(const std::vector<Matcher>& matchers, int& left) const {
    return std::all_of(matchers.begin(), matchers.end(),
                       [&](const Matcher& m) { return Imply(m, left); });
  }

  const std::map<std::string_view, Label>& labels() const { return labels_; }

 private:
  // What an Add changed beside appending.
  struct Done {
    Label* label;
    std::optional<Values> values;  // absent: it left them as they were
    std::size_t contradictions;
  };

  static Values TakenBy(const Matcher& matcher,
                        std::vector<std::string> values) {
    std::erase_if(values, [&](const std::string& value) {
      return !matcher.Matches(value);
    });
    return values;
  }

  // The values of the matcher, less those that the label cannot have by what is
  // known already. Some of these may stay.
  static Values PossibleOf(const Matcher& matcher, const Label& label) {
    Values values = Listed(matcher);
    if (!values) return values;
    const std::size_t regexes = std::min(label.regexes.size(), kMostRegexes);
    std::erase_if(*values, [&](const std::string& value) {
      return label.sayings.contains(Saying(MatchOp::kNotEqual, value)) ||
             !std::all_of(
                 label.regexes.begin(),
                 label.regexes.begin() + static_cast<std::ptrdiff_t>(regexes),
                 [&](const Matcher* m) { return m->Matches(value); });
    });
    return values;
  }

  std::map<std::string_view, Label> labels_;
  std::vector<Done> done_;
  std::size_t contradictions_ = 0;  // of all labels
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
  void ForEachMaybeImplied(const Facts& facts, int& left,
                           const Use& use) const {
    const auto any = [&use](const std::vector<const RouteSpec*>& nodes) {
      return std::any_of(nodes.begin(), nodes.end(),
                         [&](const RouteSpec* node) { return use(*node); });
    };
    if (any(others_)) return;
    for (const auto& [name, label] : facts.labels()) {
      left -= 1 + static_cast<int>(label.regexes.size());
      if (left < 0) return;
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
    for (const Matcher* matcher : label.regexes) {
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

  void Visit(const RouteSpec& node) {
    levels_.push_back({&node, 0, {}});
    for (std::size_t i = 0; i < node.routes.size(); ++i) {
      const RouteSpec& child = node.routes[i];
      levels_.back().child = i;
      for (const Matcher& matcher : child.matchers) facts_.Add(matcher);
      if (Judge(child)) Visit(child);
      for (std::size_t m = child.matchers.size(); m > 0; --m) facts_.TakeBack();
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
  bool Judge(const RouteSpec& node) {
    if (!facts_.possible()) {
      findings_.push_back({&node, Reach::kUnreachable, nullptr});
      return false;
    }
    left_ = kMostComparisons;
    if (const RouteSpec* taker = TakerBefore()) {
      findings_.push_back({&node, Reach::kUnreachable, taker});
      return false;
    }
    left_ = kMostComparisons;
    if (node.continue_matching && !pages_(node) && Swallows(node)) {
      findings_.push_back({&node, Reach::kSwallows, nullptr});
    }
    return true;
  }

  const RouteSpec* TakerBefore() {
    const RouteSpec* taker = nullptr;
    for (const Level& level : levels_) {
      level.before.ForEachMaybeImplied(facts_, left_,
                                       [&](const RouteSpec& node) {
                                         if (Takes(node)) taker = &node;
                                         return taker != nullptr || left_ <= 0;
                                       });
      if (taker != nullptr) break;
    }
    return taker;
  }

  // Whether the node is sure to take what is known to be like that.
  bool Takes(const RouteSpec& node) {
    return --left_ >= 0 && facts_.Imply(node.matchers, left_) && left_ >= 0;
  }

  // Whether what ends at the node pages nobody, elsewhere neither.
  bool Swallows(const RouteSpec& node) {
    for (const RouteSpec& child : node.routes) {
      if (Takes(child)) return false;
    }
    for (auto level = levels_.rbegin(); level != levels_.rend(); ++level) {
      const std::vector<RouteSpec>& siblings = level->node->routes;
      for (std::size_t i = 0; i < siblings.size(); ++i) {
        if (i == level->child || !Takes(siblings[i])) continue;
        // Before the path only a copy can be, as nothing else let it through.
        if (i > level->child || pages_(siblings[i])) return false;
      }
      if (!level->node->continue_matching) break;
    }
    return left_ >= 0;
  }

  const PagesSomebody& pages_;
  Facts facts_;   // of the path
  int left_ = 0;  // comparisons
  std::vector<Level> levels_;
  std::vector<ReachFinding> findings_;
};

}  // namespace

std::vector<ReachFinding> FindUnreached(const RouteSpec& root,
                                        const PagesSomebody& pages) {
  Search search(pages);
  search.Visit(root);
  return std::move(search).Findings();
}

}  // namespace tocsin::routing
