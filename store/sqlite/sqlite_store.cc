#include "store/sqlite/sqlite_store.h"

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "store/codec.h"
#include "store/row_key.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/migrate.h"
#include "store/sqlite/rows.h"
#include "store/sqlite/turn_writer.h"

// The writer's side of the store. Reads go by row id; what has to be found by
// alert or identity is found in memory (OpenIndex), which follows each commit.
namespace tocsin::store {

using sqlite::Connection;
using sqlite::Cursor;
using sqlite::Statement;
using sqlite::Transaction;

namespace {

// Far more chains than a file has; what a change of all of them leaves behind
// is dropped at once and read again when needed.
constexpr std::size_t kMaxCachedSnapshots = 4096;

bool Holds(const paging::AlertGroup& group, const engine::AlertKey& key) {
  return group.identity.source == key.source &&
         std::any_of(group.alerts.begin(), group.alerts.end(),
                     [&key](const paging::AlertState& alert) {
                       return alert.fingerprint == key.fingerprint;
                     });
}

// Candidates are found by hash: this is the check on the row itself.
bool IsWanted(const paging::AlertGroup& group,
              const engine::Footprint& footprint) {
  const auto& ids = footprint.groups;
  if (std::find(ids.begin(), ids.end(), group.id) != ids.end()) return true;
  if (!paging::Hears(group)) return false;
  const auto& identities = footprint.identities;
  return std::find(identities.begin(), identities.end(), group.identity) !=
             identities.end() ||
         std::any_of(footprint.alerts.begin(), footprint.alerts.end(),
                     [&group](const engine::AlertKey& key) {
                       return Holds(group, key);
                     });
}

// Each id once, in order: rows that lie side by side are read together.
std::set<std::int64_t> WantedIds(const sqlite::OpenIndex& index,
                                 const engine::Footprint& footprint) {
  std::set<std::int64_t> ids;
  for (const paging::AlertGroupId id : footprint.groups) ids.insert(id.value());
  for (const engine::AlertKey& alert : footprint.alerts) {
    for (const std::int64_t id : index.Candidates(alert)) ids.insert(id);
  }
  for (const paging::GroupIdentity& identity : footprint.identities) {
    for (const std::int64_t id : index.Candidates(identity)) ids.insert(id);
  }
  return ids;
}

}  // namespace

SqliteStore::SqliteStore(sqlite::FileLock lock,
                         std::unique_ptr<Connection> connection,
                         WriteProbe probe)
    : lock_(std::move(lock)),
      connection_(std::move(connection)),
      probe_(std::move(probe)) {}

// A checkpoint that fails loses nothing: the next start reads the log.
SqliteStore::~SqliteStore() { (void)connection_->Checkpoint(); }

Result<std::unique_ptr<SqliteStore>> SqliteStore::Open(SqliteOptions options) {
  auto lock = sqlite::FileLock::Take(options.path);
  if (!lock.ok()) return lock.error();
  auto connection = Connection::Open(options.path, sqlite::kWriterSetup);
  if (!connection.ok()) return connection.error();
  if (Status s = sqlite::Migrate(*connection.value()); !s.ok()) {
    return s.error();
  }
  if (Status s = connection.value()->PrepareAll(); !s.ok()) return s.error();
  std::unique_ptr<SqliteStore> store(
      new SqliteStore(std::move(lock).value(), std::move(connection).value(),
                      std::move(options.probe)));
  if (Status s = store->BuildIndex(); !s.ok()) return s.error();
  if (Status s = store->ReadDepartures(); !s.ok()) return s.error();
  return store;
}

// Row by row: all open groups at once would need their size in memory.
Status SqliteStore::BuildIndex() {
  Result<Cursor> cursor = connection_->Query(Statement::kGroupsOpen);
  if (!cursor.ok()) return cursor.error();
  while (true) {
    const Result<bool> row = cursor.value().Next();
    if (!row.ok()) return row.error();
    if (!row.value()) return {};
    const paging::AlertGroupId id(cursor.value().Int(0));
    const auto group = DecodeGroup(id, cursor.value().Bytes(1));
    if (!group.ok()) return group.error();
    index_.Put(group.value());
  }
}

Status SqliteStore::ReadDepartures() {
  Result<Cursor> cursor = connection_->Query(Statement::kDepartures);
  if (!cursor.ok()) return cursor.error();
  while (true) {
    const Result<bool> row = cursor.value().Next();
    if (!row.ok()) return row.error();
    if (!row.value()) return {};
    const paging::FoldKey key{
        .user = std::string(cursor.value().Bytes(0)),
        .method = std::string(cursor.value().Bytes(1)),
        .importance = cursor.value().Int(2) == 0
                          ? paging::Importance::kDefault
                          : paging::Importance::kImportant};
    departures_[key] = FromMillis(cursor.value().Int(3));
  }
}

Result<engine::Loaded> SqliteStore::Load(const engine::Footprint& footprint) {
  // One transaction for all rows: each read alone would lock and unlock.
  Result<Transaction> reads =
      Transaction::Begin(*connection_, Statement::kBegin);
  if (!reads.ok()) return reads.error();
  Result<engine::Loaded> loaded = LoadRows(footprint);
  if (!loaded.ok()) return loaded;
  if (Status s = reads.value().Commit(); !s.ok()) return s.error();
  std::erase_if(departures_, [&footprint](const auto& departure) {
    return departure.second <= footprint.departed_after;
  });
  loaded.value().departures = departures_;
  return loaded;
}

Result<engine::Loaded> SqliteStore::LoadRows(
    const engine::Footprint& footprint) {
  engine::Loaded loaded;
  for (const std::int64_t id : WantedIds(index_, footprint)) {
    auto group = ReadGroup(*connection_, paging::AlertGroupId(id));
    if (!group.ok()) return group.error();
    if (!group.value() || !IsWanted(*group.value(), footprint)) continue;
    if (Status s = LoadSnapshots(*group.value(), loaded.snapshots); !s.ok()) {
      return s.error();
    }
    loaded.groups.push_back(*std::move(group).value());
  }
  for (const std::string& chain : footprint.pointers) {
    auto pointer = sqlite::ReadPointer(*connection_, chain);
    if (!pointer.ok()) return pointer.error();
    loaded.pointers[chain] = std::move(pointer).value();
  }
  return loaded;
}

Status SqliteStore::LoadSnapshots(const paging::AlertGroup& group,
                                  paging::SnapshotSet& snapshots) {
  std::vector<std::string> wanted = SnapshotsOf(group);
  while (!wanted.empty()) {
    const std::string hash = std::move(wanted.back());
    wanted.pop_back();
    if (snapshots.contains(hash)) continue;
    const auto snapshot = Snapshot(hash);
    if (!snapshot.ok()) return snapshot.error();
    if (snapshot.value() == nullptr) {
      return Error{Code::kDataLoss,
                   "the chain snapshot " + hash + " of alert group " +
                       std::to_string(group.id.value()) + " is missing"};
    }
    for (const paging::FrozenWay& way : snapshot.value()->ways) {
      if (way.chain) wanted.push_back(*way.chain);
    }
    snapshots.emplace(hash, snapshot.value());
  }
  return {};
}

Result<std::shared_ptr<const paging::ChainSnapshot>> SqliteStore::Snapshot(
    const std::string& hash) {
  const auto known = snapshots_.find(hash);
  if (known != snapshots_.end()) return known->second;
  auto snapshot = sqlite::ReadSnapshot(*connection_, hash);
  if (snapshot.ok() && snapshot.value() != nullptr) Cache(snapshot.value());
  return snapshot;
}

void SqliteStore::Cache(std::shared_ptr<const paging::ChainSnapshot> snapshot) {
  if (snapshots_.size() >= kMaxCachedSnapshots) snapshots_.clear();
  const std::string& hash = snapshot->hash;
  snapshots_.emplace(hash, std::move(snapshot));
}

Status SqliteStore::Write(const engine::Changes& changes) {
  sqlite::TurnWriter writer(*connection_, probe_);
  if (Status written = writer.Write(changes); !written.ok()) return written;
  for (const engine::GroupWrite& write : changes.groups) {
    index_.Put(write.group);
  }
  for (const auto& snapshot : changes.snapshots) Cache(snapshot);
  for (const auto& [key, at] : changes.departures) departures_[key] = at;
  return {};
}

Result<engine::DueWork> SqliteStore::Due(Instant now, std::size_t max_groups,
                                         std::size_t max_messages) {
  engine::DueWork work;
  Result<Cursor> cursor =
      connection_->Query(Statement::kGroupsDue, ToMillis(now),
                         static_cast<std::int64_t>(max_groups));
  if (!cursor.ok()) return cursor.error();
  while (true) {
    const Result<bool> row = cursor.value().Next();
    if (!row.ok()) return row.error();
    if (!row.value()) break;
    work.groups.emplace_back(cursor.value().Int(0));
  }
  for (const paging::Priority priority : sqlite::kPriorities) {
    if (work.messages.size() >= max_messages) break;
    if (Status s = DueMessages(
            priority, now, max_messages - work.messages.size(), work.messages);
        !s.ok()) {
      return s.error();
    }
  }
  return work;
}

Status SqliteStore::DueMessages(paging::Priority priority, Instant now,
                                std::size_t limit,
                                std::vector<engine::Message>& messages) {
  Result<Cursor> cursor = connection_->Query(
      Statement::kOutboxDue, static_cast<std::int64_t>(priority), ToMillis(now),
      static_cast<std::int64_t>(limit));
  if (!cursor.ok()) return cursor.error();
  while (true) {
    const Result<bool> row = cursor.value().Next();
    if (!row.ok()) return row.error();
    if (!row.value()) return {};
    auto message =
        DecodeMessage(NotificationOf(cursor.value().Int(0)), priority,
                      static_cast<std::uint32_t>(cursor.value().Int(1)),
                      cursor.value().Bytes(2));
    if (!message.ok()) return message.error();
    messages.push_back(std::move(message).value());
  }
}

Result<std::optional<Instant>> SqliteStore::NextDue() {
  auto next = connection_->Number(Statement::kGroupsNextWake);
  if (!next.ok()) return next.error();
  std::optional<std::int64_t> earliest = next.value();
  for (const paging::Priority priority : sqlite::kPriorities) {
    const auto due = connection_->Number(Statement::kOutboxNextDue,
                                         static_cast<std::int64_t>(priority));
    if (!due.ok()) return due.error();
    if (!due.value()) continue;
    earliest = earliest ? std::min(*earliest, *due.value()) : due.value();
  }
  if (!earliest) return std::optional<Instant>();
  return std::optional<Instant>(FromMillis(*earliest));
}

Result<paging::AlertGroupId> SqliteStore::LastGroupId() {
  const auto last = connection_->Number(Statement::kGroupsLastId);
  if (!last.ok()) return last.error();
  return paging::AlertGroupId(last.value().value_or(0));
}

Status SqliteStore::ReleaseClaims() {
  return connection_->Run(Statement::kOutboxRelease);
}

Status SqliteStore::WakeHeld(Instant at) {
  return connection_->Run(Statement::kGroupsWakeHeld, ToMillis(at));
}

}  // namespace tocsin::store
