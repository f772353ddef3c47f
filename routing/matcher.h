#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "routing/labels.h"

namespace tocsin::routing {

enum class MatchOp { kEqual, kNotEqual, kRegex, kNotRegex };

// One condition on a label, `severity=~"page|ticket"`. Regexes are RE2 and
// anchored at both ends; a missing label is the empty string. Immutable,
// cheap to copy (the compiled regex is shared by the copies), thread-safe.
class Matcher {
 public:
  // Fails on a regex that RE2 does not take; the message names it.
  static Result<Matcher> Make(MatchOp op, std::string name, std::string value);

  bool Matches(std::string_view label_value) const;
  bool Matches(const LabelSet& labels) const;

  MatchOp op() const { return op_; }
  const std::string& name() const { return name_; }
  const std::string& value() const { return value_; }

  // `name="value"` as Alertmanager prints it; ParseMatchers takes it back.
  std::string Text() const;

  // Equal in what they say.
  bool operator==(const Matcher& other) const;

 private:
  struct Regex;
  Matcher(MatchOp op, std::string name, std::string value,
          std::shared_ptr<const Regex> regex);

  MatchOp op_;
  std::string name_;
  std::string value_;
  std::shared_ptr<const Regex> regex_;  // shared with copies; null for = and !=
};

// How the two grammars took a line of matchers.
enum class Agreement {
  kAgreed,        // one meaning, or only the UTF-8 grammar takes it
  kIncompatible,  // only the classic grammar takes it
  kDisagreed,     // both take it, as different things: the classic one counts
};

struct MatcherLine {
  std::vector<Matcher> matchers;
  Agreement agreement = Agreement::kAgreed;
};

// Parses one line of `matchers:`: one or more matchers, optionally in braces
// and separated by commas; "" and "{}" are none. Alertmanager's fallback rule:
// what the classic syntax takes means what it means there, else the UTF-8
// syntax (quoted names) decides, and if both refuse, the error is the classic
// one. Alertmanager warns of all but kAgreed, and so should who calls this.
Result<MatcherLine> ParseMatchers(std::string_view text);

// The same for exactly one matcher, as people type it in a command line:
// without braces, and a comma is part of the value where the classic syntax
// takes the text.
Result<MatcherLine> ParseMatcher(std::string_view text);

}  // namespace tocsin::routing
