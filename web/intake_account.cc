#include "web/intake_account.h"

#include "base/log.h"

namespace tocsin::web {
namespace {

bool PowerOfTen(std::uint64_t count) {
  while (count % 10 == 0) count /= 10;
  return count == 1;
}

}  // namespace

void IntakeAccount::Accepted(std::string_view source, const Alerts& alerts) {
  metrics_.WebhookAnswered(source, "accepted");
  metrics_.AlertsReceived(source, "firing", alerts.firing);
  metrics_.AlertsReceived(source, "resolved", alerts.resolved);
  if (alerts.truncated > 0) metrics_.AlertsTruncated(source, alerts.truncated);
}

void IntakeAccount::Refused(std::string_view source, std::string_view result,
                            std::string_view why) {
  metrics_.WebhookAnswered(source, result);
  std::uint64_t count = 0;
  {
    const MutexLock lock(mutex_);
    count = ++refusals_[{std::string(source), std::string(result)}];
  }
  if (!PowerOfTen(count)) return;
  log::Warn(
      "webhook refused",
      {{"source", source}, {"result", result}, {"err", why}, {"count", count}});
}

}  // namespace tocsin::web
