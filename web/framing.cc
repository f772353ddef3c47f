#include "web/framing.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstdint>
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

template <typename Message>
Request HeadOf(const Message& message) {
  Request request;
  request.method = std::string(View(message.method_string()));
  SetTarget(View(message.target()), request);
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

Framing::Next Framing::Refuse(int status, std::string_view detail) {
  refusal_ = {status, detail};
  return Next::kRefused;
}

Framing::Next Framing::Advance() {
  while (!input_.empty()) {
    if (!parser_) {
      parser_ = std::make_unique<Parser>();
      parser_->impl.eager(true);
      parser_->impl.header_limit(
          static_cast<std::uint32_t>(limits_.header_bytes));
      parser_->impl.body_limit(limits_.body_bytes);
      head_checked_ = false;
    }
    auto& parser = parser_->impl;
    boost::beast::error_code fault;
    const std::size_t used = parser.put(boost::asio::buffer(input_), fault);
    input_.erase(0, used);
    const bool starved = fault == http::error::need_more;
    if (fault == http::error::body_limit) {
      return Refuse(413, "The body is too large.");
    }
    if (fault == http::error::header_limit) {
      return Refuse(431, "The headers are too large.");
    }
    if (fault && !starved) return Refuse(400, "Not a valid HTTP/1.1 request.");
    if (parser.is_header_done() && !head_checked_) {
      if (!CheckHead()) return Next::kRefused;
      if (!parser.is_done() &&
          boost::beast::iequals(parser.get()[http::field::expect],
                                "100-continue")) {
        return Next::kExpectsContinue;
      }
    }
    if (parser.is_done()) return Next::kComplete;
    if (starved || used == 0) break;
  }
  if (parser_ && input_.size() > kMaxUnparsed) {
    return parser_->impl.is_header_done()
               ? Refuse(400, "A chunk's framing is too large.")
               : Refuse(431, "The headers are too large.");
  }
  return Next::kNeedMore;
}

bool Framing::CheckHead() {
  head_checked_ = true;
  const auto& head = parser_->impl.get();
  const std::size_t hosts = head.count(http::field::host);
  if (hosts > 1 || (head.version() == 11 && hosts == 0)) {
    Refuse(400, "There must be exactly one Host header.");
    return false;
  }
  if (head.target().size() > limits_.target_bytes) {
    Refuse(414, "The request target is too long.");
    return false;
  }
  if (head.target().empty() || head.target().front() != '/') {
    Refuse(400, "The request target must be a path.");
    return false;
  }
  const std::size_t lengths = head.count(http::field::content_length);
  const auto length = head[http::field::content_length];
  const bool number = std::all_of(length.begin(), length.end(),
                                  [](char c) { return c >= '0' && c <= '9'; });
  const std::size_t encodings = head.count(http::field::transfer_encoding);
  if (lengths > 1 || !number || (lengths > 0 && encodings > 0)) {
    Refuse(400, "The length of the body is ambiguous.");
    return false;
  }
  if (encodings > 0 && (encodings > 1 || head.version() != 11 ||
                        !boost::beast::iequals(
                            head[http::field::transfer_encoding], "chunked"))) {
    Refuse(501, "The only transfer encoding known is chunked.");
    return false;
  }
  const auto expect = head[http::field::expect];
  if (!expect.empty() && !boost::beast::iequals(expect, "100-continue")) {
    Refuse(417, "The only expectation known is 100-continue.");
    return false;
  }
  return true;
}

Request Framing::Take(Traits& traits) {
  auto message = parser_->impl.release();
  parser_.reset();
  traits.head = message.method() == http::verb::head;
  traits.keep_alive = message.keep_alive();
  traits.http10 = message.version() == 10;
  Request request = HeadOf(message);
  request.body = std::move(message.body());
  return request;
}

Request Framing::Understood() const {
  return parser_ ? HeadOf(parser_->impl.get()) : Request{};
}

bool Framing::InHead() const {
  return !input_.empty() && !(parser_ && parser_->impl.is_header_done());
}

bool Framing::InBody() const {
  return parser_ && parser_->impl.is_header_done();
}

void Framing::Drop() {
  parser_.reset();
  input_ = std::string();
}

std::size_t Framing::Bytes() const {
  return input_.size() + (parser_ ? parser_->impl.get().body().size() : 0);
}

}  // namespace tocsin::web
