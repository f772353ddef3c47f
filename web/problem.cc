#include "web/problem.h"

#include <boost/json.hpp>

namespace tocsin::web {

int HttpStatus(Code code) {
  switch (code) {
    case Code::kInvalid:
      return 400;
    case Code::kUnauthenticated:
      return 401;
    case Code::kForbidden:
      return 403;
    case Code::kNotFound:
      return 404;
    case Code::kConflict:
      return 409;
    case Code::kExhausted:
    case Code::kUnavailable:
      return 503;
    case Code::kDataLoss:
    case Code::kInternal:
      return 500;
  }
  return 500;
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 406:
      return "Not Acceptable";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 417:
      return "Expectation Failed";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
  }
  return "Status";
}

Response ProblemFor(int status, std::string_view detail) {
  Response response{.status = status};
  response.body = boost::json::serialize(boost::json::object{
      {"detail", boost::json::string_view(detail.data(), detail.size())}});
  if (status == 401) {
    response.headers = {{"WWW-Authenticate", "Bearer realm=\"tocsin\""}};
  }
  return response;
}

Response ProblemFor(const Error& error) {
  const int status = HttpStatus(error.code);
  if (status == 503) {
    return ProblemFor(status, "Temporarily unavailable, send again.");
  }
  if (status == 500) return ProblemFor(status, "Internal error.");
  return ProblemFor(status, error.message);
}

Response FieldProblem(std::string_view field, std::string_view text) {
  boost::json::object body;
  body[boost::json::string_view(field.data(), field.size())] =
      boost::json::array{boost::json::string_view(text.data(), text.size())};
  return {.status = 400, .body = boost::json::serialize(body)};
}

}  // namespace tocsin::web
