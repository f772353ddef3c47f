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

std::string InSeconds(std::chrono::milliseconds length) {
  return std::to_string(
             std::chrono::duration_cast<std::chrono::seconds>(length).count()) +
         " s";
}

}  // namespace

Runner::Runner(const Limits& limits, Engine& engine, Inbox& inbox,
               const Clock& clock, metrics::Metrics& metrics)
    : limits_(limits),
      engine_(engine),
      inbox_(inbox),
      clock_(clock),
      metrics_(metrics),
      commits_(engine.commits()),
      state_{.turn = {},
             .timers = {},
             .turned = std::chrono::steady_clock::now(),
             .committed = std::chrono::steady_clock::now()},
      thread_([this] { Run(); }) {}

Runner::~Runner() { Stop(); }

void Runner::Stop() {
  stopping_ = true;
  inbox_.Close();
  if (thread_.joinable()) thread_.join();
}

std::vector<std::string> Runner::Faults() const {
  const Time now = std::chrono::steady_clock::now();
  const auto since = [now](Time then) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(now - then);
  };
  std::vector<std::string> faults;
  const MutexLock lock(mutex_);
  if (since(state_.turned) > limits_.hangs) {
    faults.push_back("the engine has not ended a turn for " +
                     InSeconds(since(state_.turned)) + ": the store may hang");
  }
  if (!state_.turn.ok()) {
    faults.push_back("the store failed: " + state_.turn.error().message);
  } else if (since(state_.committed) > limits_.stale) {
    faults.push_back("the store has taken no write for " +
                     InSeconds(since(state_.committed)));
  }
  if (!state_.timers.ok()) {
    faults.push_back("timers cannot be read: " + state_.timers.error().message);
  } else if (state_.lateness > limits_.late) {
    faults.push_back("timers are late by " + InSeconds(state_.lateness));
  }
  return faults;
}

bool Runner::Turning() const {
  const MutexLock lock(mutex_);
  return std::chrono::steady_clock::now() - state_.turned <= limits_.hangs;
}

void Runner::Note(const Status& turn,
                  const Result<std::optional<Instant>>& next) {
  const Time now = std::chrono::steady_clock::now();
  const MutexLock lock(mutex_);
  if (state_.turn.ok() && !turn.ok()) {
    log::Error("store failed", {{"error", turn.error().message}});
  } else if (!state_.turn.ok() && turn.ok()) {
    log::Info("store works again");
  }
  state_.turn = turn;
  state_.timers = next.ok() ? Status() : Status(next.error());
  state_.lateness = Duration::zero();
  if (next.ok() && next.value()) {
    state_.lateness = std::max(clock_.Now() - *next.value(), Duration::zero());
  }
  state_.turned = now;
  if (commits_ == engine_.commits()) return;
  commits_ = engine_.commits();
  state_.committed = now;
}

void Runner::Run() {
  std::chrono::milliseconds patience{0};
  Time probed = std::chrono::steady_clock::now();
  while (true) {
    std::vector<Posted> posted = inbox_.Take(engine_.limits().posts, patience);
    if (stopping_ && posted.empty()) return;
    metrics_.InboxDepth(inbox_.Depth());
    const Time now = std::chrono::steady_clock::now();
    if (now - probed >= limits_.probe) {
      probed = now;
      engine_.Probe();
    }
    const Status status = engine_.RunOnce(std::move(posted));
    const Result<std::optional<Instant>> next = engine_.NextDue();
    Note(status, next);
    patience = std::min(kLongestSleep, limits_.probe);
    if (!status.ok() || !next.ok()) {
      patience = std::min(patience, kAfterFailure);
    } else if (next.value()) {
      patience =
          std::clamp(*next.value() - clock_.Now(), Duration::zero(), patience);
    }
  }
}

}  // namespace tocsin::engine
