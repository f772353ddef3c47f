#include "tests/contract/samples.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "store/codec.h"

namespace tocsin::contract {

using namespace std::chrono_literals;

Instant At(std::int64_t seconds) {
  return FromMillis(1'700'000'000'123) + seconds * 1s;
}

paging::GroupIdentity SampleIdentity(std::int64_t n) {
  return {.route = "route",
          .team = "team",
          .source = "source",
          .receiver = "receiver",
          .group_key = "{}:{n=\"" + std::to_string(n) + "\"}"};
}

std::shared_ptr<const paging::ChainSnapshot> SampleSnapshot() {
  return std::make_shared<const paging::ChainSnapshot>(paging::ChainSnapshot{
      .hash = "c0ffee",
      .chain = {
          .name = "chain",
          .steps = {
              paging::NotifyUsers{.users = {"ada", "bob"},
                                  .importance = std::nullopt},
              paging::Wait{.length = 5min},
              paging::NotifyUsers{.users = {"eve"},
                                  .importance = paging::Importance::kImportant},
              paging::Wait{.length = 1min},
              paging::Repeat{.from = 0, .times = 3},
              paging::Repeat{.from = 1, .times = std::nullopt},
              paging::NotifySchedule{.schedule = "primary",
                                     .importance = std::nullopt},
              paging::NotifyNextOnCall{
                  .schedule = "primary",
                  .importance = paging::Importance::kDefault},
              paging::NotifyTeam{.team = "web",
                                 .importance = paging::Importance::kImportant},
              paging::NotifyRoundRobin{.users = {"ada", "bob"},
                                       .importance = std::nullopt},
              paging::NotifyChat{.channels = {"ops", "web"}},
              paging::NotifySlackUserGroup{.user_group = "@ops"},
              paging::IfTimeBetween{.start = 1320,
                                    .end = 360,
                                    .weekdays = {{1, 5}, {0, 0}},
                                    .time_zone = "Europe/Zurich",
                                    .outside = paging::Outside::kSkip},
              paging::IfAlertCount{.more_than = 10, .within = 5min},
              paging::CallWebhook{.provider = "runbook"},
              paging::EscalateToTeam{.team = "web", .importance = std::nullopt},
              paging::ResolveGroup{},
          }}});
}

paging::AlertGroup SampleGroup(std::int64_t id) {
  const auto fingerprint = static_cast<std::uint64_t>(id) * 10;
  return {.id = paging::AlertGroupId(id),
          .identity = SampleIdentity(id),
          .route_name = "severity=\"page\"",
          .title = "title",
          .summary = "summary",
          .severity = "critical",
          .importance = paging::Importance::kImportant,
          .created_at = At(1),
          .last_turn = At(2),
          .alerts = {{.fingerprint = fingerprint,
                      .status = routing::AlertStatus::kFiring,
                      .starts_at = At(0),
                      .last_seen = At(3),
                      .contents = 0xffff'ffff'ffff'fffe},
                     {.fingerprint = fingerprint + 1,
                      .status = routing::AlertStatus::kResolved,
                      .starts_at = At(-5),
                      .last_seen = At(4),
                      .contents = 7}},
          .life =
              paging::Firing{
                  .escalation =
                      paging::Escalation{
                          .snapshot = "c0ffee",
                          .next_step = 2,
                          .due = At(60),
                          .pause = paging::Pause::kUntilDue,
                          .finished = true,
                          .skipped_wait = true,
                          .repeated = {0, 4'000'000'000},
                          .last_run = {At(1), std::nullopt},
                          .sought = true,
                          .notified = {"ada", "bob"},
                          .called_for =
                              paging::CalledFor{
                                  .team = "web",
                                  .importance = paging::Importance::kImportant},
                          .callers = {{.snapshot = "c0ffee",
                                       .next_step = 1,
                                       .repeated = {2},
                                       .last_run = {At(7)}}},
                          .past_calls = {{.snapshot = "c0ffee",
                                          .last_step = At(8)}}}},
          .siblings = {paging::AlertGroupId(2), paging::AlertGroupId(7)},
          .episodes =
              paging::EpisodeTimes{.within = 30min,
                                   .limit = 4,
                                   .at = {At(1), At(4)}},
          .runs = {{.user = "ada",
                    .importance = paging::Importance::kImportant,
                    .policy = {paging::NotifyMethod{.method = "phone"},
                               paging::Wait{.length = 2min}},
                    .why = "step 1 of chain chain",
                    .next_step = 1,
                    .due = At(9),
                    .stopped = true,
                    .delivered = true}},
          .open_notifications = {{.sequence = 3,
                                  .run = 0,
                                  .step = 1,
                                  .issued_at = At(5),
                                  .failing_since = At(6),
                                  .attempts = 2,
                                  .fell_back = true,
                                  .unreached = false},
                                 {.sequence = 4,
                                  .run = 0,
                                  .step = 0,
                                  .issued_at = At(5),
                                  .failing_since = std::nullopt,
                                  .attempts = 0,
                                  .fell_back = false,
                                  .unreached = true}},
          .first_delivered_at = At(8),
          .last_sequence = 4,
          .timeline_length = 0,
          .contents_chunks = 0};
}

paging::Held SampleHeld(const std::string& snapshot) {
  return {.since = At(1),
          .look_again = At(3600),
          .because = "outside of office-hours",
          .snapshot = snapshot};
}

paging::TimelineEntry SampleEntry(std::int64_t n) {
  return {.at = At(n),
          .kind = paging::TimelineKind::kStepRun,
          .actor = "ada",
          .text = "entry " + std::to_string(n)};
}

routing::Alert SampleAlert(std::uint64_t fingerprint, const std::string& note) {
  return {.status = routing::AlertStatus::kResolved,
          .labels = {{"alertname", "DiskFull"}, {"host", "db1"}},
          .annotations = {{"note", note}},
          .starts_at = At(0),
          .ends_at = FromMillis(-62'135'596'800'000),  // year 0001
          .generator_url = "http://prometheus/graph",
          .fingerprint = fingerprint};
}

engine::Message SampleMessage(std::int64_t group, std::uint32_t sequence) {
  return {.id = {.group = paging::AlertGroupId(group), .sequence = sequence},
          .priority = paging::Priority::kLaterPage,
          .user = "ada",
          .method = "phone",
          .importance = paging::Importance::kImportant,
          .team = "team",
          .title = "title",
          .summary = "summary",
          .severity = "critical",
          .why = "step 1",
          .alerts_firing = 2,
          .issued_at = At(1),
          .attempts = 0};
}

engine::GroupWrite WriteOf(const paging::AlertGroup& group) {
  return {
      .group = group, .wake_at = std::nullopt, .entries = {}, .contents = {}};
}

engine::Changes ChangesOf(const paging::AlertGroup& group) {
  engine::Changes changes;
  changes.snapshots = {SampleSnapshot()};
  changes.groups = {WriteOf(group)};
  return changes;
}

engine::Changes BeforeFullTurn() {
  engine::Changes changes = ChangesOf(SampleGroup(1));
  changes.groups[0].wake_at = At(10);
  for (const std::uint32_t sequence : {1u, 2u, 3u}) {
    changes.inserts.push_back({.message = SampleMessage(1, sequence),
                               .due = At(sequence),
                               .claimed = sequence != 3});
  }
  return changes;
}

engine::Changes FullTurn() {
  engine::Changes changes;
  changes.snapshots = {SampleSnapshot()};
  paging::AlertGroup known = SampleGroup(1);
  known.life = paging::Acknowledged{.by = "ada", .at = At(20)};
  known.timeline_length = 2;
  known.contents_chunks = 1;
  changes.groups.push_back({.group = known,
                            .wake_at = std::nullopt,
                            .entries = {SampleEntry(1), SampleEntry(2)},
                            .contents = {SampleAlert(10, "first")}});
  changes.groups.push_back(WriteOf(SampleGroup(2)));
  changes.groups[1].wake_at = At(30);
  changes.inserts.push_back(
      {.message = SampleMessage(2, 1), .due = At(5), .claimed = false});
  changes.retries.push_back({.id = SampleMessage(1, 1).id, .due = At(40)});
  changes.closed.push_back(SampleMessage(1, 2).id);
  changes.claimed.push_back(SampleMessage(1, 3).id);
  changes.unclaimed.push_back(SampleMessage(1, 3).id);
  return changes;
}

std::string TextOf(const paging::AlertGroup& group) {
  return std::to_string(group.id.value()) + store::EncodeGroup(group);
}

std::string TextOf(const engine::Message& message) {
  return paging::NotificationIdText(message.id) + " priority " +
         std::to_string(static_cast<int>(message.priority)) + " attempts " +
         std::to_string(message.attempts) + store::EncodeMessage(message);
}

std::string TextOf(std::vector<routing::Alert> alerts) {
  std::sort(alerts.begin(), alerts.end(), [](const auto& a, const auto& b) {
    return a.fingerprint < b.fingerprint;
  });
  return store::EncodeContents(alerts);
}

std::string TextOf(const std::vector<paging::TimelineEntry>& entries) {
  std::string text;
  for (const paging::TimelineEntry& entry : entries) {
    text += std::to_string(ToMillis(entry.at)) + " " +
            paging::TimelineKindName(entry.kind) + " " + entry.actor + " " +
            entry.text + "\n";
  }
  return text;
}

std::string TextOf(engine::Store& store, engine::Reader& reader) {
  std::string text;
  for (const auto& group : reader.Groups({}).value().groups) {
    const auto view = reader.Group(group.id).value();
    text += TextOf(view->group) + TextOf(view->alerts) +
            TextOf(reader.Timeline(group.id).value());
  }
  const auto due = store.Due(At(1'000'000), 1000, 1000).value();
  for (const auto id : due.groups) text += std::to_string(id.value()) + " due ";
  for (const auto& message : due.messages) text += TextOf(message);
  for (const std::uint32_t sequence : {1u, 2u, 3u}) {
    const auto stands = reader.ClaimStands(SampleMessage(1, sequence).id);
    text += stands.value() ? "claimed " : "free ";
  }
  return text;
}

}  // namespace tocsin::contract
