#include <algorithm>
#include <boost/json.hpp>
#include <cstdio>
#include <optional>

#include "config/audience.h"
#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/label_arguments.h"
#include "daemon/ctl/route_tree.h"
#include "daemon/ctl/table.h"

namespace tocsin::ctl {
namespace {

namespace json = boost::json;
using config::Audience;
using paging::Importance;
using routing::Route;
using routing::RouteSpec;

// What a route would do with an alert.
struct Verdict {
  std::string chain;  // "" for none
  std::vector<std::string> chat_channels;
  bool pages = false;
  std::string why;  // and how
};

class Judge {
 public:
  Judge(const config::Config& config, Instant at)
      : config_(config), audiences_(config), at_(at) {}

  Verdict Of(const Route& route) const {
    Verdict verdict;
    const auto importance =
        route.important ? Importance::kImportant : Importance::kDefault;
    const paging::Chain* chain = paging::ChooseChain(
        config_.roster, route.team, route.escalation_chain, importance);
    if (chain != nullptr) verdict.chain = chain->name;
    const paging::Team* team = config_.roster.FindTeam(route.team);
    const paging::WayOut* way =
        team == nullptr ? nullptr : team->way_out(importance);
    if (way != nullptr) verdict.chat_channels = way->chat_channels;
    if (route.chat_channels) verdict.chat_channels = *route.chat_channels;
    Decide(route, verdict);
    return verdict;
  }

 private:
  void Decide(const Route& route, Verdict& verdict) const {
    const auto muted = routing::MutedBecause(route, at_);
    if (route.discard) {
      verdict.why = "pages nobody: discarded";
    } else if (route.heartbeat) {
      verdict.why = "pages nobody: a heartbeat, expected every " +
                    FormatDuration(route.heartbeat->expect_within);
    } else if (muted) {
      verdict.why = "pages nobody then: " + *muted;
    } else {
      DecideByAudience(verdict);
    }
  }

  void DecideByAudience(Verdict& verdict) const {
    std::optional<std::string> chain;
    if (!verdict.chain.empty()) chain = verdict.chain;
    switch (audiences_.Of(chain, verdict.chat_channels)) {
      case Audience::kPeople:
        verdict.pages = true;
        verdict.why = "pages";
        return;
      case Audience::kChat:
        verdict.why = "wakes nobody: chat only";
        return;
      case Audience::kNobody:
        verdict.why = chain ? "pages nobody: the chain notifies nobody"
                            : "pages nobody: there is no chain";
        return;
    }
  }

  const config::Config& config_;
  const config::Audiences audiences_;
  const Instant at_;
};

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + name;
  }
  return text;
}

// As amtool prints its receivers: those of all routes, also the same twice.
std::string TeamsOf(const std::vector<const Route*>& taken) {
  std::string teams;
  for (const Route* route : taken) {
    teams += (teams.empty() ? "" : ",") + route->team;
  }
  return teams;
}

std::string LineOf(const Route& route, const Verdict& verdict) {
  std::string line = "  " + route.name + "  team " + route.team;
  line += route.important ? ", important" : ", default";
  if (!verdict.chain.empty()) line += ", chain " + verdict.chain;
  if (!verdict.chat_channels.empty()) {
    line += ", chat " + Joined(verdict.chat_channels);
  }
  return Printable(line + ": " + verdict.why);
}

// The part of the tree that the alert goes through, as amtool draws it: teams
// stand where it ends. Takes the routes from `next` on, which are those of the
// node and of all below it; absent when none of these takes the alert.
std::optional<Branch> Matching(const RouteSpec& spec,
                               const std::vector<const Route*>& taken,
                               const Route* const*& next) {
  const Route& route = **next++;
  Branch branch{.text = NodeText(spec), .below = {}};
  for (const RouteSpec& child : spec.routes) {
    auto below = Matching(child, taken, next);
    if (below) branch.below.push_back(std::move(*below));
  }
  // Not by address: a source's default team takes what the root would.
  const auto ends = std::find_if(
      taken.begin(), taken.end(),
      [&](const Route* one) { return one->identity == route.identity; });
  if (ends != taken.end()) {
    branch.text += "  team: " + Printable((*ends)->team);
  }
  if (ends == taken.end() && branch.below.empty()) return std::nullopt;
  return branch;
}

void PrintText(const Invocation& invocation, const LoadedRoutes& loaded,
               const std::vector<const Route*>& taken, const Judge& judge) {
  if (invocation.tree) {
    const std::vector<const Route*> routes = loaded.tree.Routes();
    const Route* const* next = routes.data();
    const auto root = Matching(loaded.config.route, taken, next);
    std::printf("Matching routes:\n%s\n\n", Draw(*root).c_str());
  }
  std::puts(Printable(TeamsOf(taken)).c_str());
  for (const Route* route : taken) {
    std::puts(LineOf(*route, judge.Of(*route)).c_str());
  }
}

void PrintAsJson(const std::vector<const Route*>& taken, const Judge& judge) {
  json::array teams;
  json::array routes;
  for (const Route* route : taken) {
    const Verdict verdict = judge.Of(*route);
    teams.emplace_back(route->team);
    json::value chain;
    if (!verdict.chain.empty()) chain = verdict.chain;
    routes.push_back(
        {{"name", route->name},
         {"identity", route->identity},
         {"team", route->team},
         {"important", route->important},
         {"escalation_chain", chain},
         {"chat_channels", json::array(verdict.chat_channels.begin(),
                                       verdict.chat_channels.end())},
         {"pages", verdict.pages},
         {"why", verdict.why}});
  }
  PrintJson({{"teams", std::move(teams)}, {"routes", std::move(routes)}});
}

}  // namespace

Outcome TestRoutes(const Invocation& invocation) {
  const auto labels = ParseLabels(invocation.arguments);
  if (!labels.ok()) return Failure{ExitCode::kUsage, labels.error().message};
  const Result<Instant> at = AtOf(invocation);
  if (!at.ok()) return Failure{ExitCode::kUsage, at.error().message};
  const auto read = LoadRoutes(invocation.config_file);
  if (const auto* failure = std::get_if<Failure>(&read)) return *failure;
  const auto& loaded = std::get<LoadedRoutes>(read);
  if (const auto failure = CheckSource(invocation, loaded.config)) {
    return failure;
  }
  const std::vector<const Route*> taken = loaded.tree.Decide(
      labels.value(), {invocation.source, invocation.receiver});
  const Judge judge(loaded.config, at.value());
  if (invocation.output == Output::kJson) {
    PrintAsJson(taken, judge);
  } else {
    PrintText(invocation, loaded, taken, judge);
  }
  const std::string teams = TeamsOf(taken);
  if (invocation.verify_teams && *invocation.verify_teams != teams) {
    return Failure{
        ExitCode::kRefused,
        "the alert goes to " + teams + ", not to " + *invocation.verify_teams};
  }
  return std::nullopt;
}

}  // namespace tocsin::ctl
