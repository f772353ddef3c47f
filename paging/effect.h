#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>

#include "base/time.h"
#include "paging/alert_group.h"
#include "paging/round_robin.h"
#include "paging/snapshot.h"

// What a transition wants done. The engine commits effects together with the
// state, or neither; nothing is performed before the commit.
namespace tocsin::paging {

// The order in which notifications leave when not all can at once.
enum class Priority { kFirstPage, kLaterPage, kChatPost, kUpdate, kStatusNews };

// A message to one user by one contact method. Becomes an outbox row.
struct Notify {
  NotificationId id;
  Priority priority = Priority::kFirstPage;
  std::string user;
  std::string method;
  Importance importance = Importance::kDefault;
  std::string why;      // "step 1 of chain platform-default"
  Instant due;          // not before
  bool folded = false;  // leaves at `due` together with others (admit.h)
};

// A failed attempt will be made again at `due`.
struct RetryAt {
  NotificationId id;
  Instant due;
};

// The notification is over: its outbox row goes.
enum class Outcome { kDelivered, kFailed, kWithdrawn };
struct Close {
  NotificationId id;
  Outcome outcome = Outcome::kDelivered;
};

enum class TimelineKind {
  kGroupCreated,
  kAlertFired,
  kAlertResolved,
  kSiblingsMet,  // groups that came in one webhook with it
  kStepRun,
  kStepFailed,
  kEscalationFinished,
  kNotificationIssued,
  kNotificationDelivered,
  kNotificationRetried,
  kNotificationFailed,
  kNotificationWithdrawn,
  kNotNotified,  // a decision not to notify, with its reason
  kAcknowledged,
  kUnacknowledged,
  kResolved,
  kUnresolved,
  kReopened,  // alerts fire again soon after the resolve
  kSilenced,
  kUnsilenced,  // by a person, or since its time is over
  kEscalated,   // a person skipped the running wait
  kUnattended,  // nobody hears, or nobody acts
  kHoldEnded,   // a held group's route pages: its life begins
  kIgnored,     // an event that does not apply, and why
};

// Stable lower-case word, as the API shows it ("step_run").
const char* TimelineKindName(TimelineKind kind);

// One line of the group's record, in words a tired person understands.
struct TimelineEntry {
  Instant at;
  TimelineKind kind = TimelineKind::kGroupCreated;
  std::string actor;  // user, `token:NAME`, or "" for Tocsin and the source
  std::string text;
};
// Writes the entry to the group's timeline. `word` is what a metric counts of
// it, "" for nothing: the kind of step that ran, the reason of a decision not
// to notify, "overtaken".
struct Record {
  TimelineEntry entry;
  std::string word;
};

// The contents of this alert (labels, annotations) are new and must be kept.
struct KeepContents {
  std::uint64_t fingerprint = 0;
};

// The group runs, or may run, over this chain from now on.
struct KeepSnapshot {
  std::shared_ptr<const ChainSnapshot> snapshot;
};

// Somebody had their turn in a list of the chain: its pointer is this now. The
// next Apply sees it, also in the same turn of the engine.
struct MovePointer {
  std::string chain;
  Served served;
};

using Effect = std::variant<Notify, RetryAt, Close, Record, KeepContents,
                            KeepSnapshot, MovePointer>;

}  // namespace tocsin::paging
