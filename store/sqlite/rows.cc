#include "store/sqlite/rows.h"

#include <memory>
#include <utility>
#include <variant>

#include "store/codec.h"

namespace tocsin::store::sqlite {
namespace {

struct StateOf {
  std::int64_t operator()(const paging::Firing& firing) const {
    return firing.unattended_since ? kUnattendedState : kFiringState;
  }
  std::int64_t operator()(const paging::Acknowledged&) const {
    return kAcknowledgedState;
  }
  std::int64_t operator()(const paging::Resolved&) const {
    return kResolvedState;
  }
  std::int64_t operator()(const paging::Held&) const { return kHeldState; }
  std::int64_t operator()(const paging::Silenced&) const {
    return kSilencedState;
  }
};

}  // namespace

std::int64_t StateNumber(const paging::AlertGroup& group) {
  if (!paging::IsOpen(group) && paging::Hears(group)) return kHearingState;
  return std::visit(StateOf(), group.life);
}

Result<std::optional<paging::AlertGroup>> ReadGroup(Connection& connection,
                                                    paging::AlertGroupId id) {
  Result<Cursor> cursor = connection.Query(Statement::kGroupGet, id.value());
  if (!cursor.ok()) return cursor.error();
  const Result<bool> row = cursor.value().Next();
  if (!row.ok()) return row.error();
  std::optional<paging::AlertGroup> group;
  if (!row.value()) return group;
  auto decoded = DecodeGroup(id, cursor.value().Bytes(0));
  if (!decoded.ok()) return decoded.error();
  group = std::move(decoded).value();
  return group;
}

Result<std::shared_ptr<const paging::ChainSnapshot>> ReadSnapshot(
    Connection& connection, const std::string& hash) {
  std::shared_ptr<const paging::ChainSnapshot> none;
  Result<Cursor> cursor = connection.Query(Statement::kSnapshotGet, Text{hash});
  if (!cursor.ok()) return cursor.error();
  const Result<bool> row = cursor.value().Next();
  if (!row.ok()) return row.error();
  if (!row.value()) return none;
  auto snapshot = DecodeSnapshot(hash, cursor.value().Bytes(0));
  if (!snapshot.ok()) return snapshot.error();
  return std::make_shared<const paging::ChainSnapshot>(
      std::move(snapshot).value());
}

Result<paging::Served> ReadPointer(Connection& connection,
                                   const std::string& chain) {
  Result<Cursor> cursor = connection.Query(Statement::kPointerGet, Text{chain});
  if (!cursor.ok()) return cursor.error();
  const Result<bool> row = cursor.value().Next();
  if (!row.ok()) return row.error();
  if (!row.value()) return paging::Served();
  return DecodePointer(chain, cursor.value().Bytes(0));
}

Result<std::vector<paging::AlertGroup>> ReadGroups(Result<Cursor> cursor) {
  if (!cursor.ok()) return cursor.error();
  std::vector<paging::AlertGroup> groups;
  while (true) {
    const Result<bool> row = cursor.value().Next();
    if (!row.ok()) return row.error();
    if (!row.value()) return groups;
    const paging::AlertGroupId id(cursor.value().Int(0));
    auto group = DecodeGroup(id, cursor.value().Bytes(1));
    if (!group.ok()) return group.error();
    groups.push_back(std::move(group).value());
  }
}

}  // namespace tocsin::store::sqlite
