#include "store/memory/memory_store.h"

#include <algorithm>
#include <utility>

#include "paging/planted.h"

namespace tocsin::store {

namespace {

bool Touches(const engine::Footprint& footprint,
             const paging::AlertGroup& group) {
  const auto named = [&group](paging::AlertGroupId id) {
    return id == group.id;
  };
  if (std::any_of(footprint.groups.begin(), footprint.groups.end(), named)) {
    return true;
  }
  if (!Hears(group)) return false;
  for (const paging::GroupIdentity& identity : footprint.identities) {
    if (identity == group.identity) return true;
  }
  for (const engine::AlertKey& key : footprint.alerts) {
    if (key.source != group.identity.source) continue;
    for (const paging::AlertState& alert : group.alerts) {
      if (alert.fingerprint == key.fingerprint) return true;
    }
  }
  return false;
}

}  // namespace

Result<engine::Loaded> MemoryStore::Load(const engine::Footprint& footprint) {
  engine::Loaded loaded;
  for (const auto& [id, group] : groups_) {
    if (!Touches(footprint, group)) continue;
    loaded.groups.push_back(group);
    for (const std::string& hash : SnapshotsOf(group)) {
      AddSnapshot(hash, loaded.snapshots);
    }
  }
  for (const std::string& chain : footprint.pointers) {
    const auto known = pointers_.find(chain);
    loaded.pointers[chain] =
        known != pointers_.end() ? known->second : paging::Served();
  }
  for (const auto& [key, at] : departures_) {
    if (at > footprint.departed_after) loaded.departures[key] = at;
  }
  return loaded;
}

void MemoryStore::AddSnapshot(const std::string& hash,
                              paging::SnapshotSet& to) const {
  const auto& snapshot = snapshots_.at(hash);
  if (!to.emplace(hash, snapshot).second) return;
  for (const paging::FrozenWay& way : snapshot->ways) {
    if (way.chain) AddSnapshot(*way.chain, to);
  }
}

Status MemoryStore::Write(const engine::Changes& changes) {
  for (const paging::NotificationId& id : changes.unclaimed) {
    const auto row = outbox_.find(id);
    if (row != outbox_.end()) row->second.claimed = false;
  }
  for (const auto& snapshot : changes.snapshots) {
    snapshots_.emplace(snapshot->hash, snapshot);
  }
  for (const auto& [chain, served] : changes.pointers) {
    pointers_[chain] = served;
  }
  for (const engine::GroupWrite& write : changes.groups) {
    const paging::AlertGroupId id = write.group.id;
    groups_[id] = write.group;
    wake_at_.erase(id);
    if (write.wake_at) wake_at_[id] = *write.wake_at;
    auto& timeline = timeline_[id];
    timeline.insert(timeline.end(), write.entries.begin(), write.entries.end());
    for (const routing::Alert& alert : write.contents) {
      contents_[id][alert.fingerprint] = alert;
    }
  }
  for (const engine::OutboxInsert& insert : changes.inserts) {
    outbox_[insert.message.id] = {.message = insert.message,
                                  .due = insert.due,
                                  .claimed = insert.claimed};
  }
  for (const paging::RetryAt& retry : changes.retries) {
    const auto row = outbox_.find(retry.id);
    if (row == outbox_.end()) continue;
    row->second.due = retry.due;
    row->second.claimed = false;
    ++row->second.message.attempts;
  }
  for (const paging::NotificationId& id : changes.claimed) {
    const auto row = outbox_.find(id);
    if (row != outbox_.end()) row->second.claimed = true;
  }
  for (const paging::NotificationId& id : changes.closed) outbox_.erase(id);
  for (const auto& [key, at] : changes.departures) departures_[key] = at;
  return {};
}

Result<engine::DueWork> MemoryStore::Due(Instant now, std::size_t max_groups,
                                         std::size_t max_messages) {
  engine::DueWork work;
  std::vector<std::pair<Instant, paging::AlertGroupId>> due;
  for (const auto& [id, at] : wake_at_) {
    if (at <= now) due.emplace_back(at, id);
  }
  std::sort(due.begin(), due.end());
  if (due.size() > max_groups) due.resize(max_groups);
  for (const auto& [at, id] : due) work.groups.push_back(id);

  std::vector<const Row*> rows;
  for (const auto& [id, row] : outbox_) {
    if (!row.claimed && row.due <= now) rows.push_back(&row);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const Row* a, const Row* b) {
    return std::pair(a->message.priority, a->due) <
           std::pair(b->message.priority, b->due);
  });
  if (rows.size() > max_messages) rows.resize(max_messages);
  for (const Row* row : rows) work.messages.push_back(row->message);
  return work;
}

Result<std::optional<Instant>> MemoryStore::NextDue() {
  std::optional<Instant> next;
  const auto consider = [&next](Instant at) {
    if (!next || at < *next) next = at;
  };
  for (const auto& [id, at] : wake_at_) consider(at);
  for (const auto& [id, row] : outbox_) {
    if (!row.claimed) consider(row.due);
  }
  return next;
}

Result<paging::AlertGroupId> MemoryStore::LastGroupId() {
  return groups_.empty() ? paging::AlertGroupId() : groups_.rbegin()->first;
}

Status MemoryStore::ReleaseClaims() {
  if (paging::IsPlanted(paging::Planted::kClaimsStayAtStart)) return {};
  for (auto& [id, row] : outbox_) row.claimed = false;
  return {};
}

Status MemoryStore::WakeHeld(Instant at) {
  for (const auto& [id, group] : groups_) {
    if (std::holds_alternative<paging::Held>(group.life)) wake_at_[id] = at;
  }
  return {};
}

Result<std::optional<engine::GroupView>> MemoryStore::Group(
    paging::AlertGroupId id) {
  const auto it = groups_.find(id);
  if (it == groups_.end()) return std::optional<engine::GroupView>();
  engine::GroupView view{.group = it->second, .alerts = {}};
  for (const auto& [fingerprint, alert] : contents_[id]) {
    view.alerts.push_back(alert);
  }
  return std::optional(std::move(view));
}

Result<engine::GroupPage> MemoryStore::Groups(
    const engine::GroupFilter& filter) {
  engine::GroupPage page;
  for (auto it = groups_.rbegin(); it != groups_.rend(); ++it) {
    const paging::AlertGroup& group = it->second;
    const bool wanted = !filter.state ||
                        *filter.state == LifeName(group.life) ||
                        (*filter.state == "unattended" && IsUnattended(group));
    if (!wanted) continue;
    if (filter.team && *filter.team != group.identity.team) continue;
    const auto number = static_cast<std::size_t>(page.count++);
    if (number >= filter.offset && page.groups.size() < filter.limit) {
      page.groups.push_back(group);
    }
  }
  return page;
}

Result<std::vector<paging::TimelineEntry>> MemoryStore::Timeline(
    paging::AlertGroupId id) {
  return timeline_[id];
}

Result<bool> MemoryStore::ClaimStands(paging::NotificationId id) {
  const auto it = outbox_.find(id);
  return it != outbox_.end() && it->second.claimed;
}

Result<std::shared_ptr<const paging::ChainSnapshot>> MemoryStore::Snapshot(
    const std::string& hash) {
  const auto it = snapshots_.find(hash);
  if (it != snapshots_.end()) return it->second;
  return std::shared_ptr<const paging::ChainSnapshot>();
}

}  // namespace tocsin::store
