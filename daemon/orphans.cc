#include "daemon/orphans.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <memory>
#include <utility>
#include <variant>

#include "daemon/open_groups.h"
#include "paging/alert_group.h"

namespace tocsin::daemon {
namespace {

using Counts = std::map<std::string, std::size_t>;

// Open groups by what they lean on.
struct Leaning {
  Counts sources;
  Counts teams;
  Counts users;
  Counts routes;
  std::map<std::string, std::string> route_names;  // by identity
};

template <typename Map>
void AddMissing(const Map& before, const Map& after,
                const std::map<std::string, std::string, std::less<>>& aliases,
                std::set<std::string>& gone) {
  for (const auto& [name, value] : before) {
    if (!after.contains(name) && !aliases.contains(name)) gone.insert(name);
  }
}

// Where a run at `next` may still come: behind a `repeat` that has not used up
// its times, also to steps before.
std::size_t FirstToCome(const std::vector<paging::Step>& steps,
                        std::size_t next_step,
                        const std::vector<std::uint32_t>& repeated) {
  std::size_t first = next_step;
  for (std::size_t i = next_step; i < steps.size(); ++i) {
    const auto* const repeat = std::get_if<paging::Repeat>(&steps[i]);
    if (repeat == nullptr) continue;
    const std::uint32_t used = i < repeated.size() ? repeated[i] : 0;
    if (!repeat->times || used < *repeat->times) {
      first = std::min(first, repeat->from);
    }
  }
  return first;
}

void AddPeople(const std::vector<paging::Step>& steps, std::size_t first,
               std::set<std::string>& people) {
  for (std::size_t i = first; i < steps.size(); ++i) {
    if (const auto* const all = std::get_if<paging::NotifyUsers>(&steps[i])) {
      people.insert(all->users.begin(), all->users.end());
    } else if (const auto* const one =
                   std::get_if<paging::NotifyRoundRobin>(&steps[i])) {
      people.insert(one->users.begin(), one->users.end());
    }
  }
}

// Reads the groups, and each chain snapshot once.
class Reading {
 public:
  explicit Reading(engine::Reader& reader) : reader_(reader) {}

  // The people whom the group still tries to reach: by runs that have begun, by
  // messages without an outcome, and by the steps to come of its chain as it
  // was when it began.
  std::set<std::string> PeopleOf(const paging::AlertGroup& group) {
    std::set<std::string> people;
    for (const paging::PersonalRun& run : group.runs) {
      if (!run.stopped && run.next_step < run.policy.size()) {
        people.insert(run.user);
      }
    }
    for (const paging::OpenNotification& sent : group.open_notifications) {
      people.insert(group.runs.at(sent.run).user);
    }
    if (const auto* held = std::get_if<paging::Held>(&group.life)) {
      AddChain(held->snapshot, 0, {}, people);
    }
    if (const auto* firing = std::get_if<paging::Firing>(&group.life)) {
      AddStepsToCome(firing->escalation, people);
      AddStepsToCome(firing->last_resort, people);
    }
    return people;
  }

  // Of reading snapshots: the first error.
  const Status& status() const { return status_; }

 private:
  using Shared = std::shared_ptr<const paging::ChainSnapshot>;

  void AddStepsToCome(const std::optional<paging::Escalation>& run,
                      std::set<std::string>& people) {
    if (!run || run->finished) return;
    AddChain(run->snapshot, run->next_step, run->repeated, people);
    for (const paging::Caller& caller : run->callers) {
      AddChain(caller.snapshot, caller.next_step, caller.repeated, people);
    }
  }

  // The steps to come of a chain, and all steps of those that these call.
  void AddChain(const std::string& hash, std::size_t next_step,
                const std::vector<std::uint32_t>& repeated,
                std::set<std::string>& people) {
    const Shared snapshot = hash.empty() ? nullptr : Snapshot(hash);
    if (snapshot == nullptr) return;
    const std::vector<paging::Step>& steps = snapshot->chain.steps;
    const std::size_t first = FirstToCome(steps, next_step, repeated);
    AddPeople(steps, first, people);
    for (std::size_t i = first; i < steps.size(); ++i) {
      const auto* const call = std::get_if<paging::EscalateToTeam>(&steps[i]);
      if (call == nullptr) continue;
      for (const paging::FrozenWay& way : snapshot->ways) {
        if (way.team == call->team && way.chain) {
          AddChain(*way.chain, 0, {}, people);
        }
      }
    }
  }

