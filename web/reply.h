#pragma once

#include <cstdint>
#include <functional>
#include <memory>

#include "web/message.h"
#include "web/stream.h"

namespace tocsin::web {

// The right to answer one request, once, from any thread: the engine's thread
// answers after its commit. A shared handle (copies answer the same request):
// the first Send wins, later ones are ignored. If the last copy goes without
// one, the client gets a 500, so no request stays open for ever.
//
// Sending never blocks: what does not fit the socket is finished by another
// thread. A client that left meanwhile costs a counter. A Reply may outlive
// the server; it then sends what it still can.
class Reply {
 public:
  // Where the answer goes. One of Answer and AnswerByStream is called, exactly
  // once, on the thread that sends, with the number given to the Reply.
  class Target {
   public:
    virtual ~Target() = default;
    virtual void Vouch(std::uint64_t request) = 0;
    virtual void Answer(std::uint64_t request, Response response) = 0;
    virtual web::Stream AnswerByStream(std::uint64_t request,
                                       Response head) = 0;
  };
  using Sink = std::function<void(Response)>;

  Reply(std::shared_ptr<Target> target, std::uint64_t request);
  // For an answer that goes nowhere else; a stream of it is closed.
  explicit Reply(Sink sink);

  // The client has proved who he is. Before the answer, and by nobody at the
  // same time as it.
  void Vouch() const;

  void Send(Response response) const;

  // Answers with a head whose body is written later; that of `head` is the
  // first piece. A closed stream if there was an answer before, the client
  // has left or asked by HEAD, or the server stops.
  web::Stream Stream(Response head) const;

 private:
  class Slot;
  std::shared_ptr<Slot> slot_;  // shared by the copies
};

}  // namespace tocsin::web
