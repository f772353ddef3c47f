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

 private:
  struct Regex;
  Matcher(MatchOp op, std::string name, std::string value,
          std::shared_ptr<const Regex> regex);

  MatchOp op_;
  std::string name_;
  std::string value_;
  std::shared_ptr<const Regex> regex_;  // shared with copies; null for = and !=
};

// Parses one line of `matchers:`: one or more matchers, optionally in braces
// and separated by commas; "" and "{}" are none. Alertmanager's fallback rule:
// what the classic syntax takes means what it means there, else the UTF-8
// syntax (quoted names) decides, and if both refuse, the error is the classic
// one.
Result<std::vector<Matcher>> ParseMatchers(std::string_view text);

}  // namespace tocsin::routing
