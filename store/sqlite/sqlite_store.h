#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_set>

#include "base/result.h"
#include "engine/ports.h"
#include "store/sqlite/file_lock.h"
#include "store/sqlite/open_index.h"
#include "store/write_probe.h"

namespace tocsin::store {
namespace sqlite {
class Connection;
}  // namespace sqlite

struct SqliteOptions {
  std::string path;  // of the database; the log and the lock lie beside it
  WriteProbe probe;  // empty in production
};

// Durable truth in one SQLite file, for one process. docs/store.md says how the
// rows lie and what they cost. Confined to the engine's thread.
//
// Full disks, locks and I/O faults are kUnavailable and pass: a failed Write
// has changed nothing, and the store stays usable. Rows that cannot be read are
// kDataLoss. kConflict is never answered by Write: there is no other writer.
class SqliteStore final : public engine::Store {
 public:
  // Takes the file for this process, makes or migrates it, and reads the open
  // groups. Errors: kConflict (another process has it; its pid is named),
  // kNotFound (no such directory), kForbidden (not writable), kDataLoss (not a
  // database, or damaged), kInvalid (newer than this program, or not ours).
  static Result<std::unique_ptr<SqliteStore>> Open(SqliteOptions options);

  // Moves the log into the file, so that the file alone is a whole store.
  ~SqliteStore() override;

  Result<engine::Loaded> Load(const engine::Footprint& footprint) override;
  Status Write(const engine::Changes& changes) override;
  Result<engine::DueWork> Due(Instant now, std::size_t max_groups,
                              std::size_t max_messages) override;
  Result<std::optional<Instant>> NextDue() override;
  Result<paging::AlertGroupId> LastGroupId() override;
  Status ReleaseClaims() override;
  Status WakeHeld(Instant at) override;

 private:
  SqliteStore(sqlite::FileLock lock,
              std::unique_ptr<sqlite::Connection> connection, WriteProbe probe);
  Status BuildIndex();
  Status ReadDepartures();
  Result<engine::Loaded> LoadRows(const engine::Footprint& footprint);
  // Those of the group, with all they lead to.
  Status LoadSnapshots(const paging::AlertGroup& group,
                       paging::SnapshotSet& snapshots);
  // Null: there is none.
  Result<std::shared_ptr<const paging::ChainSnapshot>> Snapshot(
      const std::string& hash);
  void Cache(std::shared_ptr<const paging::ChainSnapshot> snapshot);
  Status DueMessages(paging::Priority priority, Instant now, std::size_t limit,
                     std::vector<engine::Message>& messages);

  const sqlite::FileLock lock_;  // given back last
  const std::unique_ptr<sqlite::Connection> connection_;
  const WriteProbe probe_;
  sqlite::OpenIndex index_;
  // Of the last minute: what the table has, but found without reading it.
  std::map<paging::FoldKey, Instant> departures_;
  paging::SnapshotSet snapshots_;  // decoded once, shared with turns that load
};

}  // namespace tocsin::store
