#include "routing/matcher_json.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <optional>
#include <utility>

namespace tocsin::routing {
namespace {

namespace json = boost::json;

Error Bad(std::string_view key, std::string_view what) {
  return {Code::kInvalid, std::string(key) + ": " + std::string(what)};
}

Result<std::string> Text(const json::object& object, std::string_view key) {
  const json::value* const value = object.if_contains(key);
  if (value == nullptr) return Bad(key, "missing");
  if (!value->is_string()) return Bad(key, "must be a string");
  return std::string(value->get_string());
}

Result<bool> Truth(const json::object& object, std::string_view key,
                   std::optional<bool> otherwise) {
  const json::value* const value = object.if_contains(key);
  if (value == nullptr && otherwise) return *otherwise;
  if (value == nullptr) return Bad(key, "missing");
  if (!value->is_bool()) return Bad(key, "must be true or false");
  return value->get_bool();
}

MatchOp OpOf(bool is_regex, bool is_equal) {
  if (is_regex) return is_equal ? MatchOp::kRegex : MatchOp::kNotRegex;
  return is_equal ? MatchOp::kEqual : MatchOp::kNotEqual;
}

}  // namespace

std::string MatcherToJson(const Matcher& matcher) {
  const MatchOp op = matcher.op();
  return json::serialize(json::object{
      {"name", matcher.name()},
      {"value", matcher.value()},
      {"isRegex", op == MatchOp::kRegex || op == MatchOp::kNotRegex},
      {"isEqual", op == MatchOp::kEqual || op == MatchOp::kRegex}});
}

Result<Matcher> MatcherFromJson(std::string_view text) {
  boost::system::error_code fault;
  const json::value value = json::parse(text, fault);
  if (fault || !value.is_object()) {
    return Error{Code::kInvalid, "a matcher must be a JSON object"};
  }
  const json::object& object = value.get_object();
  auto name = Text(object, "name");
  if (!name.ok()) return name.error();
  if (!IsLabelName(name.value())) return Bad("name", "must be a label name");
  auto wanted = Text(object, "value");
  if (!wanted.ok()) return wanted.error();
  const auto is_regex = Truth(object, "isRegex", std::nullopt);
  if (!is_regex.ok()) return is_regex.error();
  const auto is_equal = Truth(object, "isEqual", true);
  if (!is_equal.ok()) return is_equal.error();
  return Matcher::Make(OpOf(is_regex.value(), is_equal.value()),
                       std::move(name).value(), std::move(wanted).value());
}

}  // namespace tocsin::routing
