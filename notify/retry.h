#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

#include "base/result.h"
#include "base/time.h"
#include "notify/sender.h"

// Whether and when a failed notification is sent again. Pure.
namespace tocsin::notify {

// The first pause; each further failure doubles it.
inline constexpr Duration kFirstPause = std::chrono::seconds(1);
// The longest pause of our own: a provider that is back pages within a minute.
inline constexpr Duration kLongestPause = std::chrono::seconds(60);
// How long after its issue a notification is still worth sending.
inline constexpr Duration kTimeToLive = std::chrono::hours(1);

// What an error of ours or of the network means for the attempt.
Attempt::Result AfterError(Code code);

// What an HTTP status means: 2xx has arrived; 408, 425, 429 and 5xx may work
// later; anything else, redirects too, will be the same the next time.
Attempt::Result AfterHttpStatus(long status);

// When to try again after a temporary failure at `now`; `attempts` counts it
// too. The provider's Retry-After is honoured where it is longer than our own
// pause. No attempt is put off beyond the time to live, so the last one is made
// at its end; a failure from then on is final (absent).
std::optional<Instant> NextAttempt(
    std::uint32_t attempts, std::optional<std::chrono::seconds> retry_after,
    Instant now, Instant issued_at);

}  // namespace tocsin::notify
