#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "web/tls_context.h"

namespace tocsin::web {

// The server's side of one TLS connection, without a socket: bytes of the
// network go in, bytes for the network come out, nothing waits. What it has to
// say (its part of the handshake, alerts, sealed answers) gathers in order and
// must be sent in that order; Output() takes it, after any other call.
// Confined to its connection's lock.
class TlsSession {
 public:
  // A client that has not ended its handshake by then is none: with a chain of
  // certificates of its own it sends less than 10 KiB.
  static constexpr std::size_t kMaxHandshakeBytes = 64u << 10;

  // Null: no memory.
  static std::unique_ptr<TlsSession> Open(
      std::shared_ptr<const TlsContext> context);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  // Takes bytes of the network and appends what they say to `plain`, which is
  // never more than was taken. kInvalid: the client does not speak TLS, or not
  // as it must; what Output() has, an alert or an answer in plain HTTP, is to
  // be sent, and the connection closed. The sentence is for a log. Nothing is
  // taken after that.
  Status Take(std::string_view wire, std::string& plain);

  // Encrypts. kUnavailable before the end of the handshake, and after a
  // failure or a goodbye.
  Status Seal(std::string_view plain);

  // Tells the client that nothing more comes (close_notify), once. Without
  // effect before the end of the handshake.
  void SayGoodbye();

  // What must be sent now; may be empty. Moved out: the next call has what came
  // since.
  std::string Output();

  bool handshaking() const { return state_ == State::kHandshaking; }
  // The client has said that nothing more comes.
  bool closed() const;

 private:
  enum class State { kHandshaking, kOpen, kFailed };
  struct Library;  // OpenSSL's part, kept out of this header

  explicit TlsSession(std::unique_ptr<Library> library);

  Status TakeSlice(std::string_view wire, std::string& plain);
  Status Handshake();
  Status Read(std::string& plain);
  Status Fail(const std::string& what);

  const std::unique_ptr<Library> library_;
  State state_ = State::kHandshaking;
  bool goodbye_said_ = false;
  std::size_t handshake_bytes_ = 0;
  std::size_t plain_bytes_ = 0;
  std::size_t chatter_bytes_ = 0;  // what we had to say without being asked
};

}  // namespace tocsin::web
