#include "config/quiet_routes.h"

#include <algorithm>
#include <unordered_map>

#include "config/names.h"
#include "routing/reach.h"

namespace tocsin::config {
namespace {

using paging::Importance;
using routing::Reach;
using routing::ReachFinding;
using routing::RouteSpec;

// Who takes the alerts of a node, after inheritance. What is not inherited
// stays with the node.
struct Taker {
  std::string_view team;
  const std::string* chain = nullptr;  // the route's own
  const std::vector<std::string>* chat_channels = nullptr;
  bool important = false;
};

Taker Below(const Taker& parent, const RouteSpec& node) {
  Taker here = parent;
  if (node.own_way_out || (node.team && *node.team != parent.team)) {
    here.chain = nullptr;
    here.chat_channels = nullptr;
  }
  if (node.team) here.team = *node.team;
  if (node.escalation_chain) here.chain = &*node.escalation_chain;
  if (node.chat_channels) here.chat_channels = &*node.chat_channels;
  here.important = node.important.value_or(parent.important);
  return here;
}

bool ChoosesTaker(const RouteSpec& node) {
  return node.team || node.own_way_out || node.escalation_chain ||
         node.chat_channels || node.important;
}

struct Verdict {
  Audience audience = Audience::kNobody;
  bool chat_only = false;  // somebody wrote that there is no chain
  std::string why;         // nobody is woken
};

std::string WhyQuiet(const Taker& taker,
                     const std::optional<std::string>& chain) {
  if (chain) return "the chain " + Quoted(*chain) + " notifies no people";
  if (taker.chain != nullptr) {
    return "escalation_chain is \"none\" and there are no chat channels";
  }
  return "the team " + Quoted(taker.team) + " has no escalation chain for it";
}

Verdict VerdictOf(const Taker& taker, const Config& config,
                  const Audiences& audiences) {
  const auto team = config.roster.teams.find(taker.team);
  const paging::WayOut* const way =
      team == config.roster.teams.end()
          ? nullptr
          : team->second.way_out(taker.important ? Importance::kImportant
                                                 : Importance::kDefault);
  std::optional<std::string> chain;
  if (taker.chain != nullptr) {
    if (*taker.chain != kNoChain) chain = *taker.chain;
  } else if (way != nullptr) {
    chain = way->chain;
  }
  std::vector<std::string> channels;
  if (taker.chat_channels != nullptr) {
    channels = *taker.chat_channels;
  } else if (way != nullptr) {
    channels = way->chat_channels;
  }
  return {audiences.Of(chain, channels), taker.chain != nullptr && !chain,
          WhyQuiet(taker, chain)};
}

class QuietRoutes {
 public:
  QuietRoutes(const Config& config, const std::vector<Reader>& places,
              const Audiences& audiences)
      : config_(config), places_(places), audiences_(audiences) {
    Place(config.route);
    Judge(config.route, Taker());
  }

  void Warn() {
    const auto findings = routing::FindUnreached(
        config_.route, [&](const RouteSpec& node) { return Pages(node); });
    for (const ReachFinding& finding : findings) {
      found_.emplace(finding.node, finding);
    }
    WarnBelow(config_.route, false);
    WarnOfDiscards(config_.route, nullptr);
    if (config_.route.discard && !AnyPages(config_.route)) {
      place_of_.at(&config_.route)
          ->AddWarning(
              "every alert is discarded: no route below the root pages "
              "anybody");
    }
  }

 private:
  void Place(const RouteSpec& node) {
    place_of_.emplace(&node, &places_[place_of_.size()]);
    for (const RouteSpec& child : node.routes) Place(child);
  }

  void Judge(const RouteSpec& node, const Taker& parent) {
    const Taker here = Below(parent, node);
    verdicts_.emplace(&node, VerdictOf(here, config_, audiences_));
    for (const RouteSpec& child : node.routes) Judge(child, here);
  }

  // Heartbeats page when they stay away.
  bool Pages(const RouteSpec& node) const {
    return node.heartbeat ||
           (!node.discard && verdicts_.at(&node).audience == Audience::kPeople);
  }

  // A node that inherits what is quiet is not told of once more.
  void WarnBelow(const RouteSpec& node, bool parent_told) {
    const auto finding = found_.find(&node);
    bool told = parent_told && !ChoosesTaker(node);
    if (finding != found_.end()) {
      WarnOf(finding->second);
      if (finding->second.what == Reach::kUnreachable) return;
    } else if (!told) {
      told = WarnIfQuiet(node);
    }
    for (const RouteSpec& child : node.routes) WarnBelow(child, told);
  }

