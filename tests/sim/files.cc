#include "tests/sim/files.h"

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tocsin::testing {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto kOwn = std::nullopt;  // the group's importance

paging::Step Notify(const std::string& user,
                    std::optional<paging::Importance> importance) {
  return paging::NotifyUsers{.users = {user}, .importance = importance};
}

// All that is drawn, so that both files say the same but for their names.
struct Drawn {
  Duration policy_wait;
  std::array<Duration, 3> waits;
  std::array<std::optional<paging::Importance>, 3> importance;
  std::size_t from;
  std::uint32_t times;
};

Drawn Draw(const std::function<int(int)>& below) {
  Drawn drawn{.policy_wait = minutes(1 + below(5)),
              .waits = {},
              .importance = {},
              .from = static_cast<std::size_t>(below(3)) * 2,
              .times = static_cast<std::uint32_t>(1 + below(2))};
  for (Duration& wait : drawn.waits) wait = seconds(5 + below(600));
  for (auto& importance : drawn.importance) {
    if (below(3) == 0) importance = paging::Importance::kImportant;
  }
  return drawn;
}

void AddUser(paging::Roster& roster, const std::string& name,
             const Drawn& drawn) {
  paging::User user;
  user.name = name;
  user.contact_methods = {"phone", "mail"};
  user.default_policy = {paging::NotifyMethod{"phone"},
                         paging::Wait{drawn.policy_wait},
                         paging::NotifyMethod{"mail"}};
  user.important_policy = {paging::NotifyMethod{"phone"},
                           paging::NotifyMethod{"mail"}};
  roster.users[name] = user;
}

paging::IfTimeBetween Times(int start, int end, paging::Outside outside) {
  return {.start = start * 60,
          .end = end * 60,
          .weekdays = {},
          .time_zone = "Europe/Zurich",
          .outside = outside};
}

// Of each person one step, and steps of all kinds that decide.
paging::Chain Maze(const Drawn& drawn,
                   const std::array<std::string, 3>& people) {
  return {.name = "maze",
          .steps = {Times(8, 20, paging::Outside::kSkip),
                    Notify(people[0], drawn.importance[0]),
                    paging::Wait{drawn.waits[0]},
                    paging::NotifyRoundRobin{{"eva", "dan"}, kOwn},
                    paging::IfAlertCount{.more_than = 1, .within = minutes(30)},
                    Notify(people[1], drawn.importance[1]),
                    paging::Wait{drawn.waits[1]},
                    Times(12, 13, paging::Outside::kWait),
                    paging::EscalateToTeam{"helpers", drawn.importance[2]},
                    paging::Wait{drawn.waits[2]},
                    paging::EscalateToTeam{"nobody", kOwn}}};
}

// The crew is on no other step, and a short chain pages each person once: a
// page within a minute of the last one would be a fault.
void AddChains(paging::Roster& roster, const Drawn& drawn,
               const std::array<std::string, 3>& people) {
  paging::Chain ladder{.name = "ladder", .steps = {}};
  for (std::size_t i = 0; i < people.size(); ++i) {
    ladder.steps.push_back(Notify(people[i], drawn.importance[i]));
    ladder.steps.push_back(paging::Wait{drawn.waits[i]});
  }
  ladder.steps.push_back(paging::NotifyTeam{"crew", kOwn});
  ladder.steps.push_back(paging::Wait{minutes(2)});
  ladder.steps.push_back(
      paging::Repeat{.from = drawn.from, .times = drawn.times});
  roster.chains["ladder"] = std::move(ladder);
  roster.chains["short"] = {
      .name = "short",
      .steps = {paging::NotifySchedule{"primary", kOwn},
                paging::NotifyTeam{"crew", kOwn}, paging::Wait{minutes(3)},
                paging::NotifyTeam{"web", kOwn}, paging::Wait{minutes(2)},
                paging::ResolveGroup{}}};
  roster.chains["maze"] = Maze(drawn, people);
  roster.chains["help"] = {
      .name = "help",
      .steps = {Notify(people[2], kOwn), paging::Wait{drawn.waits[1]}}};
}

void AddTeam(paging::Roster& roster, const std::string& name,
             std::vector<std::string> members,
             std::optional<std::string> chain) {
  paging::Team team;
  team.name = name;
  team.members = std::move(members);
  if (chain) team.standard = paging::WayOut{*std::move(chain), {}};
  roster.teams[name] = team;
}

routing::RouteSpec Route(const std::string& name, const std::string& label,
                         const std::string& team) {
  routing::RouteSpec route;
  route.name = name;
  route.team = team;
  route.matchers.push_back(
      routing::Matcher::Make(routing::MatchOp::kEqual, "team", label).value());
  return route;
}

routing::TreeOptions Hours() {
  const auto daily = [](const char* start, const char* end) {
    routing::TimeInterval entry;
    entry.minutes = {routing::ParseTimes(start, end).value()};
    return std::make_shared<const std::vector<routing::TimeInterval>>(
        std::vector{entry});
  };
  routing::TreeOptions options;
  options.intervals["day"] = daily("08:00", "20:00");
  options.intervals["noon"] = daily("12:00", "13:00");
  return options;
}

std::shared_ptr<const engine::Settings> Make(const routing::RouteSpec& root,
                                             const routing::TreeOptions& rest,
                                             paging::Roster roster) {
  Result<routing::Tree> tree = routing::Tree::Build(root, rest);
  TOCSIN_CHECK(tree.ok());
  return std::make_shared<const engine::Settings>(engine::Settings{
      .tree = std::move(tree).value(), .roster = std::move(roster)});
}

std::shared_ptr<const engine::Settings> First(const Drawn& drawn) {
  paging::Roster roster;
  for (const char* name : {"ada", "bob", "cyd", "dan", "eva"}) {
    AddUser(roster, name, drawn);
  }
  AddChains(roster, drawn, {"ada", "bob", "cyd"});
  AddTeam(roster, "ops", {"ada", "bob"}, "ladder");
  AddTeam(roster, "web", {}, std::nullopt);
  AddTeam(roster, "crew", {"dan", "eva"}, std::nullopt);
  roster.last_resort = {.team = "crew",
                        .importance = paging::Importance::kDefault};
  AddTeam(roster, "helpers", {}, "help");

  routing::RouteSpec root;
  root.name = "root";
  root.team = "ops";
  routing::RouteSpec night = Route("night", "night", "ops");
  night.active_time_intervals = {"day"};
  routing::RouteSpec loud = Route("loud", "loud", "ops");
  loud.continue_matching = true;
  loud.escalation_chain = "short";
  loud.mute_time_intervals = {"noon", "day"};
  routing::RouteSpec copy = Route("loud-copy", "loud", "web");
  copy.escalation_chain = "none";
  copy.chat_channels = {"room"};
  routing::RouteSpec beat = Route("beat", "beat", "ops");
  beat.heartbeat = routing::Heartbeat{.expect_within = minutes(5), .by = {}};
  routing::RouteSpec maze = Route("maze", "maze", "ops");
  maze.escalation_chain = "maze";
  root.routes = {Route("web", "web", "web"), night, loud, copy, beat, maze};
  return Make(root, Hours(), std::move(roster));
}

std::shared_ptr<const engine::Settings> Second(const Drawn& drawn) {
  paging::Roster roster;
  for (const char* name : {"ada", "robert", "cyd", "dan", "fay"}) {
    AddUser(roster, name, drawn);
  }
  roster.user_aliases["bob"] = "robert";
  AddChains(roster, drawn, {"ada", "robert", "cyd"});
  AddTeam(roster, "platform", {"ada", "robert"}, "ladder");
  AddTeam(roster, "front", {}, "short");
  AddTeam(roster, "crew", {"dan", "fay"}, std::nullopt);
  roster.last_resort = {.team = "front",
                        .importance = paging::Importance::kImportant};
  AddTeam(roster, "aides", {}, "help");
  roster.team_aliases["helpers"] = "aides";
  roster.team_aliases["ops"] = "platform";

  routing::RouteSpec root;
  root.name = "root";
  root.team = "platform";
  routing::RouteSpec night = Route("night", "night", "platform");
  night.active_time_intervals = {"noon"};
  routing::RouteSpec beat = Route("beat", "beat", "platform");
  beat.discard = true;
  routing::RouteSpec maze = Route("maze", "maze", "platform");
  maze.escalation_chain = "maze";
  root.routes = {Route("front", "web", "front"), night, beat, maze};
  routing::TreeOptions options = Hours();
  options.default_teams["am"] = "front";
  return Make(root, options, std::move(roster));
}

}  // namespace

Files MakeFiles(const std::function<int(int)>& below) {
  const Drawn drawn = Draw(below);
  return {First(drawn), Second(drawn)};
}

const routing::Route* RouteOf(const engine::Settings& file,
                              const paging::AlertGroup& group) {
  const routing::Route* route = file.tree.Find(group.identity.route);
  if (route == nullptr) return nullptr;
  const paging::Team* team = file.roster.FindTeam(group.identity.team);
  const bool same = route->team == group.identity.team ||
                    (team != nullptr && team->name == route->team);
  return same ? route : nullptr;
}

}  // namespace tocsin::testing
