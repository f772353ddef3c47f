#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "engine/ports.h"
#include "paging/alert_group.h"
#include "paging/effect.h"
#include "paging/roster.h"
#include "routing/payload.h"

// The bytes of stored rows, the same for every backend: compact JSON with a
// level, {"v":1,...}. Instants are integers of milliseconds, 64-bit hashes are
// signed integers, and strings may hold any bytes. What a row's key or columns
// already say is not said again in its bytes.
//
// Decoding fails with kDataLoss on bytes that are not what Encode wrote, and on
// a level this binary does not know. All functions are pure and thread-safe.
namespace tocsin::store {

// The level that is written, and the only one that is read.
inline constexpr std::int64_t kCodecLevel = 1;

// The hot row of a group, without its id.
std::string EncodeGroup(const paging::AlertGroup& group);
Result<paging::AlertGroup> DecodeGroup(paging::AlertGroupId id,
                                       std::string_view bytes);

// A chain snapshot, without its hash.
std::string EncodePointer(const paging::Served& served);
Result<paging::Served> DecodePointer(std::string_view chain,
                                     std::string_view bytes);

std::string EncodeSnapshot(const paging::ChainSnapshot& snapshot);
Result<paging::ChainSnapshot> DecodeSnapshot(std::string_view hash,
                                             std::string_view bytes);

// A message, without its id, priority and attempts: these are columns.
std::string EncodeMessage(const engine::Message& message);
Result<engine::Message> DecodeMessage(paging::NotificationId id,
                                      paging::Priority priority,
                                      std::uint32_t attempts,
                                      std::string_view bytes);

// One chunk of alert contents.
std::string EncodeContents(const std::vector<routing::Alert>& alerts);
Result<std::vector<routing::Alert>> DecodeContents(std::string_view bytes);

// Lays a later chunk over the alerts of earlier ones: of a fingerprint given
// twice the last stays, at its first place.
void MergeContents(std::vector<routing::Alert> later,
                   std::vector<routing::Alert>& alerts);

// The kind of a timeline entry from its word, paging::TimelineKindName.
Result<paging::TimelineKind> DecodeTimelineKind(std::string_view word);

}  // namespace tocsin::store
