#include "store/sqlite/migrate.h"

#include <string>

namespace tocsin::store::sqlite {
namespace {

// The number in the head of every store's file, set by the first migration.
constexpr std::int64_t kApplicationId = 0x544f4353;  // "TOCS"

Status CheckJournal(Connection& connection) {
  Result<Cursor> cursor = connection.Query(Statement::kJournalMode);
  if (!cursor.ok()) return cursor.error();
  const Result<bool> row = cursor.value().Next();
  if (!row.ok()) return row.error();
  if (row.value() && cursor.value().Bytes(0) == "wal") return {};
  return Error{Code::kUnavailable, "the file system of the store " +
                                       connection.path() +
                                       " cannot keep a write-ahead log"};
}

// A file without a version is ours to fill only while it is empty.
Status CheckOwner(Connection& connection, std::int64_t version) {
  const auto owner = connection.Number(Statement::kApplicationId);
  if (!owner.ok()) return owner.error();
  const auto tables = connection.Number(Statement::kTableCount);
  if (!tables.ok()) return tables.error();
  const bool empty = version == 0 && tables.value().value_or(0) == 0;
  if (empty || owner.value() == kApplicationId) return {};
  return Error{Code::kInvalid, "the file " + connection.path() +
                                   " is a database of another program"};
}

Status CheckVersion(const Connection& connection, std::int64_t version) {
  constexpr auto kNewest = static_cast<std::int64_t>(kMigrationCount);
  if (version >= 0 && version <= kNewest) return {};
  return Error{Code::kInvalid,
               "the store " + connection.path() + " has schema " +
                   std::to_string(version) + ", this program knows up to " +
                   std::to_string(kNewest) + ": start a newer one"};
}

Status RunMigration(Connection& connection, const NamedSql& migration) {
  Result<Transaction> transaction =
      Transaction::Begin(connection, Statement::kBeginWrite);
  if (!transaction.ok()) return transaction.error();
  if (Status run = connection.RunScript(migration); !run.ok()) {
    return Error{run.error().code, run.error().message + ", in migration " +
                                       std::string(migration.name)};
  }
  return transaction.value().Commit();
}

}  // namespace

Status Migrate(Connection& connection) {
  const auto stored = connection.Number(Statement::kSchemaVersion);
  if (!stored.ok()) return stored.error();
  const std::int64_t version = stored.value().value_or(0);
  if (Status owner = CheckOwner(connection, version); !owner.ok()) return owner;
  if (Status known = CheckVersion(connection, version); !known.ok()) {
    return known;
  }
  if (Status log = CheckJournal(connection); !log.ok()) return log;
  for (auto i = static_cast<std::size_t>(version); i < kMigrationCount; ++i) {
    if (Status run = RunMigration(connection, kMigrations[i]); !run.ok()) {
      return run;
    }
  }
  return {};
}

}  // namespace tocsin::store::sqlite
