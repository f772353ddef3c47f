#include "web/framing.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
#include <iterator>
#include <utility>

namespace tocsin::web {
namespace {

namespace http = boost::beast::http;

// Room for the framing of chunks between two parts of a body. Extensions of
// chunks are legal and used by nobody; one that is longer ends the connection.
constexpr std::size_t kMaxUnparsed = 16 * 1024;

std::string_view View(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

// Where the path of `http://host/path` begins; npos for anything else. Names
// of users have no place in it (RFC 9110, 4.2.4).
std::size_t PathOfUrl(std::string_view target) {
  std::size_t host = std::string_view::npos;
  for (const std::string_view scheme : {"http://", "https://"}) {
    const std::string_view start = target.substr(0, scheme.size());
    if (boost::beast::iequals({start.data(), start.size()},
                              {scheme.data(), scheme.size()})) {
      host = scheme.size();
    }
  }
  if (host == std::string_view::npos) return host;
  const std::size_t path =
      std::min(target.find_first_of("/?", host), target.size());
  const std::string_view authority = target.substr(host, path - host);
  const bool good =
      !authority.empty() && authority.find('@') == std::string_view::npos;
  return good ? path : std::string_view::npos;
}

void SetTargetOf(std::string_view target, Request& request) {
  const bool url = !target.empty() && target.front() != '/' && target != "*";
  const std::size_t path = url ? PathOfUrl(target) : 0;
  if (path == std::string_view::npos) return;  // refused, or about to be
  SetTarget(target.substr(path), request);
  if (request.path.empty()) request.path += '/';
}

template <typename Message>
Framing::Traits TraitsOf(const Message& message) {
  return {.head = message.method() == http::verb::head,
          .keep_alive = message.keep_alive(),
          .http10 = message.version() == 10};
}

template <typename Message>
std::size_t FieldsOf(const Message& message) {
  return static_cast<std::size_t>(
      std::distance(message.begin(), message.end()));
}

template <typename Message>
Request HeadOf(const Message& message) {
  Request request;
  request.method = std::string(View(message.method_string()));
  SetTargetOf(View(message.target()), request);
  for (const auto& field : message) {
    request.headers.emplace_back(View(field.name_string()),
                                 View(field.value()));
  }
  return request;
}

}  // namespace

struct Framing::Parser {
  http::request_parser<http::string_body> impl;
};

Framing::Framing(const Limits& limits) : limits_(limits) {}
Framing::~Framing() = default;

void Framing::Append(std::string_view bytes) { input_.append(bytes); }

Framing::Next Framing::Refuse(int status, std::string_view reason,
                              std::string_view detail) {
  refusal_ = {status, reason, detail};
  return Next::kRefused;
}

void Framing::Begin() {
  parser_ = std::make_unique<Parser>();
  auto& parser = parser_->impl;
  parser.header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
  parser.body_limit(limits_.body_bytes);
  parser.eager(false);  // stops behind the headers, so they can be counted
  head_bytes_ = 0;
  head_told_ = false;
}

Framing::Next Framing::Advance() {
  while (!input_.empty()) {
    if (!parser_) Begin();
    auto& parser = parser_->impl;
    const bool in_head = !parser.is_header_done();
    const std::size_t room =
        in_head ? limits_.header_bytes - head_bytes_ : input_.size();
    const std::size_t given = std::min(room, input_.size());
    boost::beast::error_code fault;
    const std::size_t used =
        parser.put(boost::asio::buffer(input_.data(), given), fault);
    input_.erase(0, used);
    const bool starved = fault == http::error::need_more;
    if (fault == http::error::body_limit) {
      return Refuse(413, "body_bytes", "The body is too large.");
    }
    const bool full = in_head && !parser.is_header_done() && given == room;
    if (fault == http::error::header_limit || (full && (starved || !fault))) {
      return Refuse(431, "header_bytes", "The headers are too large.");
    }
    if (fault && !starved) {
      return Refuse(400, "malformed", "Not a valid HTTP/1.1 request.");
    }
    if (in_head) head_bytes_ += used;
    if (in_head && parser.is_header_done()) {
      if (!CheckHead()) return Next::kRefused;
      head_fields_ = FieldsOf(parser.get());
      parser.eager(true);
    }
    if (parser.is_done() && HasTrailers()) {
      return Refuse(400, "malformed", "Trailers are not taken.");
    }
    if (parser.is_done()) return Next::kComplete;
    if (starved || used == 0) break;
  }
  if (!InBody()) return Next::kNeedMore;
  if (!std::exchange(head_told_, true)) return Next::kHead;
  if (input_.size() <= kMaxUnparsed) return Next::kNeedMore;
  return Refuse(400, "malformed", "A chunk's framing is too large.");
}

bool Framing::CheckHead() {
  const auto& head = parser_->impl.get();
  const std::size_t hosts = head.count(http::field::host);
  if (hosts > 1 || (head.version() == 11 && hosts == 0)) {
    Refuse(400, "malformed", "There must be exactly one Host header.");
    return false;
  }
  if (!CheckTarget() || !CheckLength()) return false;
  const auto expect = head[http::field::expect];
  if (!expect.empty() && !boost::beast::iequals(expect, "100-continue")) {
    Refuse(417, "unsupported", "The only expectation known is 100-continue.");
    return false;
  }
  return true;
}

bool Framing::CheckTarget() {
  const auto& head = parser_->impl.get();
  const std::string_view target = View(head.target());
  if (target.size() > limits_.target_bytes) {
    Refuse(414, "target_bytes", "The request target is too long.");
    return false;
  }
  const bool good = target.starts_with('/') ||
                    (target == "*" && head.method() == http::verb::options) ||
                    PathOfUrl(target) != std::string_view::npos;
  if (!good) {
    Refuse(400, "malformed", "The request target must be a path.");
  }
  return good;
}

bool Framing::CheckLength() {
  const auto& head = parser_->impl.get();
  const std::size_t lengths = head.count(http::field::content_length);
  const auto length = head[http::field::content_length];
  const bool number = std::all_of(length.begin(), length.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  const std::size_t encodings = head.count(http::field::transfer_encoding);
  if (lengths > 1 || !number || (lengths > 0 && encodings > 0)) {
    Refuse(400, "malformed", "The length of the body is ambiguous.");
    return false;
  }
  if (encodings > 0 && (encodings > 1 || head.version() != 11 ||
                        !boost::beast::iequals(
                            head[http::field::transfer_encoding], "chunked"))) {
    Refuse(501, "unsupported", "The only transfer encoding known is chunked.");
    return false;
  }
  return true;
}

// Requires a whole message. The library puts the fields of a trailer among
// those of the head, where one could pass for a credential.
bool Framing::HasTrailers() const {
  return FieldsOf(parser_->impl.get()) != head_fields_;
}

Request Framing::Take(Traits& traits) {
  auto message = parser_->impl.release();
  parser_.reset();
  traits = TraitsOf(message);
  Request request = HeadOf(message);
  request.body = std::move(message.body());
  return request;
}

Request Framing::Understood() const {
  return parser_ ? HeadOf(parser_->impl.get()) : Request{};
}

Framing::Traits Framing::UnderstoodTraits() const {
  return parser_ ? TraitsOf(parser_->impl.get()) : Traits{};
}

bool Framing::ExpectsContinue() const {
  return boost::beast::iequals(parser_->impl.get()[http::field::expect],
                               "100-continue");
}

bool Framing::InHead() const {
  return parser_ ? !parser_->impl.is_header_done() : !input_.empty();
}

bool Framing::InBody() const {
  return parser_ && parser_->impl.is_header_done();
}

void Framing::Drop() {
  parser_.reset();
  input_ = std::string();
}

std::size_t Framing::Bytes() const {
  return input_.size() +
         (parser_ ? head_bytes_ + parser_->impl.get().body().size() : 0);
}

}  // namespace tocsin::web
