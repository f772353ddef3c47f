#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/mutex.h"
#include "metrics/metrics.h"

namespace tocsin::web {

// What became of webhooks, told to metrics and, for refused ones, to the log:
// the 1st, 10th, 100th ... of a source and a result, with their number so far,
// so that a storm does not fill the disk. Sources are names of the file, so it
// is bounded. Thread-safe.
class IntakeAccount {
 public:
  explicit IntakeAccount(metrics::Metrics& metrics) : metrics_(metrics) {}

  struct Alerts {
    std::size_t firing = 0;
    std::size_t resolved = 0;
    std::int64_t truncated = 0;
  };
  // The webhook is on disk.
  void Accepted(std::string_view source, const Alerts& alerts);

  // `result` as metrics::Metrics::WebhookAnswered has it.
  void Refused(std::string_view source, std::string_view result,
               std::string_view why) EXCLUDES(mutex_);

 private:
  metrics::Metrics& metrics_;
  Mutex mutex_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> refusals_
      GUARDED_BY(mutex_);
};

}  // namespace tocsin::web
