#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "daemon/ctl/command.h"
#include "http/loop.h"

// Private to ctl: the only header with Boost.JSON in it.
namespace tocsin::ctl {

using Answer = std::variant<boost::json::value, Failure>;
using Query = std::vector<std::pair<std::string, std::string>>;

// Talks to the daemon that an invocation names, under /api/v1/. Every call is
// one request and waits for its answer. Confined to one thread.
class Client {
 public:
  // The invocation outlives it.
  explicit Client(const Invocation& invocation);

  // `path` comes after "/api/v1/". An empty answer is JSON null. A Failure
  // carries the daemon's own sentence where there is one.
  Answer Get(std::string_view path, const Query& query = {}) const;
  // A `body` of null is none.
  Answer Post(std::string_view path, const boost::json::value& body) const;

  // Asks the daemon to reload its configuration; the answer is the text of it.
  // A refused file is a Failure with all its faults.
  std::variant<std::string, Failure> Reload() const;

 private:
  Answer Send(std::string method, std::string_view path, const Query& query,
              const boost::json::value& body) const;
  // Who asks: a token for the API, a user for all else; nobody where the
  // invocation names no file.
  enum class As { kToken, kUser };
  std::variant<http::Response, Failure> Fetch(std::string method,
                                              const std::string& target, As who,
                                              std::chrono::milliseconds timeout,
                                              std::string body = {}) const;
  Outcome AddWho(As who, http::Request& request) const;

  const Invocation& invocation_;
  const std::string url_;
};

// A path segment with everything but unreserved characters escaped.
std::string PathSegment(std::string_view text);

// The member `name` of an object as one line of text: strings as they are,
// numbers in digits, null and absent as "".
std::string Text(const boost::json::value& object, std::string_view name);

// The member `name` of an object; null when it is absent or something else.
const boost::json::array* ArrayOf(const boost::json::value& object,
                                  std::string_view name);
const boost::json::object* ObjectOf(const boost::json::value& object,
                                    std::string_view name);

// "2026-11-23 05:53:57Z" of the API's "2026-11-23T05:53:57.123Z".
std::string Seconds(const std::string& rfc3339);

// `value` as JSON on stdout, one document, newline at the end.
void PrintJson(const boost::json::value& value);

}  // namespace tocsin::ctl
