#include "engine/runner.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/log.h"

namespace tocsin::engine {

namespace {

// The longest sleep: a wall clock that was set forward is noticed by then, and
// readiness knows that the thread lives.
constexpr std::chrono::milliseconds kLongestSleep{1000};

// After a failed commit the store gets this long before timers try again;
// posts still try at once.
constexpr std::chrono::milliseconds kAfterFailure{250};

// A turn takes milliseconds; a thread that has not ended one for this long
// hangs.
constexpr std::chrono::seconds kHangsAfter{15};

}  // namespace

Runner::Runner(Engine& engine, Inbox& inbox, const Clock& clock,
               metrics::Metrics& metrics)
    : engine_(engine),
      inbox_(inbox),
      clock_(clock),
      metrics_(metrics),
      last_turn_(std::chrono::steady_clock::now()),
      thread_([this] { Run(); }) {}

Runner::~Runner() { Stop(); }

void Runner::Stop() {
  stopping_ = true;
  inbox_.Close();
  if (thread_.joinable()) thread_.join();
}

Status Runner::Healthy() const {
  if (!Turning()) {
    return Error{Code::kUnavailable, "the engine has not turned for 15 s"};
  }
  MutexLock lock(mutex_);
  return last_;
}

bool Runner::Turning() const {
  MutexLock lock(mutex_);
  return std::chrono::steady_clock::now() - last_turn_ <= kHangsAfter;
}

void Runner::Note(const Status& status) {
  MutexLock lock(mutex_);
  if (last_.ok() && !status.ok()) {
    log::Error("store failed", {{"error", status.error().message}});
  } else if (!last_.ok() && status.ok()) {
    log::Info("store works again");
  }
  last_ = status;
  last_turn_ = std::chrono::steady_clock::now();
}

void Runner::Run() {
  std::chrono::milliseconds patience{0};
  while (true) {
    std::vector<Posted> posted = inbox_.Take(engine_.limits().posts, patience);
    if (stopping_ && posted.empty()) return;
    metrics_.InboxDepth(inbox_.Depth());
    const Status status = engine_.RunOnce(std::move(posted));
    Note(status);
    const Result<std::optional<Instant>> next = engine_.NextDue();
    patience = kLongestSleep;
    if (!status.ok() || !next.ok()) {
      patience = kAfterFailure;
    } else if (next.value()) {
      patience = std::clamp(*next.value() - clock_.Now(), Duration::zero(),
                            kLongestSleep);
    }
  }
}

}  // namespace tocsin::engine
