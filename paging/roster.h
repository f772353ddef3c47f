#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/time.h"

// The part of the configuration that paging decides by: who there is, how they
// want to be reached, and the chains. Names only: addresses, URLs and secrets
// stay in notify/. Plain data, immutable once built, thread-safe.
namespace tocsin::paging {

// How urgent a page is. Users and teams have one way for each.
enum class Importance { kDefault, kImportant };

constexpr const char* ImportanceName(Importance importance) {
  return importance == Importance::kImportant ? "important" : "default";
}

// Steps of an escalation chain.
struct Wait {
  Duration length{};
  bool operator==(const Wait&) const = default;
};
struct NotifyUsers {
  std::vector<std::string> users;
  std::optional<Importance> importance;  // absent: the group's
  bool operator==(const NotifyUsers&) const = default;
};
struct Repeat {
  std::size_t from = 0;                // index of the step to go back to
  std::optional<std::uint32_t> times;  // absent: for ever
  bool operator==(const Repeat&) const = default;
};
using Step = std::variant<Wait, NotifyUsers, Repeat>;

// The way from an alert to people, as the file has it now. The loader refuses
// a `repeat` over steps without a wait.
struct Chain {
  std::string name;
  std::vector<Step> steps;
  bool operator==(const Chain&) const = default;
};

// A chain as it was when a run of it began, under the hash of its content.
// Open groups run over their snapshot, whatever the file says later.
struct ChainSnapshot {
  std::string hash;
  Chain chain;
};
using SnapshotSet =
    std::unordered_map<std::string, std::shared_ptr<const ChainSnapshot>>;

// Steps of a personal notification policy.
struct NotifyMethod {
  std::string method;  // name of a contact method of the user
  bool operator==(const NotifyMethod&) const = default;
};
using PolicyStep = std::variant<Wait, NotifyMethod>;
using Policy = std::vector<PolicyStep>;

struct User {
  std::string name;
  std::vector<std::string> contact_methods;  // names
  Policy default_policy;
  Policy important_policy;  // the loader fills it from the default where absent

  const Policy& policy(Importance importance) const {
    return importance == Importance::kImportant ? important_policy
                                                : default_policy;
  }
};

// The two ways out of a team's direct paging integration: names of chains.
// Important falls back to default.
struct Team {
  std::string name;
  std::optional<std::string> default_chain;
  std::optional<std::string> important_chain;
};

struct Roster {
  std::map<std::string, User, std::less<>> users;
  std::map<std::string, Team, std::less<>> teams;
  std::map<std::string, Chain, std::less<>> chains;
};

// The chain that a group of `team` runs: the route's own (`from_route`, where
// "none" means no chain at all), else the team's way out for the importance;
// important falls back to default. Null where that leads to no chain.
const Chain* ChooseChain(const Roster& roster, std::string_view team,
                         const std::optional<std::string>& from_route,
                         Importance importance);

// The content-addressed snapshot of a chain: equal chains, equal hash.
std::shared_ptr<const ChainSnapshot> TakeSnapshot(const Chain& chain);

}  // namespace tocsin::paging
