#include "web/handlers/group_action.h"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace tocsin::web {
namespace {

namespace json = boost::json;
using paging::Refusal;

// Ten years: more is a slip of the finger, and -1 says "for ever".
constexpr std::int64_t kMaxDelay = 10LL * 366 * 24 * 3600;
constexpr std::int64_t kForEver = -1;

// The body, where there is one; kInvalid for what is no JSON object.
Result<json::object> ParseBody(std::string_view body) {
  if (body.empty()) return json::object();
  json::parse_options options;
  options.max_depth = 8;
  boost::system::error_code fault;
  const json::value value = json::parse(body, fault, {}, options);
  if (fault || !value.is_object()) {
    return Error{Code::kInvalid, "the body must be a JSON object"};
  }
  return value.get_object();
}

// A whole number; absent where it is another thing.
std::optional<std::int64_t> Whole(const json::value& value) {
  boost::system::error_code fault;
  if (!value.is_number()) return std::nullopt;
  const auto number = value.to_number<std::int64_t>(fault);
  return fault ? std::nullopt : std::optional(number);
}

Result<paging::Event> Silence(std::string by, const json::object& body) {
  const json::value* const delay = body.if_contains("delay");
  if (delay == nullptr || delay->is_null()) {
    return Error{Code::kInvalid, "delay is required"};
  }
  const std::optional<std::int64_t> seconds = Whole(*delay);
  const bool valid = seconds && (*seconds == kForEver ||
                                 (*seconds > 0 && *seconds <= kMaxDelay));
  if (!valid) return Error{Code::kInvalid, "invalid delay value"};
  paging::SilenceRequested event{.by = std::move(by), .length = std::nullopt};
  if (*seconds != kForEver) event.length = std::chrono::seconds(*seconds);
  return paging::Event(std::move(event));
}

Result<paging::Event> Escalate(std::string by, const json::object& body) {
  paging::EscalateRequested event{.by = std::move(by), .step = std::nullopt};
  const json::value* const step = body.if_contains("step");
  if (step != nullptr && !step->is_null()) {
    const std::optional<std::int64_t> number = Whole(*step);
    if (!number || *number < 1) {
      return Error{Code::kInvalid, "step must be a whole number from 1"};
    }
    event.step = static_cast<std::size_t>(*number);
  }
  return paging::Event(std::move(event));
}

}  // namespace

Result<paging::Event> ParseAction(Action action, std::string by,
                                  std::string_view body) {
  switch (action) {
    case Action::kAcknowledge:
      return paging::Event(paging::AcknowledgeRequested{std::move(by)});
    case Action::kUnacknowledge:
      return paging::Event(paging::UnacknowledgeRequested{std::move(by)});
    case Action::kResolve:
      return paging::Event(paging::ResolveRequested{std::move(by)});
    case Action::kUnresolve:
      return paging::Event(paging::UnresolveRequested{std::move(by)});
    case Action::kUnsilence:
      return paging::Event(paging::UnsilenceRequested{std::move(by)});
    case Action::kSilence:
    case Action::kEscalate:
      break;
  }
  const Result<json::object> object = ParseBody(body);
  if (!object.ok()) return object.error();
  return action == Action::kSilence ? Silence(std::move(by), object.value())
                                    : Escalate(std::move(by), object.value());
}

Result<bool> ParseSiblings(Action action, std::string_view body) {
  if (action != Action::kAcknowledge) return false;
  const Result<json::object> object = ParseBody(body);
  if (!object.ok()) return false;
  const json::value* const siblings = object.value().if_contains("siblings");
  if (siblings == nullptr || siblings->is_null()) return false;
  if (!siblings->is_bool()) {
    return Error{Code::kInvalid, "siblings must be true or false"};
  }
  return siblings->get_bool();
}

std::string_view RefusalText(Action action, Refusal refusal) {
  const bool resolved = refusal == Refusal::kResolved;
  switch (action) {
    case Action::kAcknowledge:
      return resolved ? "Can't acknowledge a resolved alert group"
                      : "Can't acknowledge an acknowledged alert group";
    case Action::kUnacknowledge:
      return resolved ? "Can't unacknowledge a resolved alert group"
                      : "Can't unacknowledge an unacknowledged alert group";
    case Action::kResolve:
      return "Can't resolve a resolved alert group";
    case Action::kUnresolve:
      return "Can't unresolve an unresolved alert group";
    case Action::kSilence:
      return "Can't silence a resolved alert group";
    case Action::kUnsilence:
      if (resolved) return "Can't unsilence a resolved alert group";
      return refusal == Refusal::kAcknowledged
                 ? "Can't unsilence an acknowledged alert group"
                 : "Can't unsilence an unsilenced alert group";
    case Action::kEscalate:
      if (resolved) return "Can't escalate a resolved alert group";
      return refusal == Refusal::kMoved
                 ? "The escalation has moved on, look again"
                 : "Nothing to skip: no escalation chain is waiting";
  }
  return "";
}

}  // namespace tocsin::web