  void WarnOf(const ReachFinding& finding) const {
    const Reader& at = *place_of_.at(finding.node);
    if (finding.what == Reach::kSwallows) {
      at.AddWarning(
          "what matches here may page nobody at all: this route wakes nobody, "
          "no later route beside it is sure to take the same alerts, and with "
          "`continue` the route above does not get them back");
    } else if (finding.because != nullptr) {
      at.AddWarning("no alert gets here: the route in " +
                    place_of_.at(finding.because)->Place() +
                    " takes all of them first");
    } else {
      at.AddWarning(
          "no alert gets here: its matchers, with those of the routes above, "
          "contradict each other");
    }
  }

  // A copy made by `continue` may be quiet: others take the alert as well, or
  // it has been said that they do not. Returns whether there is a warning.
  bool WarnIfQuiet(const RouteSpec& node) const {
    const Verdict& verdict = verdicts_.at(&node);
    if (node.discard || node.heartbeat || node.continue_matching) return false;
    if (verdict.audience == Audience::kPeople) return false;
    const Reader& at = *place_of_.at(&node);
    if (verdict.audience == Audience::kNobody) {
      at.AddWarning("what matches here pages nobody: " + verdict.why);
    } else if (!verdict.chat_only) {
      at.AddWarning("what matches here is posted to chat only, wakes nobody: " +
                    verdict.why);
    } else {
      return false;
    }
    return true;
  }

  // Of routes that discard without a condition: matchers were meant most
  // likely. Where the route above discards as well, nothing is lost by it.
  void WarnOfDiscards(const RouteSpec& node, const RouteSpec* parent) {
    if (IsUnreachable(node)) return;
    if (parent != nullptr && node.discard && !parent->discard &&
        !node.heartbeat && !node.continue_matching && TakesAll(node)) {
      place_of_.at(&node)->AddWarning(
          "discards every alert that gets here, as it has no matchers: the "
          "route above gets none of them back");
    }
    for (const RouteSpec& child : node.routes) WarnOfDiscards(child, &node);
  }

  static bool TakesAll(const RouteSpec& node) {
    return std::all_of(node.matchers.begin(), node.matchers.end(),
                       [](const routing::Matcher& matcher) {
                         return matcher.op() == routing::MatchOp::kRegex &&
                                matcher.value() == ".*";
                       });
  }

  bool IsUnreachable(const RouteSpec& node) const {
    const auto finding = found_.find(&node);
    return finding != found_.end() &&
           finding->second.what == Reach::kUnreachable;
  }

  bool AnyPages(const RouteSpec& node) const {
    if (IsUnreachable(node)) return false;
    return Pages(node) || std::any_of(node.routes.begin(), node.routes.end(),
                                      [this](const RouteSpec& child) {
                                        return AnyPages(child);
                                      });
  }

  const Config& config_;
  const std::vector<Reader>& places_;
  const Audiences& audiences_;
  std::unordered_map<const RouteSpec*, const Reader*> place_of_;
  std::unordered_map<const RouteSpec*, Verdict> verdicts_;
  std::unordered_map<const RouteSpec*, ReachFinding> found_;
};

}  // namespace

void WarnOfQuietRoutes(const Config& config, const std::vector<Reader>& places,
                       const Audiences& audiences) {
  if (places.empty() || !places.front().report().clean()) return;
  QuietRoutes(config, places, audiences).Warn();
}

void WarnOfQuietDefaultTeams(const Reader* sources, const Config& config) {
  if (sources == nullptr || !sources->report().clean()) return;
  const Audiences audiences(config);
  const RouteSpec& root = config.route;
  const std::vector<Reader::Entry> entries = sources->Entries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const std::string& team = config.sources[i].default_team;
    if (team.empty() || team == root.team || root.discard) continue;
    const Taker taker{.team = team,
                      .important = root.important.value_or(false)};
    const Verdict verdict = VerdictOf(taker, config, audiences);
    if (verdict.audience == Audience::kPeople) continue;
    const std::string how = verdict.audience == Audience::kNobody
                                ? "pages nobody: "
                                : "is posted to chat only, wakes nobody: ";
    entries[i]
        .value.Peek("default_team")
        ->AddWarning("what only the root route would take " + how +
                     verdict.why);
  }
}

}  // namespace tocsin::config
