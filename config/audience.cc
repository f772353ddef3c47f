#include "config/audience.h"

#include <algorithm>
#include <variant>

#include "config/sections.h"

namespace tocsin::config {
namespace {

using paging::Step;
using ChainNames = std::vector<std::string_view>;

Audience PeopleIf(bool people) {
  return people ? Audience::kPeople : Audience::kNobody;
}

// Which teams and schedules have somebody who can be notified.
class Crowd {
 public:
  explicit Crowd(const Config& config) : users_(config.roster.users) {
    for (const auto& [name, team] : config.roster.teams) {
      teams_[name] = HasAny(team.members);
    }
    for (const auto& [name, schedule] : config.schedules) {
      schedules_[name] =
          schedule.calendar ||
          std::any_of(schedule.layers.begin(), schedule.layers.end(),
                      [&](const Layer& layer) { return HasAnyIn(layer); });
    }
  }

  bool HasAny(const std::vector<std::string>& users) const {
    return std::any_of(
        users.begin(), users.end(), [&](const std::string& name) {
          const auto user = users_.find(name);
          return user != users_.end() && !user->second.contact_methods.empty();
        });
  }
  bool Team(std::string_view name) const { return Get(teams_, name); }
  bool Schedule(std::string_view name) const { return Get(schedules_, name); }

 private:
  using Flags = std::map<std::string_view, bool>;

  static bool Get(const Flags& flags, std::string_view name) {
    const auto flag = flags.find(name);
    return flag != flags.end() && flag->second;
  }
  bool HasAnyIn(const Layer& layer) const {
    return std::any_of(
        layer.shifts.begin(), layer.shifts.end(),
        [&](const std::vector<std::string>& shift) { return HasAny(shift); });
  }

  const std::map<std::string, paging::User, std::less<>>& users_;
  Flags teams_;
  Flags schedules_;
};

// Of one step without the teams that it escalates to.
struct StepAudience {
  const Crowd& crowd;

  Audience operator()(const paging::NotifyUsers& step) const {
    return PeopleIf(crowd.HasAny(step.users));
  }
  Audience operator()(const paging::NotifyRoundRobin& step) const {
    return PeopleIf(crowd.HasAny(step.users));
  }
  Audience operator()(const paging::NotifySchedule& step) const {
    return PeopleIf(crowd.Schedule(step.schedule));
  }
  Audience operator()(const paging::NotifyNextOnCall& step) const {
    return PeopleIf(crowd.Schedule(step.schedule));
  }
  Audience operator()(const paging::NotifyTeam& step) const {
    return PeopleIf(crowd.Team(step.team));
  }
  Audience operator()(const paging::NotifyChat& step) const {
    return step.channels.empty() ? Audience::kNobody : Audience::kChat;
  }
  Audience operator()(const paging::NotifySlackUserGroup& /*step*/) const {
    return Audience::kPeople;
  }
  Audience operator()(const paging::CallWebhook& /*step*/) const {
    return Audience::kPeople;
  }
  Audience operator()(const paging::Wait& /*step*/) const { return {}; }
  Audience operator()(const paging::Repeat& /*step*/) const { return {}; }
  Audience operator()(const paging::IfTimeBetween& /*step*/) const {
    return {};
  }
  Audience operator()(const paging::IfAlertCount& /*step*/) const { return {}; }
  Audience operator()(const paging::EscalateToTeam& /*step*/) const {
    return {};
  }
  Audience operator()(const paging::ResolveGroup& /*step*/) const { return {}; }
};

// Lets a chain that escalates to a team be heard by whom the team's ways out
// reach. A chain rises at most twice, so this ends, also in a circle.
class Spreading {
 public:
  Spreading(const paging::Roster& roster,
            std::map<std::string, Audience, std::less<>>& chains)
      : chains_(chains) {
    for (const auto& [name, chain] : roster.chains) {
      for (const Step& step : chain.steps) {
        const auto* const escalate = std::get_if<paging::EscalateToTeam>(&step);
        if (escalate != nullptr) escalating_[escalate->team].push_back(name);
      }
    }
    for (const auto& [name, team] : roster.teams) {
      AddWay(name, team.standard);
      AddWay(name, team.important);
    }
    for (const auto& [name, audience] : chains_) risen_.push_back(name);
  }

  void Run() {
    while (!risen_.empty()) {
      const std::string_view chain = risen_.back();
      risen_.pop_back();
      const Audience audience = chains_.find(chain)->second;
      for (const std::string_view team : leading_from_[chain]) {
        Raise(team, audience);
      }
    }
  }

 private:
  void AddWay(std::string_view team, const std::optional<paging::WayOut>& way) {
    if (!way) return;
    if (way->chain && chains_.find(*way->chain) != chains_.end()) {
      leading_from_[*way->chain].push_back(team);
    }
    if (!way->chat_channels.empty()) Raise(team, Audience::kChat);
  }

  // All chains that escalate to the team are heard by `audience` at least.
  void Raise(std::string_view team, Audience audience) {
    for (const std::string_view name : escalating_[team]) {
      const auto chain = chains_.find(name);
      if (chain == chains_.end() || chain->second >= audience) continue;
      chain->second = audience;
      risen_.push_back(name);
    }
  }

  std::map<std::string, Audience, std::less<>>& chains_;
  std::map<std::string_view, ChainNames> escalating_;    // team -> chains
  std::map<std::string_view, ChainNames> leading_from_;  // chain -> teams
  ChainNames risen_;  // whose teams do not know it yet
};

bool Notifies(const Step& step) {
  return !std::holds_alternative<paging::Wait>(step) &&
         !std::holds_alternative<paging::Repeat>(step) &&
         !std::holds_alternative<paging::IfTimeBetween>(step) &&
         !std::holds_alternative<paging::IfAlertCount>(step) &&
         !std::holds_alternative<paging::ResolveGroup>(step);
}

}  // namespace

Audiences::Audiences(const Config& config) {
  const Crowd crowd(config);
  for (const auto& [name, chain] : config.roster.chains) {
    Audience& audience = chains_[name];
    for (const Step& step : chain.steps) {
      audience = std::max(audience, std::visit(StepAudience{crowd}, step));
    }
  }
  Spreading(config.roster, chains_).Run();
}

Audience Audiences::OfChain(std::string_view chain) const {
  const auto found = chains_.find(chain);
  return found == chains_.end() ? Audience::kNobody : found->second;
}

Audience Audiences::Of(const std::optional<std::string>& chain,
                       const std::vector<std::string>& chat_channels) const {
  const Audience chat =
      chat_channels.empty() ? Audience::kNobody : Audience::kChat;
  return chain ? std::max(chat, OfChain(*chain)) : chat;
}

void WarnOfQuietChains(const std::vector<Reader::Entry>& chains,
                       const Config& config) {
  const Audiences audiences(config);
  for (const Reader::Entry& entry : chains) {
    if (!entry.key.report().clean()) return;
    if (audiences.OfChain(entry.name) != Audience::kNobody) continue;
    const auto& steps = config.roster.chains.at(entry.name).steps;
    entry.key.AddWarning(
        std::any_of(steps.begin(), steps.end(), Notifies)
            ? "nobody can be notified through the chain: none of those whom "
              "its steps name can be"
            : "no step of the chain notifies anybody");
  }
}

}  // namespace tocsin::config
