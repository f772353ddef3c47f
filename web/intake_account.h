#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/mutex.h"
#include "base/time.h"
#include "metrics/metrics.h"

namespace tocsin::web {

// Where a request came in and what it looked like, for those who must find out
// who sends it: never a token, nothing of a body.
struct WebhookOrigin {
  std::string path{};        // the pattern of it, or shown without a token
  std::size_t bytes = 0;     // of its body, or those it announced
  std::string sender{};      // its address; "" if nobody knows
  std::string user_agent{};  // "Alertmanager/0.28.1"
};

// A webhook that was not taken.
struct RefusedWebhook {
  Instant at{};          // filled in by the account
  std::string source{};  // "" where no token of ours vouches for one
  std::string result{};  // as metrics::Metrics::WebhookAnswered has it
  int status = 0;        // of our answer
  std::string detail{};  // one sentence
  WebhookOrigin origin{};
};

// What became of webhooks, told to metrics and, for refused ones, to the log:
// the 1st, 10th, 100th ... of a source and a result, with their number so far,
// so that a storm does not fill the disk. Sources are names of the file, so it
// is bounded. Thread-safe.
class IntakeAccount {
 public:
  // Refused webhooks that are kept to be looked at, the newest.
  static constexpr std::size_t kKept = 100;
  // What of texts that others wrote is kept.
  static constexpr std::size_t kMaxText = 256;

  explicit IntakeAccount(metrics::Metrics& metrics) : metrics_(metrics) {}

  struct Alerts {
    std::size_t firing = 0;
    std::size_t resolved = 0;
    std::int64_t truncated = 0;
  };
  // The webhook is on disk.
  void Accepted(std::string_view source, const Alerts& alerts);

  void Refused(RefusedWebhook refused) EXCLUDES(mutex_);

  struct Refusals {
    std::deque<RefusedWebhook> kept;  // newest first
    std::uint64_t total = 0;          // since the start of the process
  };
  Refusals refusals() const EXCLUDES(mutex_);

 private:
  std::uint64_t Keep(RefusedWebhook refused) EXCLUDES(mutex_);

  metrics::Metrics& metrics_;
  const SystemClock clock_;
  mutable Mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts_
      GUARDED_BY(mutex_);
  Refusals refusals_ GUARDED_BY(mutex_);
};

}  // namespace tocsin::web
