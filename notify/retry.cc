#include "notify/retry.h"

#include <algorithm>

namespace tocsin::notify {
namespace {

Duration Pause(std::uint32_t attempts) {
  Duration pause = kFirstPause;
  for (std::uint32_t i = 1; i < attempts && pause < kLongestPause; ++i) {
    pause *= 2;
  }
  return std::min(pause, kLongestPause);
}

}  // namespace

Attempt::Result AfterError(Code code) {
  switch (code) {
    case Code::kConflict:
      return Attempt::Result::kWithdrawn;
    case Code::kInvalid:
    case Code::kUnauthenticated:
    case Code::kForbidden:
    case Code::kNotFound:
      return Attempt::Result::kPermanent;
    case Code::kExhausted:
    case Code::kUnavailable:
    case Code::kDataLoss:
    case Code::kInternal:
      return Attempt::Result::kTemporary;
  }
  return Attempt::Result::kTemporary;
}

Attempt::Result AfterHttpStatus(long status) {
  if (status >= 200 && status < 300) return Attempt::Result::kDelivered;
  constexpr long kRequestTimeout = 408;
  constexpr long kTooEarly = 425;
  constexpr long kTooManyRequests = 429;
  const bool may_work_later = status == kRequestTimeout ||
                              status == kTooEarly ||
                              status == kTooManyRequests || status >= 500;
  return may_work_later ? Attempt::Result::kTemporary
                        : Attempt::Result::kPermanent;
}

std::optional<Instant> NextAttempt(
    std::uint32_t attempts, std::optional<std::chrono::seconds> retry_after,
    Instant now, Instant issued_at) {
  const Instant end = issued_at + kTimeToLive;
  if (now >= end) return std::nullopt;
  // Cut before it is converted: a server may ask for any number of seconds.
  const auto asked =
      std::min(retry_after.value_or(std::chrono::seconds::zero()),
               std::chrono::duration_cast<std::chrono::seconds>(kTimeToLive));
  return std::min(end, now + std::max<Duration>(Pause(attempts), asked));
}

}  // namespace tocsin::notify
