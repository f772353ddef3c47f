#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "paging/rules.h"
#include "routing/intervals.h"

// The part of the configuration that paging decides by: who there is, how they
// want to be reached, and the chains. Names only: addresses, URLs and secrets
// stay in notify/. Plain data, immutable once built, thread-safe.
namespace tocsin::paging {

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
struct NotifySchedule {  // who is on call now
  std::string schedule;
  std::optional<Importance> importance;
  bool operator==(const NotifySchedule&) const = default;
};
struct NotifyNextOnCall {  // who is on call after the one who is now
  std::string schedule;
  std::optional<Importance> importance;
  bool operator==(const NotifyNextOnCall&) const = default;
};
struct NotifyTeam {  // all members
  std::string team;
  std::optional<Importance> importance;
  bool operator==(const NotifyTeam&) const = default;
};
struct NotifyRoundRobin {  // the next of the list, one pointer a chain
  std::vector<std::string> users;
  std::optional<Importance> importance;
  bool operator==(const NotifyRoundRobin&) const = default;
};
struct NotifyChat {
  std::vector<std::string> channels;
  bool operator==(const NotifyChat&) const = default;
};
struct NotifySlackUserGroup {
  std::string user_group;
  bool operator==(const NotifySlackUserGroup&) const = default;
};
enum class Outside { kWait, kSkip };
struct IfTimeBetween {
  int start = 0;  // minutes of the day; a `start` after `end` spans midnight
  int end = 0;    // outside
  std::vector<routing::Range> weekdays;  // 0 is Sunday; none: every day
  std::string time_zone;
  Outside outside = Outside::kWait;
  bool operator==(const IfTimeBetween&) const = default;
};
// How many episodes a condition can ask for: a group keeps no more.
inline constexpr std::uint32_t kMaxEpisodes = 1000;
struct IfAlertCount {  // goes on when more than this many episodes came
  std::uint32_t more_than = 0;
  Duration within{};
  bool operator==(const IfAlertCount&) const = default;
};
struct CallWebhook {
  std::string provider;
  bool operator==(const CallWebhook&) const = default;
};
struct EscalateToTeam {  // runs that team's way out within this group
  std::string team;
  std::optional<Importance> importance;
  bool operator==(const EscalateToTeam&) const = default;
};
struct ResolveGroup {
  bool operator==(const ResolveGroup&) const = default;
};
using Step =
    std::variant<Wait, NotifyUsers, Repeat, NotifySchedule, NotifyNextOnCall,
                 NotifyTeam, NotifyRoundRobin, NotifyChat, NotifySlackUserGroup,
                 IfTimeBetween, IfAlertCount, CallWebhook, EscalateToTeam,
                 ResolveGroup>;

// The way from an alert to people, as the file has it now. The loader refuses
// a `repeat` over steps without a wait.
struct Chain {
  std::string name;
  std::vector<Step> steps;
  bool operator==(const Chain&) const = default;
};

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

// One way out of a team's direct paging integration: a chain, chat channels
// that are posted to before its first step, or both.
struct WayOut {
  std::optional<std::string> chain;
  std::vector<std::string> chat_channels;
};

// Important falls back to default where it is absent.
struct Team {
  std::string name;
  std::vector<std::string> members;
  std::optional<WayOut> standard;  // the default one
  std::optional<WayOut> important;

  // The one that holds for the importance; null: there is none.
  const WayOut* way_out(Importance importance) const;
};

struct Roster {
  std::map<std::string, User, std::less<>> users;
  std::map<std::string, Team, std::less<>> teams;
  std::map<std::string, Chain, std::less<>> chains;
  // Other names that stored groups, steps and people may use -> the name now.
  std::map<std::string, std::string, std::less<>> user_aliases;
  std::map<std::string, std::string, std::less<>> team_aliases;
  std::optional<LastResort> last_resort;

  // By name or alias; null: gone.
  const User* FindUser(std::string_view name) const;
  const Team* FindTeam(std::string_view name) const;

  // Whether both names stand for one user; of others, whether they are equal.
  bool SamePerson(std::string_view a, std::string_view b) const;
};

// A name as it was stored, for people who may know only one of the two: "ada",
// or "ada (now ada.l)".
std::string StoredName(std::string_view stored, std::string_view now);

// The chain that a group of `team` runs: the route's own (`from_route`, where
// "none" means no chain at all), else the team's way out for the importance;
// important falls back to default. Null where that leads to no chain.
const Chain* ChooseChain(const Roster& roster, std::string_view team,
                         const std::optional<std::string>& from_route,
                         Importance importance);

}  // namespace tocsin::paging
