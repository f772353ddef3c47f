#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.h"
#include "paging/admit.h"
#include "paging/alert_group.h"
#include "paging/effect.h"
#include "paging/round_robin.h"
#include "paging/snapshot.h"
#include "routing/payload.h"

// What the engine and the readers of its truth need from outside, as small
// interfaces that are faked by hand in tests (tests/support). Adapters in
// store/ and notify/ implement them; web/ uses Reader.
namespace tocsin::engine {

// An alert within a source.
struct AlertKey {
  std::string source;
  std::uint64_t fingerprint = 0;
  bool operator==(const AlertKey&) const = default;
};

// What a turn is about to touch, collected before anything is read.
struct Footprint {
  std::vector<paging::AlertGroupId> groups;
  std::vector<AlertKey> alerts;
  std::vector<paging::GroupIdentity> identities;
  Instant departed_after;  // departures up to then fold nothing any more
  std::vector<std::string> pointers;  // of chains, that a turn asked for
};

// What the store knows of a footprint. Groups are complete hot rows: those
// named, those open ones that hold a named alert, and those open ones of a
// named identity. `snapshots` has the snapshots of these groups
// (SnapshotsOf), and those that they lead to.
struct Loaded {
  std::vector<paging::AlertGroup> groups;
  paging::SnapshotSet snapshots;
  // When something last left for somebody, or will: all departures later than
  // the footprint's departed_after.
  std::map<paging::FoldKey, Instant> departures;
  paging::Pointers pointers;  // each that is named; empty where there is none
};

// The message of one outbox row: all that delivery needs besides addresses,
// which it takes from the running configuration when it sends.
struct Message {
  paging::NotificationId id;
  paging::Priority priority = paging::Priority::kFirstPage;
  std::string user;
  std::string method;
  paging::Importance importance = paging::Importance::kDefault;
  std::string team;
  std::string title;
  std::string summary;
  std::string severity;
  std::string why;
  std::int64_t alerts_firing = 0;
  Instant issued_at;
  std::uint32_t attempts = 0;  // made so far, not counting a crashed one
  bool folded = false;         // leaves together with others of its FoldKey
  // Those others, claimed with this one: one message says it all, and its
  // outcome is that of each. Filled when it is claimed, never stored.
  std::vector<Message> bundled{};
};

struct OutboxInsert {
  Message message;
  Instant due;
  bool claimed = false;  // handed to delivery in the same turn
};

// The write of one group: its hot row, the timeline entries it gained (numbered
// after the row's timeline_length, which already counts them) and, where the
// contents of alerts are new, one cold chunk.
struct GroupWrite {
  paging::AlertGroup group;
  std::optional<Instant> wake_at;
  std::vector<paging::TimelineEntry> entries;
  std::vector<routing::Alert> contents;  // empty: no chunk
};

// All that one turn changes; committed whole or not at all.
struct Changes {
  std::vector<std::shared_ptr<const paging::ChainSnapshot>> snapshots;
  std::vector<GroupWrite> groups;
  paging::Pointers pointers;
  std::vector<OutboxInsert> inserts;
  std::vector<paging::RetryAt> retries;  // also ends the claim, counts attempt
  std::vector<paging::NotificationId> closed;
  std::vector<paging::NotificationId> claimed;
  // Claims of a write whose answer was an error, though it may have taken
  // effect: where such a row stands, its claim ends. Done before all else.
  std::vector<paging::NotificationId> unclaimed;
  std::map<paging::FoldKey, Instant> departures;  // new ones, replace old ones
};

// What is due without anything coming in.
struct DueWork {
  std::vector<paging::AlertGroupId> groups;  // wake_at <= now, oldest first
  std::vector<Message>
      messages;  // unclaimed, due <= now, by priority, then due
};

// Durable truth, for the engine's thread alone.
class Store {
 public:
  virtual ~Store() = default;

  virtual Result<Loaded> Load(const Footprint& footprint) = 0;

  // Returns after the changes are on disk (fsync), or changes nothing. Without
  // any changes it still writes: its success shows that the disk takes writes.
  // kConflict: another writer was faster, run the turn again. kInternal: the
  // answer to the commit was lost, and it may have taken effect.
  virtual Status Write(const Changes& changes) = 0;

  virtual Result<DueWork> Due(Instant now, std::size_t max_groups,
                              std::size_t max_messages) = 0;

  // The smallest wake_at or unclaimed due time; absent: nothing is pending.
  virtual Result<std::optional<Instant>> NextDue() = 0;

  // The largest group id ever given; 0 for an empty store.
  virtual Result<paging::AlertGroupId> LastGroupId() = 0;

  // Ends all claims: those of a process that is gone. Called once at start.
  virtual Status ReleaseClaims() = 0;

  // Makes every held group due at `at`, whatever its row says of its next
  // look. Called when the settings are others than the ones it was held by.
  virtual Status WakeHeld(Instant at) = 0;
};

struct GroupFilter {
  // paging::LifeName, or "unattended" for these among the firing ones.
  std::optional<std::string> state;
  std::optional<std::string> team;
  std::size_t offset = 0;
  std::size_t limit = 50;
};

// One group as readers see it.
struct GroupView {
  paging::AlertGroup group;
  std::vector<routing::Alert> alerts;  // latest contents; empty in lists
};

struct GroupPage {
  std::vector<paging::AlertGroup> groups;  // newest first
  std::int64_t count = 0;                  // of all that match
};

// Committed truth for those who only look; never sees a half turn. Thread-safe.
class Reader {
 public:
  virtual ~Reader() = default;
  virtual Result<std::optional<GroupView>> Group(paging::AlertGroupId id) = 0;
  virtual Result<GroupPage> Groups(const GroupFilter& filter) = 0;
  virtual Result<std::vector<paging::TimelineEntry>> Timeline(
      paging::AlertGroupId id) = 0;
  // Whether the claimed notification may still be sent: its row stands.
  virtual Result<bool> ClaimStands(paging::NotificationId id) = 0;
  // The chain snapshot of a hash; null: there is none.
  virtual Result<std::shared_ptr<const paging::ChainSnapshot>> Snapshot(
      const std::string& /*hash*/) {
    return std::shared_ptr<const paging::ChainSnapshot>();
  }
};

// Where committed notifications go. Thread-safe; never blocks.
class Outbox {
 public:
  virtual ~Outbox() = default;
  // How many more messages it would take now.
  virtual std::size_t Room() const = 0;
  // Takes claimed messages, at most Room() of them, each with what is bundled
  // into it. Each, and each bundled one, comes back through the inbox as
  // exactly one outcome, but for those whose claim was gone right
  // before the first byte: the commit that ended it has closed them.
  virtual void Hand(std::vector<Message> messages) = 0;
};

// Gives ids that were never given before, also not before a restart. Confined
// to the engine's thread.
class IdSource {
 public:
  virtual ~IdSource() = default;
  virtual paging::AlertGroupId NextGroupId() = 0;
};

}  // namespace tocsin::engine
