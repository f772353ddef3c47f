#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/id.h"
#include "base/time.h"
#include "paging/chain_run.h"
#include "paging/roster.h"
#include "routing/payload.h"

namespace tocsin::paging {

using AlertGroupId = Id<struct AlertGroupTag>;

// A notification's id is derived, never drawn: the group and a number counted
// within it. A turn that runs again makes the same id, so nobody is paged
// twice, and a provider that takes an idempotency key can fold our retries.
struct NotificationId {
  AlertGroupId group;
  std::uint32_t sequence = 0;  // from 1

  auto operator<=>(const NotificationId&) const = default;
};

// "17-3": group 17, its third notification.
std::string NotificationIdText(NotificationId id);

// What makes two alerts belong to one group.
struct GroupIdentity {
  std::string route;  // Route::identity
  std::string team;
  std::string source;
  std::string receiver;
  std::string group_key;

  bool operator==(const GroupIdentity&) const = default;
};

// The source's last word on one alert; kept when its group is resolved.
struct AlertState {
  std::uint64_t fingerprint = 0;
  routing::AlertStatus status = routing::AlertStatus::kFiring;
  Instant starts_at;
  Instant last_seen;
  std::uint64_t contents = 0;  // hash of labels, annotations, generator URL
};

// How far a person's own policy has come for this group. The policy is frozen
// when the run starts. A run whose next_step is past the end, with nothing in
// flight, is over.
struct PersonalRun {
  std::string user;
  Importance importance = Importance::kDefault;
  Policy policy;
  std::string why;  // which step started it, "step 1 of chain platform"
  std::size_t next_step = 0;
  Instant due;
  bool stopped = false;    // by acknowledge or resolve
  bool delivered = false;  // at least one message arrived
};

// A notification that is not over: sent or to be sent, no outcome yet.
struct OpenNotification {
  std::uint32_t sequence = 0;
  std::size_t run = 0;   // index into runs
  std::size_t step = 0;  // step of its policy
  Instant issued_at;
  std::optional<Instant> failing_since;  // issued then, and failing since
  std::uint32_t attempts = 0;
  bool fell_back = false;  // the next method was started beside its retries
  bool unreached = false;  // for the chain it counts as not reached
};

// A temporary failure that lasts this long starts the next notify step beside
// its retries; one that lasts the longer time counts as "not reached" for the
// chain. Both count from the issue, however long a provider asks us to wait.
inline constexpr Duration kFallBackAfter = std::chrono::seconds(30);
inline constexpr Duration kUnreachedAfter = std::chrono::seconds(60);

// The life of a group. Escalations live in Firing alone: an acknowledged,
// resolved or held group that escalates cannot be written down, nor one that
// somebody has and that counts as unattended.
struct Firing {
  std::optional<Escalation> escalation;  // absent: the route has no chain
  // Since then it is unattended: nobody could be reached, or nobody has
  // acknowledged in time. Only leaving this state ends that.
  std::optional<Instant> unattended_since{};
  std::optional<Escalation> last_resort{};  // its run, once it was needed
};
struct Acknowledged {
  std::string by;
  Instant at;
};
struct Resolved {
  std::string by;  // person, or "" for the source or a step of the chain
  Instant at;
  // Until then an alert that fires anew begins the group again; absent: over.
  std::optional<Instant> reopens_until{};
  // Until then the alerts that still fired stay quiet: somebody has said that
  // they are dealt with. Absent: none did, or over.
  std::optional<Instant> holds_until{};
};
// Born on a route that its time intervals mute. Open, visible and counted, and
// nobody is notified until the route pages; then the group is Firing.
struct Held {
  Instant since;
  Instant look_again;    // when the route may page
  std::string because;   // "outside of office-hours"
  std::string snapshot;  // hash of the chain that would have run; "": none
};
// Nobody is notified, by a person's word. When that ends the group is Firing,
// and its chain starts anew.
struct Silenced {
  std::string by;
  Instant at;
  std::optional<Instant> until{};  // absent: until somebody says otherwise
};
using Life = std::variant<Firing, Acknowledged, Resolved, Held, Silenced>;

// How many siblings a group knows: enough for the teams that one event is
// about.
inline constexpr std::size_t kMaxSiblings = 16;

// An alert group: what people are paged about. This is the hot row: it is read
// and written as a whole by each turn that touches the group, so it carries no
// labels and annotations (those are the cold rows).
struct AlertGroup {
  AlertGroupId id;
  GroupIdentity identity;
  std::string route_name;
  std::string title;
  std::string summary;
  std::string severity;
  Importance importance = Importance::kDefault;
  std::uint32_t reopened = 0;  // how often it fired again after a resolve
  Instant created_at;
  Instant last_turn;  // `now` of the last Apply; time never runs backwards
  std::vector<AlertState> alerts;
  Life life;
  std::vector<AlertGroupId> siblings{};    // that came in one webhook with it
  std::optional<LeftRun> left_run{};       // absent: no chain was ever left
  std::optional<EpisodeTimes> episodes{};  // absent: nothing counts them
  std::vector<PersonalRun> runs;
  std::vector<OpenNotification> open_notifications;
  std::optional<Instant> first_delivered_at;  // when somebody first heard
  std::uint32_t last_sequence = 0;            // notifications issued so far
  std::uint32_t timeline_length = 0;
  std::uint32_t contents_chunks = 0;  // cold rows written so far
};

// "firing", "acknowledged", "resolved", "held", "silenced".
const char* LifeName(const Life& life);

// Hashes of the chain snapshots that the group runs, or may run; of each run
// the outermost first. What these lead to is in them (FrozenWay).
std::vector<std::string> SnapshotsOf(const AlertGroup& group);

// Whether it fires, and nobody hears of it or does anything about it.
bool IsUnattended(const AlertGroup& group);

bool IsOpen(const AlertGroup& group);

// Whether its source is still listened to: open, or resolved a short time ago.
bool Hears(const AlertGroup& group);

// Number of its alerts that fire by the source's last word.
std::size_t FiringAlerts(const AlertGroup& group);

// When the group must be looked at again though nothing comes in: the smallest
// due time of its escalations, its becoming unattended, its running policies,
// the marks of its failing notifications, the next look of a held one and the
// end of a silence. Absent: never.
std::optional<Instant> WakeAt(const AlertGroup& group);

}  // namespace tocsin::paging