  Shared Snapshot(const std::string& hash) {
    const auto known = snapshots_.find(hash);
    if (known != snapshots_.end()) return known->second;
    Result<Shared> read = reader_.Snapshot(hash);
    if (!read.ok() && status_.ok()) status_ = read.error();
    Shared snapshot = read.ok() ? std::move(read).value() : nullptr;
    snapshots_.emplace(hash, snapshot);
    return snapshot;
  }

  engine::Reader& reader_;
  std::map<std::string, Shared> snapshots_;
  Status status_;
};

void Count(const Gone& gone, const paging::AlertGroup& group, Reading& reading,
           Leaning& leaning) {
  const paging::GroupIdentity& identity = group.identity;
  if (gone.sources.contains(identity.source)) {
    ++leaning.sources[identity.source];
  }
  if (gone.teams.contains(identity.team)) ++leaning.teams[identity.team];
  if (gone.routes.contains(identity.route)) {
    ++leaning.routes[identity.route];
    leaning.route_names[identity.route] = group.route_name;
  }
  if (gone.users.empty()) return;
  for (const std::string& user : reading.PeopleOf(group)) {
    if (gone.users.contains(user)) ++leaning.users[user];
  }
}

std::string Groups(std::size_t count) {
  return std::to_string(count) +
         (count == 1 ? " open alert group" : " open alert groups");
}

std::string Named(const char* what, const std::string& name) {
  return std::string("the ") + what + " \"" + name + "\" is gone";
}

}  // namespace

Gone WhatIsGone(const config::Config& before, const routing::Tree& tree_before,
                const config::Config& after, const routing::Tree& tree_after) {
  Gone gone;
  std::set<std::string> sources;
  for (const config::Source& source : after.sources) {
    sources.insert(source.name);
  }
  for (const config::Source& source : before.sources) {
    if (!sources.contains(source.name)) gone.sources.insert(source.name);
  }
  AddMissing(before.roster.teams, after.roster.teams, after.roster.team_aliases,
             gone.teams);
  AddMissing(before.roster.users, after.roster.users, after.roster.user_aliases,
             gone.users);
  for (const routing::Route* route : tree_before.Routes()) {
    if (tree_after.Find(route->identity) == nullptr) {
      gone.routes.insert(route->identity);
    }
  }
  return gone;
}

Result<std::vector<std::string>> DescribeOrphans(const Gone& gone,
                                                 engine::Reader& reader) {
  std::vector<std::string> lines;
  if (gone.empty()) return lines;
  Leaning leaning;
  Reading reading(reader);
  const Status read =
      ForEachOpenGroup(reader, [&](const paging::AlertGroup& group) {
        Count(gone, group, reading, leaning);
      });
  if (!read.ok()) return read.error();
  if (!reading.status().ok()) return reading.status().error();
  for (const auto& [name, count] : leaning.sources) {
    lines.push_back(Named("source", name) + ": its tokens open nothing; " +
                    Groups(count) + " of it will hear of no resolve");
  }
  for (const auto& [name, count] : leaning.teams) {
    lines.push_back(Named("team", name) + ": " + Groups(count) +
                    " of it keep the chain they began with");
  }
  for (const auto& [name, count] : leaning.users) {
    lines.push_back(Named("user", name) + " and is notified no more; " +
                    Groups(count) + " still wanted to reach them");
  }
  for (const auto& [identity, count] : leaning.routes) {
    lines.push_back(Named("route", leaning.route_names.at(identity)) + ": " +
                    Groups(count) +
                    " of it keep their team and the chain they began with");
  }
  return lines;
}

}  // namespace tocsin::daemon
