#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "engine/ports.h"
#include "paging/alert_group.h"
#include "store/sqlite/connection.h"

// What columns mean, and reads that the writer and the readers share.
namespace tocsin::store::sqlite {

// groups.state. Below kHearingState a group is open; the gap is for states that
// come later. A resolved group that still hears its source has a state of its
// own, so that it is found at start. The numbers are in statements.sql and in
// indexes.
inline constexpr std::int64_t kUnattendedState = 0;  // it fires
inline constexpr std::int64_t kFiringState = 1;      // and is attended
inline constexpr std::int64_t kAcknowledgedState = 2;
inline constexpr std::int64_t kHeldState = 3;
inline constexpr std::int64_t kSilencedState = 4;
inline constexpr std::int64_t kHearingState = 8;
inline constexpr std::int64_t kResolvedState = 9;

std::int64_t StateNumber(const paging::AlertGroup& group);

// outbox.priority is the enumerator's number; these are all of them in order.
inline constexpr paging::Priority kPriorities[] = {
    paging::Priority::kFirstPage, paging::Priority::kLaterPage,
    paging::Priority::kChatPost, paging::Priority::kUpdate,
    paging::Priority::kStatusNews};

// A group's hot row; absent where there is none.
Result<std::optional<paging::AlertGroup>> ReadGroup(Connection& connection,
                                                    paging::AlertGroupId id);

// The chain snapshot of a hash; null where there is none.
Result<std::shared_ptr<const paging::ChainSnapshot>> ReadSnapshot(
    Connection& connection, const std::string& hash);

// The pointer of a chain; empty where there is none.
Result<paging::Served> ReadPointer(Connection& connection,
                                   const std::string& chain);

// Rows (id, body) of a query over groups.
Result<std::vector<paging::AlertGroup>> ReadGroups(Result<Cursor> cursor);

}  // namespace tocsin::store::sqlite
