#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

namespace tocsin::web {

// An answer without an end that is known: the head went out, the body follows
// in pieces for as long as both sides like (server-sent events). Begun by
// Reply::Stream. A shared handle; when the last copy goes, the stream ends.
//
// The connection stays open and belongs to the stream alone: it closes with
// it. A stream is no request in flight: a server that stops ends it at once.
// Thread-safe. May outlive the server; it is closed then.
class Stream {
 public:
  // The connection's side.
  class Port {
   public:
    virtual ~Port() = default;
    virtual bool WriteToStream(std::string_view bytes) = 0;
    virtual void EndStream() = 0;
    virtual bool StreamIsOpen() const = 0;
    virtual std::size_t StreamUnsent() const = 0;
  };

  // A closed one, as of a client that asked by HEAD or has left.
  Stream() = default;
  explicit Stream(std::shared_ptr<Port> port);

  // Never blocks. What the client has not taken yet waits, up to
  // Limits::stream_bytes; a reader further behind is dropped. False from then
  // on, and when the client left or the server stops. Empty `bytes` write
  // nothing.
  [[nodiscard]] bool Write(std::string_view bytes) const;

  // Ends the body in order and closes. Idempotent.
  void End() const;

  // Whether a Write could still reach the client. A client that vanished
  // without a word is noticed by writing only: send heartbeats.
  bool open() const;

  // Bytes that the client has not taken yet; who has a lot to say waits until
  // there are none.
  std::size_t unsent() const;

 private:
  class Holder;
  std::shared_ptr<Holder> holder_;  // shared by the copies
};

}  // namespace tocsin::web
