// Bytes become a configuration and a row of events with their times; after each
// Apply the promises of paging/apply.h are checked.
#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include "base/check.h"
#include "store/codec.h"
#include "tests/sim/files.h"
#include "tests/support/small_world.h"

namespace {

using namespace tocsin;
using paging::AlertGroup;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::SmallWorld;

constexpr std::size_t kMaxRow = 64u << 10;
constexpr int kMaxEvents = 200;

const char* const kUsers[] = {"ada", "bob", "cyd", "robert", "token:ci"};
const char* const kTeams[] = {"ops", "web", "night", "loud", "beat"};

// The input, read from the front; zeros behind its end.
class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size)
      : data_(data), size_(size) {}

  bool empty() const { return size_ == 0; }
  std::uint8_t Next() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  // From 0 to n - 1.
  int Below(int n) {
    const int value = n > 256 ? Next() * 256 + Next() : Next();
    return value % n;
  }
  template <typename T, std::size_t N>
  const T& Of(const T (&list)[N]) {
    return list[static_cast<std::size_t>(Below(static_cast<int>(N)))];
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

Duration Length(Bytes& bytes) {
  switch (bytes.Below(6)) {
    case 0:
      return Duration::zero();
    case 1:
      return milliseconds(bytes.Below(3000));
    case 2:
      return seconds(bytes.Below(200));
    case 3:
      return minutes(bytes.Below(200));
    case 4:
      return hours(bytes.Below(40));
    default:
      return seconds(10);
  }
}

paging::AlertUpdate Update(Bytes& bytes, Instant now) {
  paging::AlertUpdate update;
  update.fingerprint = static_cast<std::uint64_t>(1 + bytes.Below(4));
  update.status = bytes.Below(2) == 0 ? routing::AlertStatus::kFiring
                                      : routing::AlertStatus::kResolved;
  update.starts_at = now - Length(bytes) + Length(bytes);
  update.ends_at = update.starts_at + Length(bytes);
  update.contents = static_cast<std::uint64_t>(bytes.Below(3));
  update.name = "DiskFull";
  return update;
}

paging::Event Outcome(Bytes& bytes, const AlertGroup& group, Instant now) {
  const auto sequence = static_cast<std::uint32_t>(
      bytes.Below(static_cast<int>(group.last_sequence % 200) + 2));
  if (bytes.Below(2) == 0) {
    return paging::NotificationDelivered{.sequence = sequence, .detail = "ok"};
  }
  paging::NotificationFailed failed{
      .sequence = sequence, .reason = "dead", .retry_at = std::nullopt};
  if (bytes.Below(2) == 0) failed.retry_at = now + Length(bytes);
  return failed;
}

paging::Event Action(Bytes& bytes) {
  const std::string by = bytes.Of(kUsers);
  switch (bytes.Below(7)) {
    case 0:
      return paging::AcknowledgeRequested{by};
    case 1:
      return paging::UnacknowledgeRequested{by};
    case 2:
      return paging::ResolveRequested{by};
    case 3:
      return paging::UnresolveRequested{by};
    case 4:
      return paging::UnsilenceRequested{by};
    case 5: {
      paging::EscalateRequested escalate{.by = by, .step = std::nullopt};
      if (bytes.Below(2) == 0) {
        escalate.step = static_cast<std::size_t>(bytes.Below(12));
      }
      return escalate;
    }
    default: {
      paging::SilenceRequested silence{.by = by, .length = std::nullopt};
      if (bytes.Below(3) != 0) silence.length = Length(bytes);
      return silence;
    }
  }
}

paging::Event Draw(Bytes& bytes, const AlertGroup& group, Instant now) {
  switch (bytes.Below(4)) {
    case 0: {
      paging::AlertsReceived alerts;
      for (int n = 1 + bytes.Below(4); n > 0; --n) {
        alerts.alerts.push_back(Update(bytes, now));
      }
      return alerts;
    }
    case 1:
      return Outcome(bytes, group, now);
    case 2:
      return Action(bytes);
    default:
      return paging::TimerFired{};
  }
}

// What the effects of one transition add up to.
struct Sums {
  std::uint32_t issued = 0;
  std::uint32_t lines = 0;
  std::uint32_t lines_issued = 0;
  std::uint32_t lines_ended = 0;
  bool fired = false;         // new alerts were told of
  bool not_notified = false;  // and why nobody hears of it
  std::set<std::uint32_t> to_send;
  std::set<std::uint32_t> closed;
};

void Add(Sums& sums, const paging::Record& record) {
  using Kind = paging::TimelineKind;
  ++sums.lines;
  const Kind kind = record.entry.kind;
  TOCSIN_CHECK(!record.entry.text.empty());
  if (kind == Kind::kNotificationIssued) ++sums.lines_issued;
  if (kind == Kind::kNotificationDelivered ||
      kind == Kind::kNotificationFailed ||
      kind == Kind::kNotificationWithdrawn) {
    ++sums.lines_ended;
  }
  sums.fired |= kind == Kind::kAlertFired;
  sums.not_notified |= kind == Kind::kNotNotified;
}

Sums SumUp(const paging::Transition& transition) {
  Sums sums;
  for (const paging::Effect& effect : transition.effects) {
    if (const auto* notify = std::get_if<paging::Notify>(&effect)) {
      ++sums.issued;
      TOCSIN_CHECK(sums.to_send.insert(notify->id.sequence).second);
    } else if (const auto* close = std::get_if<paging::Close>(&effect)) {
      TOCSIN_CHECK(sums.closed.insert(close->id.sequence).second);
    } else if (const auto* record = std::get_if<paging::Record>(&effect)) {
      Add(sums, *record);
    }
  }
  return sums;
}

// What every state promises by itself.
void CheckState(const AlertGroup& group, Instant now) {
  const std::string row = store::EncodeGroup(group);
  TOCSIN_CHECK(row.size() <= kMaxRow);
  const Result<AlertGroup> back = store::DecodeGroup(group.id, row);
  TOCSIN_CHECK(back.ok());
  TOCSIN_CHECK(store::EncodeGroup(back.value()) == row);
  TOCSIN_CHECK(WakeAt(back.value()) == WakeAt(group));
  std::set<std::uint32_t> open;
  for (const paging::OpenNotification& one : group.open_notifications) {
    TOCSIN_CHECK(open.insert(one.sequence).second);
    TOCSIN_CHECK(one.sequence >= 1 && one.sequence <= group.last_sequence);
    TOCSIN_CHECK(one.run < group.runs.size());
    TOCSIN_CHECK(one.step < group.runs[one.run].policy.size());
  }
  TOCSIN_CHECK(group.last_turn <= now);
  if (std::holds_alternative<paging::Firing>(group.life)) return;
  TOCSIN_CHECK(group.open_notifications.empty());
  for (const paging::PersonalRun& run : group.runs) TOCSIN_CHECK(run.stopped);
}

// What one transition promises.
void CheckTransition(const AlertGroup& before,
                     const paging::Transition& transition) {
  const AlertGroup& after = transition.state;
  const Sums sums = SumUp(transition);
  TOCSIN_CHECK(after.last_turn >= before.last_turn);
  TOCSIN_CHECK(after.last_sequence == before.last_sequence + sums.issued);
  TOCSIN_CHECK(after.timeline_length == before.timeline_length + sums.lines);
  TOCSIN_CHECK(sums.issued == sums.lines_issued);
  TOCSIN_CHECK(sums.closed.size() == sums.lines_ended);
  TOCSIN_CHECK(before.open_notifications.size() + sums.issued ==
               after.open_notifications.size() + sums.closed.size());
  if (!std::holds_alternative<paging::Firing>(after.life)) {
    for (const std::uint32_t sequence : sums.to_send) {
      TOCSIN_CHECK(sums.closed.contains(sequence));
    }
    // Nobody hears of it, and the timeline says so; of a newborn its birth did.
    const bool explained = sums.not_notified || before.alerts.empty();
    TOCSIN_CHECK(!sums.fired || !IsOpen(after) || explained);
  }
  if (!transition.changed) {
    TOCSIN_CHECK(transition.effects.empty());
    TOCSIN_CHECK(store::EncodeGroup(before) == store::EncodeGroup(after));
  }
  if (transition.refusal) {
    TOCSIN_CHECK(sums.lines > 0);
  }
}

// The group comes to rest: all that is due now has run, in a bounded number of
// turns, and then the same timer changes nothing.
void CheckRest(AlertGroup group, SmallWorld& world, Instant now) {
  for (int turns = 0; turns < 20; ++turns) {
    const std::optional<Instant> wake = WakeAt(group);
    paging::Transition next =
        paging::Apply(group, paging::TimerFired{}, world.Sees(), now);
    world.Keep(next);
    if (!wake || *wake > now) {
      // A held group plans its next look anew.
      TOCSIN_CHECK(next.effects.empty());
      return;
    }
    group = std::move(next.state);
  }
  TOCSIN_CHECK(!"the group does not come to rest");
}

// Everything that happens to one group.
class Life {
 public:
  Life(Bytes& bytes, const testing::Files& files)
      : bytes_(bytes), files_(files), world_(files[0]) {}

  void Run() {
    Begin();
    for (int n = 0; n < kMaxEvents && !bytes_.empty(); ++n) {
      if (bytes_.Below(16) == 0) world_.Read(files_[bytes_.Below(2)]);
      now_ += Length(bytes_);
      // Now and then exactly when it is due, or by a clock that went back.
      const std::optional<Instant> wake = WakeAt(group_);
      if (wake && bytes_.Below(3) == 0) now_ = std::max(now_, *wake);
      Happens(Draw(bytes_, group_, now_),
              bytes_.Below(20) == 0 ? now_ - minutes(5) : now_);
    }
  }

 private:
  void Begin() {
    routing::LabelSet labels{{"alertname", "DiskFull"},
                             {"team", bytes_.Of(kTeams)}};
    const auto routes = world_.file().tree.Decide(
        labels, {.source = "am", .receiver = "tocsin"});
    const routing::Route& route = *routes[static_cast<std::size_t>(
        bytes_.Below(static_cast<int>(routes.size())))];
    paging::Birth birth;
    birth.id = paging::AlertGroupId(1);
    birth.identity = {.route = route.identity,
                      .team = route.team,
                      .source = "am",
                      .receiver = "tocsin",
                      .group_key = "{}:{}"};
    paging::Transition born =
        paging::Begin(std::move(birth), route, world_.Sees(), now_);
    world_.Keep(born);
    group_ = std::move(born.state);
    paging::AlertUpdate first = Update(bytes_, now_);
    first.status = routing::AlertStatus::kFiring;
    Happens(paging::AlertsReceived{{first}}, now_);
  }

  void Happens(const paging::Event& event, Instant now) {
    const AlertGroup before = group_;
    paging::Transition next = paging::Apply(before, event, world_.Sees(), now);
    const paging::Transition again =
        paging::Apply(before, event, world_.Sees(), now);
    TOCSIN_CHECK(store::EncodeGroup(next.state) ==
                 store::EncodeGroup(again.state));
    TOCSIN_CHECK(next.effects.size() == again.effects.size());
    world_.Keep(next);
    CheckTransition(before, next);
    group_ = std::move(next.state);
    CheckState(group_, std::max(now_, now));
    CheckRest(group_, world_, std::max(group_.last_turn, now));
  }

  Bytes& bytes_;
  const testing::Files& files_;
  SmallWorld world_;
  AlertGroup group_;
  Instant now_ = FromMillis(1'800'000'000'000);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  Bytes bytes(data, size);
  const testing::Files files =
      testing::MakeFiles([&bytes](int n) { return bytes.Below(n); });
  Life(bytes, files).Run();
  return 0;
}
