#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "web/channel.h"
#include "web/framing.h"
#include "web/message.h"
#include "web/reply.h"
#include "web/stream.h"
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
class Connection final : public std::enable_shared_from_this<Connection>,
                         public Reply::Target,
                         public Stream::Port {
 public:
  // Takes a dup of `fd`, which stays the transport's. If there are too many
  // connections, or no descriptor is left, this one is closed.
  static std::shared_ptr<Connection> Open(std::shared_ptr<Traffic> traffic,
                                          int fd);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Bytes came in. Runs the application for requests that are complete.
  void OnInput(std::string_view bytes) EXCLUDES(mutex_);

  // The client closed its side. An answer in flight is still tried: the client
  // may have closed only the half it writes on.
  void OnLeft() EXCLUDES(mutex_);

  // A tick passed: enforces the deadline of the present phase.
  void OnTick() EXCLUDES(mutex_);

  // Closes, to make room for another one; false when it is a known client's,
  // or a request of it is being served.
  bool GiveWay() EXCLUDES(mutex_);

  // The server stops: closes if nothing is under way, ends a stream.
  void Drain() EXCLUDES(mutex_);
  void Close() EXCLUDES(mutex_);

  void Vouch(std::uint64_t request) override EXCLUDES(mutex_);
  void Answer(std::uint64_t request, Response response) override
      EXCLUDES(mutex_);
  Stream AnswerByStream(std::uint64_t request, Response head) override
      EXCLUDES(mutex_);
  bool WriteToStream(std::string_view bytes) override EXCLUDES(mutex_);
  void EndStream() override EXCLUDES(mutex_);
  bool StreamIsOpen() const override EXCLUDES(mutex_);
  std::size_t StreamUnsent() const override EXCLUDES(mutex_);

 private:
  enum class Phase {
    kHandshake,  // of TLS
    kIdle,       // between requests
    kHead,       // some bytes of a request, headers not complete
    kBody,       // headers complete, body not
    kAnswering,  // a request is in flight
    kStreaming,  // a stream is under way
    kSending,    // an answer, or a stream's end, is with the late writer
    kLingering,  // we have said that we close; input is thrown away
    kClosed,
  };

  Connection(std::shared_ptr<Traffic> traffic, int fd);

  void Enter(bool room) EXCLUDES(mutex_);
  bool Reading() const REQUIRES(mutex_);
  void SetPhase(Phase phase) REQUIRES(mutex_);
  void TakeSealed(std::string_view wire) REQUIRES(mutex_);
  void TakeBytes(std::string_view bytes) REQUIRES(mutex_);
  void Leave() REQUIRES(mutex_);
  void Advance() REQUIRES(mutex_);
  void AwaitInput() REQUIRES(mutex_);
  void JudgeHead() REQUIRES(mutex_);
  void Dispatch() REQUIRES(mutex_);
  void RunOnWorker(Request request) REQUIRES(mutex_);
  void Run(Request request, std::uint64_t number) EXCLUDES(mutex_);
  void GiveUpAnswer() REQUIRES(mutex_);
  bool Awaits(std::uint64_t request) REQUIRES(mutex_);
  void Respond(const Response& response) REQUIRES(mutex_);
  void Welcome() REQUIRES(mutex_);
  void Tell(Request head, const Refusal& refusal) REQUIRES(mutex_);
  void Refuse(const Refusal& refusal) REQUIRES(mutex_);
  void RefuseWhole(const Request& request, const Refusal& refusal)
      REQUIRES(mutex_);
  void RefuseBy(const Response& response) REQUIRES(mutex_);
  void Write(const Response& response, const Framing::Traits& traits)
      REQUIRES(mutex_);
  void WriteContinue() REQUIRES(mutex_);
  void FinishSending(Channel::State sent) REQUIRES(mutex_);
  void PieceEnds(LateWriter::End end) EXCLUDES(mutex_);
  void AnswerEnds() REQUIRES(mutex_);
  void FinishStream() REQUIRES(mutex_);
  void Resume() REQUIRES(mutex_);
  void Discard(std::size_t bytes) REQUIRES(mutex_);
  bool CountBuffered() REQUIRES(mutex_);
  void DropInput() REQUIRES(mutex_);
  void CountLeft() REQUIRES(mutex_);
  void ShutFor(std::string_view reason) REQUIRES(mutex_);
  void Shut() REQUIRES(mutex_);
  void EndFlight() REQUIRES(mutex_);

  const std::shared_ptr<Traffic> traffic_;  // shared with all connections
  const std::string sender_;
  mutable Mutex mutex_;
  Channel channel_ GUARDED_BY(mutex_);
  Framing framing_ GUARDED_BY(mutex_);
  Phase phase_ GUARDED_BY(mutex_);
  Framing::Traits traits_ GUARDED_BY(mutex_);      // of the request in flight
  std::uint64_t request_ GUARDED_BY(mutex_) = 0;   // its number
  std::uint64_t given_up_ GUARDED_BY(mutex_) = 0;  // the last one answered so
  bool in_flight_ GUARDED_BY(mutex_) = false;
  bool closes_ GUARDED_BY(mutex_) = false;     // when the answer is out
  bool advancing_ GUARDED_BY(mutex_) = false;  // a thread is in Advance
  bool stranger_ GUARDED_BY(mutex_) = true;    // never proved who it is
  bool left_ GUARDED_BY(mutex_) = false;
  bool left_counted_ GUARDED_BY(mutex_) = false;
  std::size_t ticks_ GUARDED_BY(mutex_) = 0;      // in the present phase
  std::size_t share_ GUARDED_BY(mutex_) = 0;      // of the buffered bytes
  std::size_t handed_ GUARDED_BY(mutex_) = 0;     // with the application
  std::size_t discarded_ GUARDED_BY(mutex_) = 0;  // while lingering
};

}  // namespace tocsin::web
