#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "web/late_writer.h"
#include "web/tls_session.h"

namespace tocsin::web {

// The bytes of one connection in both directions: through its TLS session, if
// it has one, and out in the order in which they came to be. What a socket
// does not take at once goes to the late writer, one piece at a time, and what
// is sent meanwhile waits behind it. Nothing blocks. Confined to its
// connection's lock.
class Channel {
 public:
  enum class State {
    kClear,    // the system has all that was sent
    kSending,  // some of it is still here
    kBroken,   // it cannot be sent: the client is gone, or we stop
  };
  // Makes what the late writer calls when it has finished a piece; it takes
  // the connection's lock and calls PieceEnded.
  using MakeDone = std::function<LateWriter::Done()>;

  // Owns `fd`, which may be -1: broken. No `session`: plain HTTP. The late
  // writer gets `ticks` for each piece.
  Channel(int fd, std::unique_ptr<TlsSession> session, LateWriter& late_writer,
          std::size_t ticks, MakeDone make_done);
  ~Channel();
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  bool secure() const { return session_ != nullptr; }
  // Requires secure().
  bool handshaking() const { return session_->handshaking(); }
  // The client has said that it sends no more.
  bool client_done() const { return session_ && session_->closed(); }

  // Opens what came from the network; requires secure(). On an error what the
  // session has to say about it is on its way: nothing may follow.
  Status Open(std::string_view wire, std::string& plain);

  State Send(std::string plain);
  State PieceEnded(LateWriter::End end);
  State state() const { return state_; }

  // Bytes that are still here; those of the piece that is being sent count
  // until all of it is.
  std::size_t unsent() const { return in_hand_ + waiting_.size(); }

  // Nothing more is sent: says so by TLS, if that is possible at once, then by
  // closing the half we write on.
  void EndWriting();
  // The end, both ways. The transport sees it and lets go of the connection.
  void Shut();

 private:
  State SendWire(std::string wire);
  State HandOver(std::string wire, std::size_t offset);

  const int fd_;
  const std::unique_ptr<TlsSession> session_;
  LateWriter& late_writer_;
  const std::size_t ticks_;
  const MakeDone make_done_;
  State state_;
  std::size_t in_hand_ = 0;  // of the piece with the late writer
  std::string waiting_;      // behind it
};

}  // namespace tocsin::web
