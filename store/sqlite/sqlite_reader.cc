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

Result<std::optional<std::int64_t>> StateOf(const engine::GroupFilter& filter) {
  using State = std::optional<std::int64_t>;
  if (!filter.state) return State();
  if (*filter.state == "firing") return State(sqlite::kFiringState);
  if (*filter.state == "acknowledged") return State(sqlite::kAcknowledgedState);
  if (*filter.state == "held") return State(sqlite::kHeldState);
  if (*filter.state == "silenced") return State(sqlite::kSilencedState);
  if (*filter.state == "resolved") return State(sqlite::kHearingState);
  return Error{Code::kInvalid,
               "there is no alert group state \"" + *filter.state + "\""};
}

// Open groups are few and have an index of their own. Resolved ones are most of
// all groups, so that a walk from the newest finds a page of them soon.
Result<std::vector<paging::AlertGroup>> ReadPage(
    Connection& connection, std::optional<std::int64_t> state,
    const engine::GroupFilter& filter) {
  const std::int64_t from = state.value_or(0);
  const auto limit = static_cast<std::int64_t>(filter.limit);
  const auto offset = static_cast<std::int64_t>(filter.offset);
  const bool open = state && *state < sqlite::kHearingState;
  if (!filter.team) {
    return ReadGroups(
        connection.Query(open ? Statement::kListOpen : Statement::kListAll,
                         from, limit, offset));
  }
  return ReadGroups(
      connection.Query(open ? Statement::kListOpenTeam : Statement::kListTeam,
                       from, limit, offset, sqlite::Text{*filter.team}));
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
  const auto state = StateOf(filter);
  if (!state.ok()) return state.error();
  const MutexLock lock(mutex_);
  Result<Transaction> reads =
      Transaction::Begin(*connection_, Statement::kBegin);
  if (!reads.ok()) return reads.error();
  auto groups = ReadPage(*connection_, state.value(), filter);
  if (!groups.ok()) return groups.error();
  const auto count = Count(state.value(), filter);
  if (!count.ok()) return count.error();
  if (Status s = reads.value().Commit(); !s.ok()) return s.error();
  return engine::GroupPage{.groups = std::move(groups).value(),
                           .count = count.value()};
}

// Resolved groups are counted as all less the open ones: no index has them.
Result<std::int64_t> SqliteReader::Count(std::optional<std::int64_t> state,
                                         const engine::GroupFilter& filter) {
  if (state && *state < sqlite::kHearingState) {
    return CountOpen(*connection_, *state, *state, filter.team);
  }
  const auto all = filter.team ? connection_->Number(Statement::kCountTeam,
                                                     sqlite::Text{*filter.team})
                               : connection_->Number(Statement::kCountAll);
  if (!all.ok()) return all.error();
  if (!state) return all.value().value_or(0);
  const auto open =
      CountOpen(*connection_, 0, sqlite::kHearingState - 1, filter.team);
  if (!open.ok()) return open.error();
  return all.value().value_or(0) - open.value();
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
