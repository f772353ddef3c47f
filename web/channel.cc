#include "web/channel.h"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace tocsin::web {

Channel::Channel(int fd, std::unique_ptr<TlsSession> session,
                 LateWriter& late_writer, std::size_t ticks, MakeDone make_done)
    : fd_(fd),
      session_(std::move(session)),
      late_writer_(late_writer),
      ticks_(ticks),
      make_done_(std::move(make_done)),
      state_(fd < 0 ? State::kBroken : State::kClear) {}

Channel::~Channel() {
  if (fd_ >= 0) ::close(fd_);
}

Status Channel::Open(std::string_view wire, std::string& plain) {
  const Status taken = session_->Take(wire, plain);
  SendWire(session_->Output());
  return taken;
}

Channel::State Channel::Send(std::string plain) {
  if (!session_) return SendWire(std::move(plain));
  if (!session_->Seal(plain).ok()) return state_ = State::kBroken;
  return SendWire(session_->Output());
}

Channel::State Channel::SendWire(std::string wire) {
  if (state_ == State::kBroken || wire.empty()) return state_;
  if (state_ == State::kSending) {
    waiting_ += wire;
    return state_;
  }
  const ssize_t sent =
      ::send(fd_, wire.data(), wire.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent == static_cast<ssize_t>(wire.size())) return state_;
  if (sent < 0 && errno != EAGAIN && errno != EINTR) {
    return state_ = State::kBroken;
  }
  return HandOver(std::move(wire),
                  sent < 0 ? 0 : static_cast<std::size_t>(sent));
}

Channel::State Channel::HandOver(std::string wire, std::size_t offset) {
  const std::size_t rest = wire.size() - offset;
  const bool taken =
      late_writer_.Finish(fd_, std::move(wire), offset, ticks_, make_done_());
  if (!taken) return state_ = State::kBroken;
  in_hand_ = rest;
  return state_ = State::kSending;
}

Channel::State Channel::PieceEnded(LateWriter::End end) {
  in_hand_ = 0;
  if (state_ != State::kSending) return state_;
  if (end != LateWriter::End::kSent) return state_ = State::kBroken;
  state_ = State::kClear;
  return SendWire(std::exchange(waiting_, std::string()));
}

void Channel::EndWriting() {
  if (session_) {
    session_->SayGoodbye();
    SendWire(session_->Output());
  }
  ::shutdown(fd_, SHUT_WR);
}

void Channel::Shut() {
  if (session_ && state_ == State::kClear) {
    session_->SayGoodbye();
    SendWire(session_->Output());
  }
  state_ = State::kBroken;
  waiting_ = std::string();
  ::shutdown(fd_, SHUT_RDWR);
}

}  // namespace tocsin::web
