#include "store/sqlite/sqlite_reader.h"

#include <utility>

#include "store/codec.h"
#include "store/row_key.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/rows.h"

namespace tocsin::store {

using sqlite::Connection;
using sqlite::Cursor;
using sqlite::Statement;
using sqlite::Transaction;

namespace {

// What to look for; `first` to `last` are the numbers of a state.
struct States {
  std::int64_t first = 0;
  std::int64_t last = 0;
};

Result<std::optional<States>> StatesOf(const engine::GroupFilter& filter) {
  const auto one = [](std::int64_t number) {
    return std::optional(States{.first = number, .last = number});
  };
  if (!filter.state) return std::optional<States>();
  if (*filter.state == "firing") {
    return std::optional(States{.first = sqlite::kUnattendedState,
                                .last = sqlite::kFiringState});
  }
  if (*filter.state == "unattended") return one(sqlite::kUnattendedState);
  if (*filter.state == "acknowledged") return one(sqlite::kAcknowledgedState);
  if (*filter.state == "held") return one(sqlite::kHeldState);
  if (*filter.state == "silenced") return one(sqlite::kSilencedState);
  if (*filter.state == "resolved") return one(sqlite::kHearingState);
  return Error{Code::kInvalid,
               "there is no alert group state \"" + *filter.state + "\""};
}

bool IsOpen(const std::optional<States>& states) {
  return states && states->last < sqlite::kHearingState;
}

Statement ListOf(const std::optional<States>& states, bool of_team) {
  if (!IsOpen(states)) {
    return of_team ? Statement::kListTeam : Statement::kListAll;
  }
  if (states->first != states->last) {
    return of_team ? Statement::kListFiringTeam : Statement::kListFiring;
  }
  return of_team ? Statement::kListOpenTeam : Statement::kListOpen;
}

// Open groups are few and have an index of their own. Resolved ones are most of
// all groups, so that a walk from the newest finds a page of them soon.
Result<std::vector<paging::AlertGroup>> ReadPage(
    Connection& connection, const std::optional<States>& states,
    const engine::GroupFilter& filter) {
  const std::int64_t from = states ? states->first : 0;
  const auto limit = static_cast<std::int64_t>(filter.limit);
  const auto offset = static_cast<std::int64_t>(filter.offset);
  const Statement list = ListOf(states, filter.team.has_value());
  if (!filter.team) {
    return ReadGroups(connection.Query(list, from, limit, offset));
  }
  return ReadGroups(
      connection.Query(list, from, limit, offset, sqlite::Text{*filter.team}));
}

Result<std::int64_t> CountOpen(Connection& connection, std::int64_t first,
                               std::int64_t last,
                               const std::optional<std::string>& team) {
  const auto count =
      team ? connection.Number(Statement::kCountOpenTeam, first, last,
                               sqlite::Text{*team})
           : connection.Number(Statement::kCountOpen, first, last);
  if (!count.ok()) return count.error();
  return count.value().value_or(0);
}

// Resolved groups are counted as all less the open ones: no index has them.
Result<std::int64_t> CountOf(Connection& connection,
                             const std::optional<States>& states,
                             const engine::GroupFilter& filter) {
  if (IsOpen(states)) {
    return CountOpen(connection, states->first, states->last, filter.team);
  }
  const auto all = filter.team ? connection.Number(Statement::kCountTeam,
                                                   sqlite::Text{*filter.team})
                               : connection.Number(Statement::kCountAll);
  if (!all.ok()) return all.error();
  if (!states) return all.value().value_or(0);
  const auto open =
      CountOpen(connection, 0, sqlite::kHearingState - 1, filter.team);
  if (!open.ok()) return open.error();
  return all.value().value_or(0) - open.value();
}

}  // namespace

SqliteReader::SqliteReader(std::unique_ptr<Connection> connection)
    : connection_(std::move(connection)) {}

SqliteReader::~SqliteReader() = default;

Result<std::unique_ptr<SqliteReader>> SqliteReader::Open(
    const std::string& path) {
  auto connection = Connection::Open(path, sqlite::kReaderSetup);
  if (!connection.ok()) return connection.error();
  if (Status s = connection.value()->PrepareAll(); !s.ok()) return s.error();
  return std::unique_ptr<SqliteReader>(
      new SqliteReader(std::move(connection).value()));
}

Result<std::optional<engine::GroupView>> SqliteReader::Group(
    paging::AlertGroupId id) {
  const MutexLock lock(mutex_);
  Result<Transaction> reads =
      Transaction::Begin(*connection_, Statement::kBegin);
  if (!reads.ok()) return reads.error();
  auto group = sqlite::ReadGroup(*connection_, id);
  if (!group.ok()) return group.error();
  std::optional<engine::GroupView> view;
  if (!group.value()) return view;
  auto alerts = Contents(id);
  if (!alerts.ok()) return alerts.error();
  if (Status s = reads.value().Commit(); !s.ok()) return s.error();
  view = engine::GroupView{.group = *std::move(group).value(),
                           .alerts = std::move(alerts).value()};
  return view;
}

Result<std::vector<routing::Alert>> SqliteReader::Contents(
    paging::AlertGroupId id) {
  Result<Cursor> cursor = connection_->Query(Statement::kContentsOf,
                                             FirstRowKey(id), LastRowKey(id));
  if (!cursor.ok()) return cursor.error();
  std::vector<routing::Alert> alerts;
  while (true) {
    const Result<bool> row = cursor.value().Next();
    if (!row.ok()) return row.error();
    if (!row.value()) return alerts;
    auto chunk = DecodeContents(cursor.value().Bytes(0));
    if (!chunk.ok()) return chunk.error();
    MergeContents(std::move(chunk).value(), alerts);
  }
}

Result<engine::GroupPage> SqliteReader::Groups(
    const engine::GroupFilter& filter) {
  const auto states = StatesOf(filter);
  if (!states.ok()) return states.error();
  const MutexLock lock(mutex_);
  Result<Transaction> reads =
      Transaction::Begin(*connection_, Statement::kBegin);
  if (!reads.ok()) return reads.error();
  auto groups = ReadPage(*connection_, states.value(), filter);
  if (!groups.ok()) return groups.error();
  const auto count = CountOf(*connection_, states.value(), filter);
  if (!count.ok()) return count.error();
  if (Status s = reads.value().Commit(); !s.ok()) return s.error();
  return engine::GroupPage{.groups = std::move(groups).value(),
                           .count = count.value()};
}

Result<std::vector<paging::TimelineEntry>> SqliteReader::Timeline(
    paging::AlertGroupId id) {
  std::vector<paging::TimelineEntry> entries;
  if (!HasRowKeys(id)) return entries;
  const MutexLock lock(mutex_);
  Result<Cursor> cursor = connection_->Query(Statement::kTimelineOf,
                                             FirstRowKey(id), LastRowKey(id));
  if (!cursor.ok()) return cursor.error();
  while (true) {
    const Result<bool> row = cursor.value().Next();
    if (!row.ok()) return row.error();
    if (!row.value()) return entries;
    const auto kind = DecodeTimelineKind(cursor.value().Bytes(1));
    if (!kind.ok()) return kind.error();
    entries.push_back({.at = FromMillis(cursor.value().Int(0)),
                       .kind = kind.value(),
                       .actor = std::string(cursor.value().Bytes(2)),
                       .text = std::string(cursor.value().Bytes(3))});
  }
}

Result<bool> SqliteReader::ClaimStands(paging::NotificationId id) {
  const auto key = RowKey(id.group, id.sequence);
  if (!key.ok()) return key.error();
  const MutexLock lock(mutex_);
  const auto rows = connection_->Number(Statement::kOutboxClaimed, key.value());
  if (!rows.ok()) return rows.error();
  return rows.value().value_or(0) == 1;
}

Result<std::shared_ptr<const paging::ChainSnapshot>> SqliteReader::Snapshot(
    const std::string& hash) {
  const MutexLock lock(mutex_);
  return sqlite::ReadSnapshot(*connection_, hash);
}

}  // namespace tocsin::store
