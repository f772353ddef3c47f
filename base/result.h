#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace tocsin {

// What kind of thing went wrong, from the caller's point of view. Two tables
// read it: web/problem.cc (to an HTTP status) and notify/retry.cc (to "retry"
// or "final"). Add a code only when both tables would treat it differently.
enum class Code {
  kInvalid,          // the request or the file is wrong; repeating is no use
  kUnauthenticated,  // no credentials, or wrong ones
  kForbidden,        // known, but not allowed to do this
  kNotFound,         // the thing named does not exist
  kConflict,         // the state does not allow it, or somebody was faster
  kExhausted,        // a limit or a queue is full; later may work
  kUnavailable,      // something we need does not answer; later may work
  kDataLoss,         // stored bytes are damaged
  kInternal,         // a fault of ours
};

// Returns the stable lower-case word of a code, as logs and metrics show it.
constexpr const char* CodeName(Code code) {
  switch (code) {
    case Code::kInvalid:
      return "invalid";
    case Code::kUnauthenticated:
      return "unauthenticated";
    case Code::kForbidden:
      return "forbidden";
    case Code::kNotFound:
      return "not_found";
    case Code::kConflict:
      return "conflict";
    case Code::kExhausted:
      return "exhausted";
    case Code::kUnavailable:
      return "unavailable";
    case Code::kDataLoss:
      return "data_loss";
    case Code::kInternal:
      return "internal";
  }
  return "internal";
}

// A failure: a code to branch on and one sentence for an operator that says
// what failed, on what, and why ("cannot open tocsin.db: disk is read-only").
struct Error {
  Code code = Code::kInternal;
  std::string message;
};

// A value, or the Error that explains its absence. Never both, never neither.
// Immutable use is thread-safe; the type itself holds no lock.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : data_(std::move(value)) {}  // NOLINT: implicit by intent
  Result(Error error) : data_(std::move(error)) {}  // NOLINT: so is this

  bool ok() const { return std::holds_alternative<T>(data_); }

  // Requires ok(); a violation is a broken invariant and aborts.
  T& value() & {
    TOCSIN_CHECK(ok());
    return std::get<T>(data_);
  }
  const T& value() const& {
    TOCSIN_CHECK(ok());
    return std::get<T>(data_);
  }
  // By value, so that `for (x : Read().value())` does not dangle.
  T value() && {
    TOCSIN_CHECK(ok());
    return std::get<T>(std::move(data_));
  }

  // Requires !ok().
  const Error& error() const {
    TOCSIN_CHECK(!ok());
    return std::get<Error>(data_);
  }

 private:
  std::variant<T, Error> data_;
};

// Success, or an Error.
class [[nodiscard]] Status {
 public:
  Status() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): implicit by intent
  Status(Error error) : error_(std::move(error)) {}

  bool ok() const { return !error_.has_value(); }

  // Requires !ok().
  const Error& error() const {
    TOCSIN_CHECK(!ok());
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace tocsin
