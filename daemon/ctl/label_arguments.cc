#include "daemon/ctl/label_arguments.h"

#include <string_view>
#include <utility>

#include "routing/matcher.h"

namespace tocsin::ctl {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

// Where the `=` behind the name is; npos: there is none.
std::size_t FindEquals(std::string_view word) {
  std::size_t from = word.find_first_not_of(kBlanks);
  if (from == std::string_view::npos || word[from] != '"') from = 0;
  for (bool quoted = false; from < word.size(); ++from) {
    if (word[from] == '\\')
      ++from;
    else if (word[from] == '"')
      quoted = !quoted;
    else if (word[from] == '=' && !quoted)
      return from;
  }
  return std::string_view::npos;
}

// The word as the grammar of matchers takes it: without quotes a comma would
// begin another one.
std::string WithQuotes(std::string_view word) {
  const std::size_t equals = FindEquals(word);
  if (equals == std::string_view::npos) return std::string(word);
  std::string_view value = word.substr(equals + 1);
  const std::size_t begin = value.find_first_not_of(kBlanks);
  value.remove_prefix(std::min(begin, value.size()));
  value = value.substr(0, value.find_last_not_of(kBlanks) + 1);
  if (!value.empty() && (value[0] == '"' || value[0] == '~')) {
    return std::string(word);
  }
  std::string text(word.substr(0, equals + 1));
  text += '"';
  text += value;
  // A backslash at the end stands for itself; it must not take the quote.
  const std::size_t rest = value.size() - (value.find_last_not_of('\\') + 1);
  if (rest % 2 != 0) text += '\\';
  return text + '"';
}

}  // namespace

Result<routing::LabelSet> ParseLabels(const std::vector<std::string>& words) {
  std::vector<routing::LabelSet::Label> labels;
  for (const std::string& word : words) {
    const auto line = routing::ParseMatchers(WithQuotes(word));
    if (!line.ok()) {
      return Error{Code::kInvalid, "cannot read the label '" + word +
                                       "': " + line.error().message};
    }
    const std::vector<routing::Matcher>& matchers = line.value().matchers;
    if (matchers.size() != 1 || word.find_first_of("{}") == 0 ||
        matchers.front().op() != routing::MatchOp::kEqual) {
      return Error{Code::kInvalid,
                   "a label is written NAME=VALUE, not '" + word + "'"};
    }
    labels.emplace_back(matchers.front().name(), matchers.front().value());
  }
  return routing::LabelSet(std::move(labels));
}

}  // namespace tocsin::ctl
