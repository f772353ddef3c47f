#include "web/connection.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <optional>
#include <utility>

#include "base/log.h"
#include "web/problem.h"
#include "web/wire.h"

// The order of a connection's life:
//
//   (kHandshake) -> kIdle -> kHead -> kBody -> kAnswering -> (kSending)
//                     ^                            |             |
//                     +----------------------------+-------------+-> kLingering
//
// An answer that is a stream goes from kAnswering to kStreaming, and closes.
//
// Advance runs in at most one thread at a time (advancing_) and lets go of the
// mutex only while the application runs. An answer that comes meanwhile, from
// that thread or another, just sets the phase; Advance finds it when it looks
// again. An answer that comes later finds advancing_ false and, if input
// waits, has a worker go on.
//
// This file is how requests come in; connection_answers.cc how answers go out.
namespace tocsin::web {
namespace {

// The address of the other side without its port; "" if there is none.
std::string SenderOf(int fd) {
  sockaddr_storage storage{};
  socklen_t size = sizeof storage;
  auto* address = reinterpret_cast<sockaddr*>(&storage);
  if (fd < 0 || ::getpeername(fd, address, &size) != 0) return {};
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* host = nullptr;
  if (storage.ss_family == AF_INET) {
    host = &reinterpret_cast<const sockaddr_in*>(&storage)->sin_addr;
  } else if (storage.ss_family == AF_INET6) {
    const auto& v6 = reinterpret_cast<const sockaddr_in6*>(&storage)->sin6_addr;
    host = &v6;
    if (IN6_IS_ADDR_V4MAPPED(&v6)) {
      host = &v6.s6_addr[12];
      storage.ss_family = AF_INET;
    }
  }
  if (host == nullptr || ::inet_ntop(storage.ss_family, host, text.data(),
                                     text.size()) == nullptr) {
    return {};
  }
  return text.data();
}

std::unique_ptr<TlsSession> SessionFor(const Traffic& traffic) {
  const auto* tls = traffic.entrance().tls;
  return tls == nullptr ? nullptr : TlsSession::Open(tls->Get());
}

constexpr Refusal kDraining{503, "draining", "Shutting down, send again."};
constexpr Refusal kBuffersFull{503, "buffered_bytes",
                               "Too much input at once, send again."};
constexpr Refusal kNoWorker{503, "waiting_reads", "Overloaded, send again."};

}  // namespace

std::shared_ptr<Connection> Connection::Open(std::shared_ptr<Traffic> traffic,
                                             int fd) {
  const int own = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  std::shared_ptr<Connection> connection(
      new Connection(std::move(traffic), own));  // the constructor is private
  if (own < 0) {
    connection->traffic_->CountRefused("descriptors");
    ::shutdown(fd, SHUT_RDWR);
  } else {
    connection->Enter(connection->traffic_->Register(connection));
  }
  return connection;
}

Connection::Connection(std::shared_ptr<Traffic> traffic, int fd)
    : traffic_(std::move(traffic)),
      sender_(SenderOf(fd)),
      channel_(fd, SessionFor(*traffic_), traffic_->late_writer(),
               traffic_->Ticks(traffic_->limits().sending),
               [this] {
                 return [self = shared_from_this()](LateWriter::End end) {
                   self->PieceEnds(end);
                 };
               }),
      framing_(traffic_->limits()),
      phase_(fd < 0 ? Phase::kClosed : Phase::kIdle) {}

Connection::~Connection() {
  traffic_->Forget(this);
  traffic_->Buffered(share_, 0);
}

// Refused without lingering: whoever floods us gets no more of us than this.
void Connection::Enter(bool room) {
  const MutexLock lock(mutex_);
  if (phase_ == Phase::kClosed) return;  // has given way already
  const bool tls = traffic_->entrance().tls != nullptr;
  if (tls) SetPhase(Phase::kHandshake);
  if (room && tls && !channel_.secure()) return ShutFor("memory");
  if (room) return;
  if (!tls) {
    const Response full = ProblemFor(503, "Too many connections.");
    traffic_->CountAnswer(full.status);
    channel_.Send(Serialize(full, {}, true, {}));
  }
  ShutFor("connections");
}

void Connection::OnInput(std::string_view bytes) {
  const MutexLock lock(mutex_);
  if (phase_ == Phase::kClosed) return;
  if (phase_ == Phase::kLingering) return Discard(bytes.size());
  if (channel_.secure()) {
    TakeSealed(bytes);
  } else {
    TakeBytes(bytes);
  }
}

void Connection::TakeSealed(std::string_view wire) {
  std::string plain;
  const Status taken = channel_.Open(wire, plain);
  if (phase_ == Phase::kHandshake && taken.ok() && !channel_.handshaking()) {
    SetPhase(Phase::kIdle);
  }
  if (!plain.empty()) TakeBytes(plain);
  if (phase_ == Phase::kClosed || phase_ == Phase::kLingering) return;
  if (!taken.ok()) {
    traffic_->CountRefused("tls");
    DropInput();
    closes_ = true;
    EndFlight();
    FinishSending(channel_.state());
  } else if (channel_.state() == Channel::State::kBroken) {
    Shut();
  } else if (channel_.client_done()) {
    Leave();
  }
}

void Connection::TakeBytes(std::string_view bytes) {
  if (phase_ == Phase::kStreaming) return Discard(bytes.size());
  framing_.Append(bytes);
  if (Reading()) {
    Advance();
  } else if (framing_.Bytes() > traffic_->limits().pipelined_bytes) {
    ShutFor("pipelined_bytes");
  }
  if (CountBuffered()) return;
  if (Reading()) {
    Refuse(kBuffersFull);
  } else {
    ShutFor(kBuffersFull.reason);
  }
}

void Connection::OnLeft() {
  const MutexLock lock(mutex_);
  Leave();
}

void Connection::Leave() {
  left_ = true;
  switch (phase_) {
    case Phase::kAnswering:
      return CountLeft();
    case Phase::kHandshake:
    case Phase::kStreaming:
    case Phase::kLingering:
      return Shut();
    case Phase::kIdle:
    case Phase::kHead:
    case Phase::kBody:
      return Advance();  // what it still asked for, then Shut
    case Phase::kSending:
    case Phase::kClosed:
      return;
  }
}

void Connection::OnTick() {
  const MutexLock lock(mutex_);
  ++ticks_;
  const Limits& limits = traffic_->limits();
  const auto late = [this, ticks = ticks_](std::chrono::milliseconds allowed) {
    return ticks > traffic_->Ticks(allowed);
  };
  switch (phase_) {
    case Phase::kHandshake:
      if (late(limits.handshake)) ShutFor("handshake_time");
      break;
    case Phase::kIdle:
      if (late(limits.idle)) ShutFor("idle_time");
      break;
    case Phase::kHead:
      if (late(limits.header)) {
        Refuse({408, "header_time", "The headers took too long."});
      }
      break;
    case Phase::kBody:
      if (late(limits.body)) {
        Refuse({408, "body_time", "The body took too long."});
      }
      break;
    case Phase::kAnswering:
      if (late(limits.answer)) GiveUpAnswer();
      break;
    case Phase::kLingering:
      if (late(limits.linger)) Shut();
      break;
    case Phase::kStreaming:  // the late writer has the deadline of a piece
    case Phase::kSending:
    case Phase::kClosed:
      break;
  }
}

bool Connection::GiveWay() {
  const MutexLock lock(mutex_);
  const bool served =
      phase_ == Phase::kAnswering || phase_ == Phase::kStreaming;
  if (!stranger_ || served || advancing_ || phase_ == Phase::kClosed) {
    return false;
  }
  ShutFor("displaced");
  return true;
}

void Connection::Drain() {
  const MutexLock lock(mutex_);
  if (phase_ == Phase::kIdle && !framing_.HasInput()) Shut();
  if (phase_ == Phase::kStreaming) FinishStream();
}

void Connection::Close() {
  const MutexLock lock(mutex_);
  if (phase_ != Phase::kClosed) Shut();
}

bool Connection::Reading() const {
  return phase_ == Phase::kIdle || phase_ == Phase::kHead ||
         phase_ == Phase::kBody;
}

void Connection::SetPhase(Phase phase) {
  if (phase_ != phase) ticks_ = 0;
  phase_ = phase;
}

void Connection::Advance() {
  if (advancing_) return;
  advancing_ = true;
  while (Reading()) {
    const Framing::Next next = framing_.Advance();
    if (next == Framing::Next::kNeedMore) {
      AwaitInput();
      break;
    }
    switch (next) {
      case Framing::Next::kHead:
        JudgeHead();
        break;
      case Framing::Next::kComplete:
        Dispatch();
        break;
      case Framing::Next::kRefused:
        Refuse(framing_.refusal());
        break;
      case Framing::Next::kNeedMore:
        break;
    }
  }
  advancing_ = false;
}

void Connection::AwaitInput() {
  if (left_) {
    Shut();
  } else if (framing_.InBody()) {
    SetPhase(Phase::kBody);
  } else {
    SetPhase(framing_.InHead() ? Phase::kHead : Phase::kIdle);
  }
}

// So no body of a stranger is ever kept in memory.
void Connection::JudgeHead() {
  if (traffic_->draining()) return Refuse(kDraining);
  if (traffic_->application().admit) {
    Request head = framing_.Understood();
    head.sender = sender_;
    const Admission admission = traffic_->application().admit(head);
    if (admission.refused) return RefuseBy(*admission.refused);
    if (admission.known) Welcome();
  }
  if (framing_.ExpectsContinue()) WriteContinue();
}

void Connection::Dispatch() {
  Request request = framing_.Take(traits_);
  request.sender = sender_;
  SetPhase(Phase::kAnswering);
  in_flight_ = true;
  ++request_;
  traffic_->RequestBegins();
  if (traffic_->draining()) return RefuseWhole(request, kDraining);
  handed_ = request.body.size();
  if (handed_ > traffic_->limits().inline_bytes) {
    return RunOnWorker(std::move(request));
  }
  const std::uint64_t number = request_;
  mutex_.unlock();
  Run(std::move(request), number);
  mutex_.lock();
  handed_ = 0;
}

void Connection::RunOnWorker(Request request) {
  const auto held = std::make_shared<Request>(std::move(request));
  const bool posted = traffic_->pool().Post(
      [self = shared_from_this(), number = request_, held] {
        self->Run(std::move(*held), number);
        const MutexLock lock(self->mutex_);
        if (self->request_ != number) return;
        self->handed_ = 0;
        self->CountBuffered();
      });
  if (posted) return;
  handed_ = 0;
  RefuseWhole(*held, kNoWorker);
}

void Connection::Run(Request request, std::uint64_t number) {
  const Reply reply(shared_from_this(), number);
  try {
    traffic_->application().handle(std::move(request), reply);
  } catch (...) {  // whatever it was, one request must not end the daemon
    log::Error("request failed", {{"err", "exception"}});
    reply.Send(ProblemFor(500, "Internal error."));
  }
}

void Connection::Resume() {
  const bool posted = traffic_->pool().Post([self = shared_from_this()] {
    const MutexLock lock(self->mutex_);
    if (self->Reading()) self->Advance();
    self->CountBuffered();
  });
  if (!posted) Refuse(kNoWorker);
}

void Connection::Discard(std::size_t bytes) {
  discarded_ += bytes;
  if (discarded_ > traffic_->limits().discarded_bytes) {
    ShutFor("discarded_bytes");
  }
}

bool Connection::CountBuffered() {
  const std::size_t share = framing_.Bytes() + handed_;
  return traffic_->Buffered(std::exchange(share_, share), share);
}

void Connection::DropInput() {
  framing_.Drop();
  CountBuffered();
}

}  // namespace tocsin::web
