#include <algorithm>
#include <map>
#include <utility>

#include "config/sections.h"
#include "routing/matcher.h"

namespace tocsin::config {
namespace {

using routing::Matcher;
using routing::MatchOp;
using routing::RouteSpec;

constexpr std::string_view kAllLabels = "...";

// Names already given, with the path of the node that has it.
using Names = std::map<std::string, std::string>;

// What holds at a node as far as the check for "pages nobody" needs it.
struct Inherited {
  std::string team;
  std::optional<std::string> chain;
  bool important = false;
};

// Goes down the tree once, for all of its nodes.
class RouteReader {
 public:
  explicit RouteReader(const Config& config) : config_(config) {}

  RouteSpec ReadRoot(const Reader& at);
  // All the timers of Alertmanager's tree are one warning, at the first.
  void WarnOfTimers() const;

 private:
  RouteSpec ReadNode(const Reader& at, const Fields& fields,
                     const Inherited& parent);
  void ReadName(const Reader& at, const Reader& name, RouteSpec& node);
  void ReadTaker(const Fields& fields, RouteSpec& node);
  void ReadTimers(const Fields& fields);
  void WarnIfQuiet(const Reader& at, const RouteSpec& node,
                   const Inherited& here) const;

  const Config& config_;
  Names names_;
  std::optional<Reader> first_timer_;
};

Fields RouteKeys(const Reader& at) {
  return at.Keys({"name", "matchers", "match", "match_re", "continue", "routes",
                  "group_by", "team", "important", "escalation_chain",
                  "discard", "group_wait", "group_interval",
                  "repeat_interval"});
}

void ReadMatcherLines(const Reader& list, std::vector<Matcher>& out) {
  for (const Reader& item : list.Items()) {
    const std::optional<std::string> text = item.Text();
    if (!text) continue;
    Result<std::vector<Matcher>> matchers = routing::ParseMatchers(*text);
    if (!matchers.ok()) {
      item.AddFault(matchers.error().message);
      continue;
    }
    for (Matcher& matcher : matchers.value()) {
      out.push_back(std::move(matcher));
    }
  }
}

// `match` and `match_re`, the older way: label to value. The value may be
// empty: such a label must be missing.
void ReadMatchMap(const Reader* section, MatchOp op,
                  std::vector<Matcher>& out) {
  if (section == nullptr) return;
  for (const Reader::Entry& entry : section->Entries()) {
    const std::optional<std::string> value = entry.value.TextOrEmpty();
    if (!value) continue;
    Result<Matcher> matcher = Matcher::Make(op, entry.name, *value);
    if (!matcher.ok()) {
      entry.value.AddFault(matcher.error().message);
      continue;
    }
    out.push_back(std::move(matcher).value());
  }
}

std::vector<Matcher> ReadMatchers(const Fields& fields) {
  std::vector<Matcher> matchers;
  ReadMatchMap(fields.Find("match"), MatchOp::kEqual, matchers);
  ReadMatchMap(fields.Find("match_re"), MatchOp::kRegex, matchers);
  if (const Reader* list = fields.Find("matchers")) {
    ReadMatcherLines(*list, matchers);
  }
  return matchers;
}

std::vector<std::string> ReadGroupBy(const Reader& list) {
  std::vector<std::string> labels;
  for (const Reader::Entry& item : list.Texts()) labels.push_back(item.name);
  const bool all =
      std::find(labels.begin(), labels.end(), kAllLabels) != labels.end();
  if (all && labels.size() > 1) {
    list.AddFault("\"...\" means all labels, so no other may stand beside it");
  }
  return labels;
}

void RouteReader::ReadName(const Reader& at, const Reader& name,
                           RouteSpec& node) {
  node.name = name.Text().value_or("");
  if (node.name.empty()) return;
  const auto [first, added] = names_.emplace(node.name, at.path());
  if (!added) {
    name.AddFault("the name " + Quoted(node.name) +
                  " is taken: it is that of " + first->second);
  }
}

void RouteReader::ReadTaker(const Fields& fields, RouteSpec& node) {
  if (const Reader* team = fields.Find("team")) {
    node.team = team->Text();
    if (node.team) CheckReference(*team, "team", *node.team, config_.teams);
  }
  if (const Reader* important = fields.Find("important")) {
    node.important = important->Flag();
  }
  const Reader* const chain = fields.Find("escalation_chain");
  if (chain == nullptr) return;
  node.escalation_chain = chain->Text();
  if (node.escalation_chain && *node.escalation_chain != kNoChain) {
    CheckReference(*chain, "chain", *node.escalation_chain,
                   config_.roster.chains);
  }
}

void RouteReader::ReadTimers(const Fields& fields) {
  for (const std::string_view key :
       {"group_wait", "group_interval", "repeat_interval"}) {
    const Reader* const timer = fields.Find(key);
    if (timer == nullptr) continue;
    timer->AnyLength();
    if (!first_timer_) first_timer_ = *timer;
  }
}

void RouteReader::WarnOfTimers() const {
  if (!first_timer_) return;
  first_timer_->AddWarning(
      "group_wait, group_interval and repeat_interval have no effect here: "
      "Alertmanager has waited already");
}

Inherited HereOf(const RouteSpec& node, const Inherited& parent) {
  Inherited here = parent;
  if (node.team && *node.team != parent.team) {
    here.team = *node.team;
    here.chain.reset();
  }
  if (node.escalation_chain) here.chain = node.escalation_chain;
  if (node.important) here.important = *node.important;
  return here;
}

void RouteReader::WarnIfQuiet(const Reader& at, const RouteSpec& node,
                              const Inherited& here) const {
  const auto team = config_.roster.teams.find(here.team);
  if (node.discard || here.chain || team == config_.roster.teams.end()) return;
  const bool pages = team->second.default_chain.has_value() ||
                     (here.important && team->second.important_chain);
  if (pages) return;
  at.AddWarning("what matches here pages nobody: the team " +
                Quoted(here.team) + " has no escalation chain for it");
}

RouteSpec RouteReader::ReadNode(const Reader& at, const Fields& fields,
                                const Inherited& parent) {
  RouteSpec node;
  if (const Reader* name = fields.Find("name")) ReadName(at, *name, node);
  node.matchers = ReadMatchers(fields);
  if (const Reader* flag = fields.Find("continue")) {
    node.continue_matching = flag->Flag().value_or(false);
  }
  ReadTaker(fields, node);
  ReadTimers(fields);
  if (const Reader* labels = fields.Find("group_by")) {
    node.group_by = ReadGroupBy(*labels);
  }
  if (const Reader* flag = fields.Find("discard")) {
    node.discard = flag->Flag().value_or(false);
  }
  const Inherited here = HereOf(node, parent);
  WarnIfQuiet(at, node, here);
  if (const Reader* routes = fields.Find("routes")) {
    for (const Reader& child : routes->Items()) {
      node.routes.push_back(ReadNode(child, RouteKeys(child), here));
    }
  }
  return node;
}

RouteSpec RouteReader::ReadRoot(const Reader& at) {
  const Fields fields = RouteKeys(at);
  fields.Require("team");
  RouteSpec root = ReadNode(at, fields, {});
  if (!root.matchers.empty() || root.continue_matching) {
    at.AddFault(
        "the root route takes everything: it has no matchers and no continue");
  }
  return root;
}

}  // namespace

void LoadRoute(const Reader* section, Config& config) {
  if (section == nullptr) return;
  RouteReader reader(config);
  config.route = reader.ReadRoot(*section);
  reader.WarnOfTimers();
}

}  // namespace tocsin::config
