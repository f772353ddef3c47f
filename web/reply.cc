#include "web/reply.h"

#include <atomic>
#include <utility>

#include "web/problem.h"

namespace tocsin::web {
namespace {

class FunctionTarget final : public Reply::Target {
 public:
  explicit FunctionTarget(Reply::Sink sink) : sink_(std::move(sink)) {}

  void Vouch(std::uint64_t) override {}
  void Answer(std::uint64_t, Response response) override {
    sink_(std::move(response));
  }
  web::Stream AnswerByStream(std::uint64_t, Response head) override {
    sink_(std::move(head));
    return {};
  }

 private:
  const Reply::Sink sink_;
};

}  // namespace

class Reply::Slot {
 public:
  Slot(std::shared_ptr<Target> target, std::uint64_t request)
      : target_(std::move(target)), request_(request) {}
  ~Slot() {
    if (!sent_) Send(ProblemFor(500, "Internal error."));
  }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  void Vouch() {
    if (!sent_) target_->Vouch(request_);
  }

  void Send(Response response) {
    if (sent_.exchange(true)) return;
    target_->Answer(request_, std::move(response));
    target_ = nullptr;  // the connection need not live as long as the handle
  }

  web::Stream Stream(Response head) {
    if (sent_.exchange(true)) return {};
    web::Stream stream = target_->AnswerByStream(request_, std::move(head));
    target_ = nullptr;
    return stream;
  }

 private:
  std::shared_ptr<Target> target_;  // touched only by the one who set sent_
  const std::uint64_t request_;
  std::atomic<bool> sent_ = false;
};

Reply::Reply(std::shared_ptr<Target> target, std::uint64_t request)
    : slot_(std::make_shared<Slot>(std::move(target), request)) {}

Reply::Reply(Sink sink)
    : Reply(std::make_shared<FunctionTarget>(std::move(sink)), 0) {}

void Reply::Vouch() const { slot_->Vouch(); }

void Reply::Send(Response response) const { slot_->Send(std::move(response)); }

web::Stream Reply::Stream(Response head) const {
  return slot_->Stream(std::move(head));
}

}  // namespace tocsin::web
