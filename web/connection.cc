#include "web/connection.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <utility>

#include "base/log.h"
#include "web/problem.h"

// The order of a connection's life:
//
//   kIdle -> kHead -> kBody -> kAnswering -> (kSending) -> kIdle | kLingering
//
// Advance runs in at most one thread at a time (advancing_) and lets go of the
// mutex only while the application runs. An answer that comes meanwhile, from
// that thread or another, just sets the phase; Advance finds it when it looks
// again. An answer that comes later finds advancing_ false and, if input
// waits, has a worker go on.
namespace tocsin::web {
namespace {

// Header values come from our own code and, now and then, from text of others;
// a line break in one would be a second answer.
void AppendValue(std::string& wire, std::string_view value) {
  for (const char c : value) {
    if (c != '\r' && c != '\n' && c != '\0') wire += c;
  }
}

std::string Serialize(const Response& response, const Framing::Traits& traits,
                      bool closes) {
  const bool bodiless = response.status == 204 || response.status == 304;
  std::string wire = traits.http10 ? "HTTP/1.0 " : "HTTP/1.1 ";
  wire.reserve(256 + response.body.size());
  wire += std::to_string(response.status);
  wire += ' ';
  wire += ReasonPhrase(response.status);
  if (!bodiless) {
    if (!response.body.empty()) {
      wire += "\r\nContent-Type: ";
      AppendValue(wire, response.content_type);
    }
    wire += "\r\nContent-Length: " + std::to_string(response.body.size());
  }
  for (const auto& [name, value] : response.headers) {
    wire += "\r\n" + name + ": ";
    AppendValue(wire, value);
  }
  if (closes) {
    wire += "\r\nConnection: close";
  } else if (traits.http10) {
    wire += "\r\nConnection: keep-alive";
  }
  wire += "\r\n\r\n";
  if (!traits.head && !bodiless) wire += response.body;
  return wire;
}

}  // namespace

std::shared_ptr<Connection> Connection::Open(std::shared_ptr<Traffic> traffic,
                                             int fd) {
  const int own = ::fcntl(fd, F_DUPFD_CLOEXEC, 0);
  std::shared_ptr<Connection> connection(
      new Connection(std::move(traffic), own));  // the constructor is private
  const bool room = connection->traffic_->Register(connection);
  const MutexLock lock(connection->mutex_);
  if (own < 0) {
    ::shutdown(fd, SHUT_RDWR);
    connection->phase_ = Phase::kClosed;
  } else if (!room) {
    connection->Refuse(503, "Too many connections.");
  }
  return connection;
}

Connection::Connection(std::shared_ptr<Traffic> traffic, int fd)
    : traffic_(std::move(traffic)), fd_(fd), framing_(traffic_->limits()) {}

Connection::~Connection() {
  traffic_->Forget(this);
  traffic_->Buffered(share_, 0);
  if (fd_ >= 0) ::close(fd_);
}

void Connection::OnInput(std::string_view bytes) {
  const MutexLock lock(mutex_);
  if (phase_ == Phase::kClosed) return;
  if (phase_ == Phase::kLingering) return Discard(bytes.size());
  framing_.Append(bytes);
  if (Reading()) {
    Advance();
  } else if (framing_.Bytes() > traffic_->limits().pipelined_bytes) {
    Shut();
  }
  if (!CountBuffered()) {
    if (Reading()) {
      Refuse(503, "Too much input at once, send again.");
    } else {
      Shut();
    }
  }
}

void Connection::OnLeft() {
  const MutexLock lock(mutex_);
  left_ = true;
  if (phase_ == Phase::kAnswering) CountLeft();
  if (phase_ == Phase::kLingering) Shut();
  if (Reading()) Advance();  // what it still asked for, then Shut
}

void Connection::OnTick() {
  const MutexLock lock(mutex_);
  ++ticks_;
  const Limits& limits = traffic_->limits();
  const auto late = [this, ticks = ticks_](std::chrono::milliseconds allowed) {
    return ticks > traffic_->Ticks(allowed);
  };
  switch (phase_) {
    case Phase::kIdle:
      if (late(limits.idle)) Shut();
      break;
    case Phase::kHead:
      if (late(limits.header)) Refuse(408, "The headers took too long.");
      break;
    case Phase::kBody:
      if (late(limits.body)) Refuse(408, "The body took too long.");
      break;
    case Phase::kLingering:
      if (late(limits.linger)) Shut();
      break;
    case Phase::kAnswering:  // the engine answers, or its Reply goes
    case Phase::kSending:    // the late writer has the deadline
    case Phase::kClosed:
      break;
  }
}

void Connection::CloseIfIdle() {
  const MutexLock lock(mutex_);
  if (phase_ == Phase::kIdle && !framing_.HasInput()) Shut();
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
      case Framing::Next::kExpectsContinue:
        WriteContinue();
        break;
      case Framing::Next::kComplete:
        Dispatch();
        break;
      case Framing::Next::kRefused: {
        const Framing::Refusal refusal = framing_.refusal();
        if (traffic_->application().refused) {
          traffic_->application().refused(framing_.Understood(),
                                          refusal.status);
        }
        Refuse(refusal.status, refusal.detail);
        break;
      }
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

void Connection::Dispatch() {
  Request request = framing_.Take(traits_);
  SetPhase(Phase::kAnswering);
  in_flight_ = true;
  traffic_->RequestBegins();
  if (traffic_->draining()) {
    Respond(ProblemFor(503, "Shutting down, send again."));
    return;
  }
  handed_ = request.body.size();
  mutex_.unlock();
  Run(std::move(request));
  mutex_.lock();
  handed_ = 0;
}

void Connection::Run(Request request) {
  const Reply reply([self = shared_from_this()](const Response& response) {
    const MutexLock lock(self->mutex_);
    if (self->phase_ == Phase::kAnswering) self->Respond(response);
  });
  try {
    traffic_->application().handle(std::move(request), reply);
  } catch (...) {  // whatever it was, one request must not end the daemon
    log::Error("request failed", {{"err", "exception"}});
    reply.Send(ProblemFor(500, "Internal error."));
  }
}

void Connection::Respond(const Response& response) {
  closes_ = !traits_.keep_alive || traffic_->draining() ||
            (left_ && !framing_.HasInput());
  Write(Serialize(response, traits_, closes_));
}

void Connection::Refuse(int status, std::string_view detail) {
  closes_ = true;
  DropInput();
  Write(Serialize(ProblemFor(status, detail), {}, closes_));
}

void Connection::Write(std::string wire) {
  ssize_t sent =
      ::send(fd_, wire.data(), wire.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0 && (errno == EAGAIN || errno == EINTR)) sent = 0;
  if (sent < 0) {
    CountLeft();
    Shut();
    return;
  }
  const std::size_t offset = static_cast<std::size_t>(sent);
  if (offset == wire.size()) return AnswerEnds();
  SetPhase(Phase::kSending);
  const bool taken = traffic_->late_writer().Finish(
      fd_, std::move(wire), offset, traffic_->Ticks(traffic_->limits().sending),
      [self = shared_from_this()](bool whole) { self->SendingEnds(whole); });
  if (!taken) Shut();
}

void Connection::WriteContinue() {
  static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
  const ssize_t sent = ::send(fd_, kContinue.data(), kContinue.size(),
                              MSG_NOSIGNAL | MSG_DONTWAIT);
  // The socket of a client that waits for this is empty: less than all of it
  // sent means that the client is gone.
  if (sent != static_cast<ssize_t>(kContinue.size())) Shut();
}

void Connection::SendingEnds(bool whole) {
  const MutexLock lock(mutex_);
  if (phase_ != Phase::kSending) return;
  if (whole) {
    AnswerEnds();
  } else {
    CountLeft();
    Shut();
  }
}

void Connection::AnswerEnds() {
  EndFlight();
  if (closes_) {
    ::shutdown(fd_, SHUT_WR);
    SetPhase(Phase::kLingering);
    if (left_) Shut();
    return;
  }
  SetPhase(Phase::kIdle);
  if (!advancing_ && (framing_.HasInput() || left_)) Resume();
}

void Connection::Resume() {
  const bool posted = traffic_->pool().Post([self = shared_from_this()] {
    const MutexLock lock(self->mutex_);
    if (self->Reading()) self->Advance();
    self->CountBuffered();
  });
  if (!posted) Refuse(503, "Overloaded, send again.");
}

void Connection::Discard(std::size_t bytes) {
  discarded_ += bytes;
  if (discarded_ > traffic_->limits().discarded_bytes) Shut();
}

bool Connection::CountBuffered() {
  const std::size_t share = framing_.Bytes() + handed_;
  return traffic_->Buffered(std::exchange(share_, share), share);
}

void Connection::DropInput() {
  framing_.Drop();
  CountBuffered();
}

void Connection::CountLeft() {
  if (!in_flight_ || std::exchange(left_counted_, true)) return;
  if (traffic_->application().client_left) {
    traffic_->application().client_left();
  }
}

void Connection::Shut() {
  SetPhase(Phase::kClosed);
  ::shutdown(fd_, SHUT_RDWR);  // the transport sees the end and lets go of us
  DropInput();
  EndFlight();
}

void Connection::EndFlight() {
  if (std::exchange(in_flight_, false)) traffic_->RequestEnds();
}

}  // namespace tocsin::web
