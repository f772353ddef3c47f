#include <memory>
#include <string>
#include <utility>

#include "web/connection.h"
#include "web/problem.h"
#include "web/wire.h"

// How answers go out; the order of things stands in connection.cc.
namespace tocsin::web {
namespace {

std::shared_ptr<const EntryRules> RulesOf(const Traffic& traffic) {
  static const auto kNone = std::make_shared<const EntryRules>();
  const auto* rules = traffic.entrance().rules;
  return rules == nullptr ? kNone : rules->Get();
}

}  // namespace

// Whether an answer to that request is still asked for.
bool Connection::Awaits(std::uint64_t request) {
  const bool late = phase_ != Phase::kClosed && request <= given_up_;
  if (late) traffic_->CountLateAnswer();
  return !late && request == request_ && phase_ == Phase::kAnswering;
}

void Connection::Vouch(std::uint64_t request) {
  const MutexLock lock(mutex_);
  if (request == request_) Welcome();
}

void Connection::Answer(std::uint64_t request, Response response) {
  const MutexLock lock(mutex_);
  if (Awaits(request)) Respond(response);
}

Stream Connection::AnswerByStream(std::uint64_t request, Response head) {
  const MutexLock lock(mutex_);
  if (!Awaits(request)) return {};
  closes_ = true;
  if (traffic_->draining()) {
    Write(ProblemFor(503, "Shutting down, send again."), traits_);
    return {};
  }
  traffic_->CountAnswer(head.status);
  std::string wire =
      SerializeStreamHead(head, traits_, RulesOf(*traffic_)->headers);
  if (traits_.head || left_) {
    FinishSending(channel_.Send(std::move(wire)));
    return {};
  }
  EndFlight();
  SetPhase(Phase::kStreaming);
  if (!head.body.empty()) wire += StreamPiece(head.body, traits_);
  if (channel_.Send(std::move(wire)) == Channel::State::kBroken) {
    Shut();
    return {};
  }
  return Stream(std::shared_ptr<Stream::Port>(shared_from_this()));
}

bool Connection::WriteToStream(std::string_view bytes) {
  const MutexLock lock(mutex_);
  if (phase_ != Phase::kStreaming) return false;
  if (bytes.empty()) return true;
  if (channel_.Send(StreamPiece(bytes, traits_)) == Channel::State::kBroken) {
    Shut();
    return false;
  }
  if (channel_.unsent() > traffic_->limits().stream_bytes) {
    ShutFor("stream_bytes");
    return false;
  }
  return true;
}

void Connection::EndStream() {
  const MutexLock lock(mutex_);
  if (phase_ == Phase::kStreaming) FinishStream();
}

bool Connection::StreamIsOpen() const {
  const MutexLock lock(mutex_);
  return phase_ == Phase::kStreaming;
}

std::size_t Connection::StreamUnsent() const {
  const MutexLock lock(mutex_);
  return phase_ == Phase::kStreaming ? channel_.unsent() : 0;
}

void Connection::FinishStream() {
  FinishSending(channel_.Send(std::string(StreamEnd(traits_))));
}

// The application's own answer, if it still comes, is counted and dropped.
void Connection::GiveUpAnswer() {
  given_up_ = request_;
  traffic_->CountRefused("answer_time");
  Respond(ProblemFor(503, "The answer took too long, send again."));
}

void Connection::Respond(const Response& response) {
  closes_ = !traits_.keep_alive || traffic_->draining() ||
            (left_ && !framing_.HasInput());
  Write(response, traits_);
}

void Connection::Welcome() {
  if (std::exchange(stranger_, false)) traffic_->NoStranger(this);
}

void Connection::Tell(Request head, const Refusal& refusal) {
  traffic_->CountRefused(refusal.reason);
  if (!traffic_->application().refused) return;
  head.sender = sender_;
  traffic_->application().refused(head, refusal);
}

void Connection::Refuse(const Refusal& refusal) {
  Tell(framing_.Understood(), refusal);
  RefuseBy(ProblemFor(refusal.status, refusal.detail));
}

void Connection::RefuseWhole(const Request& request, const Refusal& refusal) {
  Tell(request, refusal);
  Respond(ProblemFor(refusal.status, refusal.detail));
}

void Connection::RefuseBy(const Response& response) {
  const Framing::Traits traits = framing_.UnderstoodTraits();
  closes_ = true;
  DropInput();
  Write(response, traits);
}

void Connection::Write(const Response& response,
                       const Framing::Traits& traits) {
  traffic_->CountAnswer(response.status);
  FinishSending(channel_.Send(
      Serialize(response, traits, closes_, RulesOf(*traffic_)->headers)));
}

void Connection::WriteContinue() {
  const auto sent = channel_.Send("HTTP/1.1 100 Continue\r\n\r\n");
  if (sent == Channel::State::kBroken) Shut();
}

void Connection::FinishSending(Channel::State sent) {
  switch (sent) {
    case Channel::State::kClear:
      return AnswerEnds();
    case Channel::State::kSending:
      return SetPhase(Phase::kSending);
    case Channel::State::kBroken:
      CountLeft();
      return Shut();
  }
}

void Connection::PieceEnds(LateWriter::End end) {
  const MutexLock lock(mutex_);
  if (phase_ == Phase::kClosed || phase_ == Phase::kLingering) return;
  const Channel::State state = channel_.PieceEnded(end);
  if (state == Channel::State::kBroken) {
    if (end == LateWriter::End::kLate) traffic_->CountRefused("sending_time");
    CountLeft();
    return Shut();
  }
  if (phase_ == Phase::kSending) FinishSending(state);
}

void Connection::AnswerEnds() {
  EndFlight();
  if (closes_) {
    channel_.EndWriting();
    SetPhase(Phase::kLingering);
    if (left_) Shut();
    return;
  }
  SetPhase(Phase::kIdle);
  if (!advancing_ && (framing_.HasInput() || left_)) Resume();
}

void Connection::CountLeft() {
  if (!in_flight_ || std::exchange(left_counted_, true)) return;
  if (traffic_->application().client_left) {
    traffic_->application().client_left();
  }
}

void Connection::ShutFor(std::string_view reason) {
  traffic_->CountRefused(reason);
  Shut();
}

void Connection::Shut() {
  SetPhase(Phase::kClosed);
  channel_.Shut();  // the transport sees the end and lets go of us
  DropInput();
  EndFlight();
  traffic_->Forget(this);
}

void Connection::EndFlight() {
  if (std::exchange(in_flight_, false)) traffic_->RequestEnds();
}

}  // namespace tocsin::web
