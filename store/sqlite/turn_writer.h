#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/ports.h"
#include "store/sqlite/connection.h"
#include "store/write_probe.h"

namespace tocsin::store::sqlite {

// Writes all that a turn changes as one transaction: on disk as a whole when
// Write returns, or not at all. Borrows both for its life, which is one Write.
class TurnWriter {
 public:
  TurnWriter(Connection& connection, const WriteProbe& probe)
      : connection_(connection), probe_(probe) {}

  Status Write(const engine::Changes& changes);

 private:
  Status WriteSnapshots(const engine::Changes& changes);
  Status WriteGroup(const engine::GroupWrite& write);
  Status WriteTimeline(const engine::GroupWrite& write);
  Status WriteContents(const engine::GroupWrite& write);
  Status WriteDepartures(const engine::Changes& changes);
  Status WriteOutbox(const engine::Changes& changes);
  Status RunForEach(Statement statement,
                    const std::vector<paging::NotificationId>& ids);
  Status Insert(const engine::OutboxInsert& insert);

  Status Probe(std::string_view point) const;
  template <typename... Args>
  Status Run(Statement statement, Args... args);

  Connection& connection_;
  const WriteProbe& probe_;
};

}  // namespace tocsin::store::sqlite
