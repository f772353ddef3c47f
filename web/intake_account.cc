#include "web/intake_account.h"

#include "base/log.h"
#include "base/utf8.h"

namespace tocsin::web {
namespace {

// The source of what no token of ours vouches for, in logs and metrics.
constexpr std::string_view kUnknownSource = "other";

bool PowerOfTen(std::uint64_t count) {
  while (count % 10 == 0) count /= 10;
  return count == 1;
}

// What others wrote, as it may be shown: not for ever, and UTF-8.
std::string Presentable(std::string_view text) {
  std::string out;
  while (!text.empty() && out.size() < IntakeAccount::kMaxText) {
    const auto next = DecodeUtf8(text);
    AppendUtf8(next ? next->value : U'\uFFFD', out);
    text.remove_prefix(next ? next->length : 1);
  }
  return out;
}

}  // namespace

void IntakeAccount::Accepted(std::string_view source, const Alerts& alerts) {
  metrics_.WebhookAnswered(source, "accepted");
  metrics_.AlertsReceived(source, "firing", alerts.firing);
  metrics_.AlertsReceived(source, "resolved", alerts.resolved);
  if (alerts.truncated > 0) metrics_.AlertsTruncated(source, alerts.truncated);
}

void IntakeAccount::Refused(RefusedWebhook refused) {
  const std::string source(refused.source.empty() ? kUnknownSource
                                                  : refused.source);
  const std::string result = refused.result;
  metrics_.WebhookAnswered(source, result);
  refused.at = clock_.Now();
  refused.detail = Presentable(refused.detail);
  refused.origin.user_agent = Presentable(refused.origin.user_agent);
  const std::string why = refused.detail;
  const std::string sender = refused.origin.sender;
  const std::uint64_t count = Keep(std::move(refused));
  if (!PowerOfTen(count)) return;
  log::Warn("webhook refused", {{"source", source},
                                {"result", result},
                                {"err", why},
                                {"sender", sender},
                                {"count", count}});
}

// Returns how many of its source and result there were.
std::uint64_t IntakeAccount::Keep(RefusedWebhook refused) {
  const MutexLock lock(mutex_);
  const std::uint64_t count = ++counts_[{refused.source, refused.result}];
  ++refusals_.total;
  refusals_.kept.push_front(std::move(refused));
  if (refusals_.kept.size() > kKept) refusals_.kept.pop_back();
  return count;
}

IntakeAccount::Refusals IntakeAccount::refusals() const {
  const MutexLock lock(mutex_);
  return refusals_;
}

}  // namespace tocsin::web
