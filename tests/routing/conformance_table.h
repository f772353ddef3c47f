#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "routing/labels.h"
#include "routing/matcher.h"

namespace tocsin::routing {

// A table of facts about Alertmanager from ../shared/conformance beside the
// project. Absent where it is not at hand: says so on stdout and, with
// CI=true, fails the test.
std::optional<boost::json::value> LoadTable(const std::string& file);

// The string at `key` of an object.
std::string TextAt(const boost::json::value& object, std::string_view key);

LabelSet ToLabels(const boost::json::value& object);
MatchOp ToOp(const std::string& text);

// What a row wants and does not get, in words; absent: it gets it.
using Difference = std::optional<std::string>;

// `what` is named where `got` is not `want`.
template <typename T>
Difference Differs(const std::string& what, const T& got, const T& want) {
  if (got == want) return std::nullopt;
  return what;
}
Difference Differs(const std::string& what, const std::string& got,
                   const std::string& want);

// One table, compared row by row. A row must agree, or be listed in
// conformance_exceptions.h; a listed row that agrees is taken off the list.
class Comparison {
 public:
  explicit Comparison(const std::string& file);

  using Row = boost::json::object;
  // All rows of the list `section`. No rows where the table is not at hand.
  void Section(const std::string& section,
               const std::function<Difference(const Row&)>& compare);

  // Says how many rows were compared, and fails where a list was forgotten.
  void Finish() const;

 private:
  std::string file_;
  std::optional<boost::json::value> table_;
  std::set<std::string> sections_;  // those compared
  std::size_t compared_ = 0;
  std::size_t excepted_ = 0;
};

}  // namespace tocsin::routing
