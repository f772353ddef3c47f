#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "web/framing.h"
#include "web/message.h"
#include "web/traffic.h"

namespace tocsin::web {

// One client's connection, owned by two sides: the transport, which brings
// input, and the Reply of the request in flight, which brings its answer from
// whatever thread. At most one request is in flight; what the client pipelines
// behind it waits here, and goes on, on a worker, when the answer has left.
//
// It writes through a descriptor of its own (a dup of the transport's), which
// stays open as long as the object: a number cannot be reused under an answer,
// so no answer reaches another client. Nothing here blocks. Thread-safe.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // Takes a dup of `fd`, which stays the transport's. If there are too many
  // connections, or no descriptor is left, this one is told so and closed.
  static std::shared_ptr<Connection> Open(std::shared_ptr<Traffic> traffic,
                                          int fd);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Bytes came in. Runs the application for requests that are complete.
  void OnInput(std::string_view bytes) EXCLUDES(mutex_);

  // The client closed its side. An answer in flight is still tried: the client
  // may have closed only the half it writes on.
  void OnLeft() EXCLUDES(mutex_);

  // A tick passed: enforces the deadline of the present phase.
  void OnTick() EXCLUDES(mutex_);

  void CloseIfIdle() EXCLUDES(mutex_);
  void Close() EXCLUDES(mutex_);

 private:
  enum class Phase {
    kIdle,       // between requests
    kHead,       // some bytes of a request, headers not complete
    kBody,       // headers complete, body not
    kAnswering,  // a request is in flight
    kSending,    // its answer is with the late writer
    kLingering,  // we have said that we close; input is thrown away
    kClosed,
  };

  Connection(std::shared_ptr<Traffic> traffic, int fd);

  bool Reading() const REQUIRES(mutex_);
  void SetPhase(Phase phase) REQUIRES(mutex_);
  void Advance() REQUIRES(mutex_);
  void AwaitInput() REQUIRES(mutex_);
  void Dispatch() REQUIRES(mutex_);
  void Run(Request request) EXCLUDES(mutex_);
  void Respond(const Response& response) REQUIRES(mutex_);
  void Refuse(int status, std::string_view detail) REQUIRES(mutex_);
  void Write(std::string wire) REQUIRES(mutex_);
  void WriteContinue() REQUIRES(mutex_);
  void SendingEnds(bool whole) EXCLUDES(mutex_);
  void AnswerEnds() REQUIRES(mutex_);
  void Resume() REQUIRES(mutex_);
  void Discard(std::size_t bytes) REQUIRES(mutex_);
  bool CountBuffered() REQUIRES(mutex_);
  void DropInput() REQUIRES(mutex_);
  void CountLeft() REQUIRES(mutex_);
  void Shut() REQUIRES(mutex_);
  void EndFlight() REQUIRES(mutex_);

  const std::shared_ptr<Traffic> traffic_;  // shared with all connections
  const int fd_;
  Mutex mutex_;
  Framing framing_ GUARDED_BY(mutex_);
  Phase phase_ GUARDED_BY(mutex_) = Phase::kIdle;
  Framing::Traits traits_ GUARDED_BY(mutex_);  // of the request in flight
  bool in_flight_ GUARDED_BY(mutex_) = false;
  bool closes_ GUARDED_BY(mutex_) = false;     // when the answer is out
  bool advancing_ GUARDED_BY(mutex_) = false;  // a thread is in Advance
  bool left_ GUARDED_BY(mutex_) = false;
  bool left_counted_ GUARDED_BY(mutex_) = false;
  std::size_t ticks_ GUARDED_BY(mutex_) = 0;      // in the present phase
  std::size_t share_ GUARDED_BY(mutex_) = 0;      // of the buffered bytes
  std::size_t handed_ GUARDED_BY(mutex_) = 0;     // with the application
  std::size_t discarded_ GUARDED_BY(mutex_) = 0;  // while lingering
};

}  // namespace tocsin::web
