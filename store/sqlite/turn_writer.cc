#include "store/sqlite/turn_writer.h"

#include <optional>
#include <string>
#include <utility>

#include "store/codec.h"
#include "store/row_key.h"
#include "store/sqlite/rows.h"

namespace tocsin::store::sqlite {

Status TurnWriter::Probe(std::string_view point) const {
  return probe_ ? probe_(point) : Status();
}

template <typename... Args>
Status TurnWriter::Run(Statement statement, Args... args) {
  const auto& sql = kStatements[static_cast<std::size_t>(statement)];
  if (Status probed = Probe(sql.name); !probed.ok()) return probed;
  return connection_.Run(statement, args...);
}

Status TurnWriter::Write(const engine::Changes& changes) {
  Result<Transaction> transaction =
      Transaction::Begin(connection_, Statement::kBeginWrite);
  if (!transaction.ok()) return transaction.error();
  if (Status s = WriteSnapshots(changes); !s.ok()) return s;
  for (const auto& [chain, served] : changes.pointers) {
    const std::string body = EncodePointer(served);
    if (Status s = Run(Statement::kPointerPut, Text{chain}, Blob{body});
        !s.ok()) {
      return s;
    }
  }
  for (const engine::GroupWrite& write : changes.groups) {
    if (Status s = WriteGroup(write); !s.ok()) return s;
  }
  if (Status s = WriteOutbox(changes); !s.ok()) return s;
  if (Status s = WriteDepartures(changes); !s.ok()) return s;
  if (changes.groups.empty()) {
    if (Status s = Run(Statement::kTouch); !s.ok()) return s;
  }
  if (Status s = Probe("Commit"); !s.ok()) return s;
  return transaction.value().Commit();
}

Status TurnWriter::WriteSnapshots(const engine::Changes& changes) {
  for (const auto& snapshot : changes.snapshots) {
    const std::string body = EncodeSnapshot(*snapshot);
    if (Status s =
            Run(Statement::kSnapshotAdd, Text{snapshot->hash}, Blob{body});
        !s.ok()) {
      return s;
    }
  }
  return {};
}

Status TurnWriter::WriteGroup(const engine::GroupWrite& write) {
  const paging::AlertGroup& group = write.group;
  // All keys of the group's rows hold where this one does.
  if (const auto key = RowKey(group.id, 0); !key.ok()) return key.error();
  const std::string body = EncodeGroup(group);
  std::optional<std::int64_t> wake_at;
  if (write.wake_at) wake_at = ToMillis(*write.wake_at);
  if (Status s = Run(Statement::kGroupPut, group.id.value(), StateNumber(group),
                     Text{group.identity.team}, wake_at,
                     ToMillis(group.created_at), Blob{body});
      !s.ok()) {
    return s;
  }
  if (Status s = WriteTimeline(write); !s.ok()) return s;
  return WriteContents(write);
}

Status TurnWriter::WriteTimeline(const engine::GroupWrite& write) {
  std::int64_t number = std::int64_t{write.group.timeline_length} -
                        static_cast<std::int64_t>(write.entries.size());
  for (const paging::TimelineEntry& entry : write.entries) {
    const auto key = RowKey(write.group.id, ++number);
    if (!key.ok()) return key.error();
    if (Status s = Run(Statement::kTimelineAdd, key.value(), ToMillis(entry.at),
                       Text{paging::TimelineKindName(entry.kind)},
                       Text{entry.actor}, Text{entry.text});
        !s.ok()) {
      return s;
    }
  }
  return {};
}

Status TurnWriter::WriteContents(const engine::GroupWrite& write) {
  if (write.contents.empty()) return {};
  const auto key = RowKey(write.group.id, write.group.contents_chunks);
  if (!key.ok()) return key.error();
  const std::string body = EncodeContents(write.contents);
  return Run(Statement::kContentsAdd, key.value(), Blob{body});
}

Status TurnWriter::RunForEach(Statement statement,
                              const std::vector<paging::NotificationId>& ids) {
  for (const paging::NotificationId id : ids) {
    const auto key = RowKey(id.group, id.sequence);
    if (!key.ok()) return key.error();
    if (Status s = Run(statement, key.value()); !s.ok()) return s;
  }
  return {};
}

// Doubtful claims end first, since a row may be claimed anew in the same turn;
// closed rows come last, since a notification may be issued and withdrawn in
// one. Changes of a row that is gone change nothing.
Status TurnWriter::WriteOutbox(const engine::Changes& changes) {
  if (Status s = RunForEach(Statement::kOutboxUnclaim, changes.unclaimed);
      !s.ok()) {
    return s;
  }
  for (const engine::OutboxInsert& insert : changes.inserts) {
    if (Status s = Insert(insert); !s.ok()) return s;
  }
  for (const paging::RetryAt& retry : changes.retries) {
    const auto key = RowKey(retry.id.group, retry.id.sequence);
    if (!key.ok()) return key.error();
    if (Status s =
            Run(Statement::kOutboxRetry, key.value(), ToMillis(retry.due));
        !s.ok()) {
      return s;
    }
  }
  if (Status s = RunForEach(Statement::kOutboxClaim, changes.claimed);
      !s.ok()) {
    return s;
  }
  return RunForEach(Statement::kOutboxClose, changes.closed);
}

Status TurnWriter::Insert(const engine::OutboxInsert& insert) {
  const engine::Message& message = insert.message;
  const auto key = RowKey(message.id.group, message.id.sequence);
  if (!key.ok()) return key.error();
  const std::string body = EncodeMessage(message);
  return Run(Statement::kOutboxAdd, key.value(), ToMillis(insert.due),
             static_cast<std::int64_t>(message.priority),
             std::int64_t{insert.claimed}, std::int64_t{message.attempts},
             Blob{body});
}

Status TurnWriter::WriteDepartures(const engine::Changes& changes) {
  for (const auto& [key, at] : changes.departures) {
    if (Status s =
            Run(Statement::kDeparturePut, Text{key.user}, Text{key.method},
                static_cast<std::int64_t>(key.importance), ToMillis(at));
        !s.ok()) {
      return s;
    }
  }
  return {};
}

}  // namespace tocsin::store::sqlite
