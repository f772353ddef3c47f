#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tocsin::web {

using Headers = std::vector<std::pair<std::string, std::string>>;

// One complete request, as the framing let it through: the target is a path
// that starts with '/' (or the `*` of OPTIONS), within the limits, and the body
// is whole.
struct Request {
  std::string method;  // "GET"
  std::string path;    // up to '?', still percent-encoded
  std::string query;   // after '?', still percent-encoded
  Headers headers;     // in the order they came
  std::string body;
  std::string sender{};  // the address it came from, without port; may be ""

  // The value of the first header of that name (in any case), or "".
  std::string_view Header(std::string_view name) const;

  // The values of all headers of that name, which is a list, as one list.
  std::string HeaderList(std::string_view name) const;
};

// What is sent back. Content-Length, Content-Type and Connection are written
// by the connection; CR, LF and NUL in header values are dropped. A body for
// HEAD, 204 or 304 is not sent.
struct Response {
  int status = 200;
  std::string body{};
  std::string content_type = "application/json";
  Headers headers{};
};

// What the head of a request is worth while its body is still to come.
struct Admission {
  std::optional<Response> refused{};  // its answer; absent: the body is taken
  bool known = false;                 // it shows who sends it
};

// Splits the target of a request into path and query.
void SetTarget(std::string_view target, Request& request);

}  // namespace tocsin::web
