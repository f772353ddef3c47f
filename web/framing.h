#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "web/limits.h"
#include "web/message.h"

namespace tocsin::web {

// Why the connection answered a request by itself. Static texts.
struct Refusal {
  int status = 400;
  std::string_view reason;  // as metrics::Metrics::HttpRefused has it
  std::string_view detail;  // one sentence for the client
};

// Cuts the bytes of one connection into requests, strictly: what two parsers
// could understand differently is refused, so nothing can be smuggled past a
// proxy. Asked for are exactly one Host (HTTP/1.1), a target that is a path, a
// whole http URL (its host then counts, not the header's: RFC 9112, 3.2.2) or
// the `*` of OPTIONS, one Content-Length or `Transfer-Encoding: chunked`, never
// both; fields behind a chunked body, which would count as headers, are
// refused. After a refusal the connection must be closed: where its next
// request would begin is unknown. Confined to the connection's lock.
class Framing {
 public:
  enum class Next {
    kNeedMore,  // no complete request yet
    kHead,      // headers are whole, the body is not; told once a request
    kComplete,  // Take the request
    kRefused,   // answer with refusal() and close
  };
  // What of a request its answer depends on.
  struct Traits {
    bool head = false;        // a body must not be sent
    bool keep_alive = false;  // the client would send more
    bool http10 = false;
  };

  explicit Framing(const Limits& limits);
  ~Framing();

  void Append(std::string_view bytes);

  // Goes on as far as the bytes allow.
  Next Advance();

  // Requires kComplete.
  Request Take(Traits& traits);

  // Requires kRefused.
  const Refusal& refusal() const { return refusal_; }
  // The request line and headers, as far as they were understood.
  Request Understood() const;
  Traits UnderstoodTraits() const;
  // Requires kHead: the client waits for a 100 before it sends the body.
  bool ExpectsContinue() const;

  bool InHead() const;        // some bytes of a request, headers not complete
  bool InBody() const;        // headers complete, body not
  std::size_t Bytes() const;  // held in memory
  // Lets go of all memory; nothing but the destructor may follow.
  void Drop();
  bool HasInput() const { return !input_.empty(); }

 private:
  struct Parser;  // Boost.Beast's, kept out of this header

  Next Refuse(int status, std::string_view reason, std::string_view detail);
  void Begin();
  bool CheckHead();
  bool CheckTarget();
  bool CheckLength();
  bool HasTrailers() const;

  const Limits limits_;
  std::string input_;  // not parsed yet
  std::unique_ptr<Parser> parser_;
  std::size_t head_bytes_ = 0;  // parsed of its request line and headers
  std::size_t head_fields_ = 0;
  bool head_told_ = false;
  Refusal refusal_;
};

}  // namespace tocsin::web
