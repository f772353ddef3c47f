#include "web/reply.h"

#include <atomic>
#include <utility>

#include "web/problem.h"

namespace tocsin::web {

class Reply::Slot {
 public:
  explicit Slot(Sink sink) : sink_(std::move(sink)) {}
  ~Slot() { Send(ProblemFor(500, "Internal error.")); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

  void Send(Response response) {
    if (sent_.exchange(true)) return;
    sink_(std::move(response));
    sink_ = nullptr;  // the connection need not live as long as the handle
  }

 private:
  Sink sink_;  // touched only by the one who set sent_
  std::atomic<bool> sent_ = false;
};

Reply::Reply(Sink sink) : slot_(std::make_shared<Slot>(std::move(sink))) {}

void Reply::Send(Response response) const { slot_->Send(std::move(response)); }

}  // namespace tocsin::web
