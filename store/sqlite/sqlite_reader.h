#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/mutex.h"
#include "base/result.h"
#include "engine/ports.h"

namespace tocsin::store {
namespace sqlite {
class Connection;
}  // namespace sqlite

// Committed truth of a store that a SqliteStore of this process holds open, on
// a connection of its own: readers and the writer never wait for each other.
// Thread-safe; one reads at a time, and no read keeps a transaction open longer
// than one answer, so the log can start again.
class SqliteReader final : public engine::Reader {
 public:
  static Result<std::unique_ptr<SqliteReader>> Open(const std::string& path);
  ~SqliteReader() override;

  Result<std::optional<engine::GroupView>> Group(
      paging::AlertGroupId id) override EXCLUDES(mutex_);
  // kInvalid on a state that does not exist.
  Result<engine::GroupPage> Groups(const engine::GroupFilter& filter) override
      EXCLUDES(mutex_);
  Result<std::vector<paging::TimelineEntry>> Timeline(
      paging::AlertGroupId id) override EXCLUDES(mutex_);
  Result<bool> ClaimStands(paging::NotificationId id) override EXCLUDES(mutex_);
  Result<std::shared_ptr<const paging::ChainSnapshot>> Snapshot(
      const std::string& hash) override EXCLUDES(mutex_);

 private:
  explicit SqliteReader(std::unique_ptr<sqlite::Connection> connection);
  Result<std::vector<routing::Alert>> Contents(paging::AlertGroupId id)
      REQUIRES(mutex_);

  Mutex mutex_;
  const std::unique_ptr<sqlite::Connection> connection_ GUARDED_BY(mutex_);
};

}  // namespace tocsin::store
