#include "notify/delivery.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "base/log.h"
#include "engine/bundle.h"
#include "notify/retry.h"

namespace tocsin::notify {
namespace {

// What the permit of one message found; written by the permit and read by the
// callback after it.
struct ClaimRead {
  std::optional<Error> failure;  // not "gone", but "could not be asked"
  std::vector<paging::NotificationId> standing;
};

Result<Address> FindAddress(const Directory& directory,
                            const engine::Message& message) {
  const auto user = directory.users.find(message.user);
  if (user == directory.users.end()) {
    return Error{Code::kNotFound, message.user + " is no user any more"};
  }
  const auto method = user->second.find(message.method);
  if (method == user->second.end()) {
    return Error{Code::kNotFound, message.user + " has no contact method \"" +
                                      message.method + "\" any more"};
  }
  if (!directory.senders.contains(method->second.provider)) {
    return Error{Code::kNotFound, "there is no provider \"" +
                                      method->second.provider + "\" any more"};
  }
  return method->second;
}

const char* ResultName(Attempt::Result result) {
  switch (result) {
    case Attempt::Result::kDelivered:
      return "delivered";
    case Attempt::Result::kTemporary:
      return "temporary";
    case Attempt::Result::kPermanent:
      return "permanent";
    case Attempt::Result::kWithdrawn:
      return "withdrawn";
  }
  return "permanent";
}

paging::Event OutcomeOf(const engine::Message& message, const Attempt& attempt,
                        Instant now) {
  const std::uint32_t sequence = message.id.sequence;
  if (attempt.result == Attempt::Result::kDelivered) {
    return paging::NotificationDelivered{.sequence = sequence,
                                         .detail = attempt.detail};
  }
  paging::NotificationFailed failed{
      .sequence = sequence, .reason = attempt.detail, .retry_at = {}};
  if (attempt.result == Attempt::Result::kTemporary) {
    failed.retry_at = NextAttempt(message.attempts + 1, attempt.retry_after,
                                  now, message.issued_at);
    if (!failed.retry_at) {
      failed.reason += "; given up after " + DescribeDuration(kTimeToLive);
    }
  }
  return failed;
}

}  // namespace

Delivery::Delivery(Limits limits, const Current<Directory>& directory,
                   engine::Reader& reader, engine::Inbox& inbox,
                   const Clock& clock, metrics::Metrics& metrics)
    : limits_(limits),
      directory_(directory),
      reader_(reader),
      inbox_(inbox),
      clock_(clock),
      metrics_(metrics) {}

std::size_t Delivery::Room() const {
  const std::size_t in_flight = in_flight_;
  return limits_.in_flight - std::min(in_flight, limits_.in_flight);
}

void Delivery::Hand(std::vector<engine::Message> messages) {
  in_flight_ += messages.size();
  metrics_.OutboxInFlight(static_cast<int>(messages.size()));
  for (const engine::Message& message : messages) Send(message);
}

void Delivery::Send(const engine::Message& message) {
  const auto directory = directory_.Get();
  const Result<Address> found = FindAddress(*directory, message);
  if (!found.ok()) {
    Report(message, {.result = Attempt::Result::kPermanent,
                     .detail = found.error().message,
                     .retry_after = {}});
    return;
  }
  const Address& to = found.value();
  // shared: by the permit and the callback, whichever the sender keeps longer
  const auto claim = std::make_shared<ClaimRead>();
  auto permit = [this, ids = engine::IdsOf(message), claim] {
    for (const paging::NotificationId& id : ids) {
      const Result<bool> stands = reader_.ClaimStands(id);
      if (!stands.ok()) {
        claim->failure = stands.error();
        return false;
      }
      if (stands.value()) claim->standing.push_back(id);
    }
    return claim->standing.size() == ids.size();
  };
  const auto begun = std::chrono::steady_clock::now();
  auto ended = [this, message, claim, begun,
                provider = to.provider](Attempt attempt) {
    const bool withdrawn = attempt.result == Attempt::Result::kWithdrawn;
    // Of a bundle what still stands is sent, without what is gone.
    if (withdrawn && !claim->failure && !claim->standing.empty()) {
      return Send(engine::Rebundled(message, claim->standing));
    }
    if (withdrawn && claim->failure) {
      attempt.result = Attempt::Result::kTemporary;
      attempt.detail =
          "not sent: its claim cannot be read: " + claim->failure->message;
    }
    const std::chrono::duration<double> took =
        std::chrono::steady_clock::now() - begun;
    metrics_.AttemptEnded(provider, ResultName(attempt.result), took.count());
    Report(message, attempt);
  };
  directory->senders.at(to.provider)
      ->Send(message, to.address, std::move(permit), std::move(ended));
}

void Delivery::Report(const engine::Message& message, const Attempt& attempt) {
  // Read once, so that the next attempt of a bundle is due for all of it.
  const Instant now = clock_.Now();
  // The commit that ended the claim has closed a withdrawn one already.
  if (attempt.result != Attempt::Result::kWithdrawn) {
    PostOutcome(message, attempt, now);
    for (const engine::Message& other : message.bundled) {
      PostOutcome(other, attempt, now);
    }
  }
  // Last: who stops us waits until nothing is in flight, then for the inbox.
  --in_flight_;
  metrics_.OutboxInFlight(-1);
}

void Delivery::PostOutcome(const engine::Message& message,
                           const Attempt& attempt, Instant now) {
  engine::Posted post{
      .what = engine::OutcomePosted{.group = message.id.group,
                                    .event = OutcomeOf(message, attempt, now)},
      .done = {}};
  const Status posted = inbox_.Post(std::move(post));
  if (posted.ok()) return;
  // Its claim stays until the next start, which sends it again.
  log::Error("an outcome is lost",
             {{"notification", paging::NotificationIdText(message.id)},
              {"error", posted.error().message}});
}

}  // namespace tocsin::notify
