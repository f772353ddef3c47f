#include "daemon/orphans.h"

#include <cstddef>
#include <map>

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

// The people whom the group still tries to reach.
std::set<std::string> PeopleOf(const paging::AlertGroup& group) {
  std::set<std::string> people;
  for (const paging::PersonalRun& run : group.runs) {
    if (!run.stopped && run.next_step < run.policy.size()) {
      people.insert(run.user);
    }
  }
  return people;
}

void Count(const Gone& gone, const paging::AlertGroup& group,
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
  for (const std::string& user : PeopleOf(group)) {
    if (gone.users.contains(user)) ++leaning.users[user];
  }
}

std::size_t Find(const Counts& counts, const std::string& name) {
  const auto it = counts.find(name);
  return it == counts.end() ? 0 : it->second;
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
  const Status read = ForEachOpenGroup(
      reader,
      [&](const paging::AlertGroup& group) { Count(gone, group, leaning); });
  if (!read.ok()) return read.error();
  for (const std::string& name : gone.sources) {
    lines.push_back(Named("source", name) + ": its tokens open nothing; " +
                    Groups(Find(leaning.sources, name)) +
                    " of it will hear of no resolve");
  }
  for (const std::string& name : gone.teams) {
    lines.push_back(Named("team", name) + ": " +
                    Groups(Find(leaning.teams, name)) +
                    " of it keep the chain they began with");
  }
  for (const std::string& name : gone.users) {
    lines.push_back(Named("user", name) + " and is notified no more; " +
                    Groups(Find(leaning.users, name)) +
                    " still wanted to reach them");
  }
  for (const auto& [identity, count] : leaning.routes) {
    lines.push_back(Named("route", leaning.route_names.at(identity)) + ": " +
                    Groups(count) +
                    " of it keep their team and the chain they began with");
  }
  return lines;
}

}  // namespace tocsin::daemon
