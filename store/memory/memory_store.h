#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/ports.h"

namespace tocsin::store {

// The store as the contract means it, in the plainest way: maps in memory. What
// is only tried (`tocsinctl simulate`) needs no more, tests compare the real
// stores with it, and nothing of it survives the process. Writes never fail.
// Confined to one thread.
class MemoryStore : public engine::Store, public engine::Reader {
 public:
  Result<engine::Loaded> Load(const engine::Footprint& footprint) override;
  Status Write(const engine::Changes& changes) override;
  Result<engine::DueWork> Due(Instant now, std::size_t max_groups,
                              std::size_t max_messages) override;
  Result<std::optional<Instant>> NextDue() override;
  Result<paging::AlertGroupId> LastGroupId() override;
  Status ReleaseClaims() override;
  Status WakeHeld(Instant at) override;

  Result<std::optional<engine::GroupView>> Group(
      paging::AlertGroupId id) override;
  Result<engine::GroupPage> Groups(const engine::GroupFilter& filter) override;
  Result<std::vector<paging::TimelineEntry>> Timeline(
      paging::AlertGroupId id) override;
  Result<bool> ClaimStands(paging::NotificationId id) override;
  Result<std::shared_ptr<const paging::ChainSnapshot>> Snapshot(
      const std::string& hash) override;

  const std::map<paging::AlertGroupId, paging::AlertGroup>& groups() const {
    return groups_;
  }
  const std::vector<paging::TimelineEntry>& timeline(paging::AlertGroupId id) {
    return timeline_[id];
  }
  std::size_t outbox_size() const { return outbox_.size(); }

 private:
  struct Row {
    engine::Message message;
    Instant due;
    bool claimed = false;
  };

  // With all that it leads to.
  void AddSnapshot(const std::string& hash, paging::SnapshotSet& to) const;

  std::map<paging::AlertGroupId, paging::AlertGroup> groups_;
  std::map<paging::AlertGroupId, Instant> wake_at_;
  std::map<paging::AlertGroupId, std::vector<paging::TimelineEntry>> timeline_;
  std::map<paging::AlertGroupId, std::map<std::uint64_t, routing::Alert>>
      contents_;
  std::map<paging::NotificationId, Row> outbox_;
  paging::SnapshotSet snapshots_;
  std::map<paging::FoldKey, Instant> departures_;
  paging::Pointers pointers_;
};

}  // namespace tocsin::store
