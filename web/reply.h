#pragma once

#include <functional>
#include <memory>

#include "web/message.h"

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
  using Sink = std::function<void(Response)>;

  // `sink` is called exactly once, on the thread that sends.
  explicit Reply(Sink sink);

  void Send(Response response) const;

 private:
  class Slot;
  std::shared_ptr<Slot> slot_;  // shared by the copies
};

}  // namespace tocsin::web
