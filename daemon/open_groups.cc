#include "daemon/open_groups.h"

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace tocsin::daemon {
namespace {

constexpr std::size_t kPage = 1000;
constexpr const char* kOpenStates[] = {"firing", "acknowledged", "held",
                                       "silenced"};

Result<std::int64_t> Count(engine::Reader& reader, const char* state,
                           const std::optional<std::string>& team) {
  const auto page =
      reader.Groups({.state = state, .team = team, .offset = 0, .limit = 0});
  if (!page.ok()) return page.error();
  return page.value().count;
}

// Counting by team costs an index look-up each; the names of teams that the
// roster lacks are only found by reading all groups, so that comes last.
Result<bool> AllAreOf(const std::set<std::string>& teams,
                      engine::Reader& reader) {
  std::int64_t others = 0;
  for (const char* state : kOpenStates) {
    const auto all = Count(reader, state, std::nullopt);
    if (!all.ok()) return all.error();
    others += all.value();
    for (const std::string& team : teams) {
      const auto count = Count(reader, state, team);
      if (!count.ok()) return count.error();
      others -= count.value();
    }
  }
  return others == 0;
}

}  // namespace

Status ForEachOpenGroup(
    engine::Reader& reader,
    const std::function<void(const paging::AlertGroup&)>& visit) {
  std::set<paging::AlertGroupId> seen;  // pages shift while groups come
  for (const char* state : kOpenStates) {
    for (std::size_t offset = 0;; offset += kPage) {
      const auto page = reader.Groups({.state = state,
                                       .team = std::nullopt,
                                       .offset = offset,
                                       .limit = kPage});
      if (!page.ok()) return page.error();
      for (const paging::AlertGroup& group : page.value().groups) {
        if (seen.insert(group.id).second) visit(group);
      }
      if (page.value().groups.size() < kPage) break;
    }
  }
  return {};
}

Status CountOpenGroups(const paging::Roster& roster, engine::Reader& reader,
                       metrics::Metrics& metrics) {
  std::set<std::string> teams;
  for (const auto& [name, team] : roster.teams) teams.insert(name);
  const auto complete = AllAreOf(teams, reader);
  if (!complete.ok()) return complete.error();
  if (!complete.value()) {
    const Status read =
        ForEachOpenGroup(reader, [&teams](const paging::AlertGroup& group) {
          teams.insert(group.identity.team);
        });
    if (!read.ok()) return read;
    metrics.Know({.sources = {},
                  .teams = {teams.begin(), teams.end()},
                  .providers = {}});
  }
  for (const char* state : kOpenStates) {
    for (const std::string& team : teams) {
      const auto count = Count(reader, state, team);
      if (!count.ok()) return count.error();
      metrics.OpenGroups(team, state, static_cast<int>(count.value()));
    }
  }
  for (const std::string& team : teams) {
    const auto count = Count(reader, "unattended", team);
    if (!count.ok()) return count.error();
    metrics.Unattended(team, static_cast<int>(count.value()));
  }
  return {};
}

}  // namespace tocsin::daemon
