#include <algorithm>
#include <map>
#include <utility>

#include "config/not_yet.h"
#include "config/quiet_routes.h"
#include "config/sections.h"
#include "routing/matcher.h"

namespace tocsin::config {
namespace {

using routing::Agreement;
using routing::Heartbeat;
using routing::Matcher;
using routing::MatcherLine;
using routing::MatchOp;
using routing::RouteSpec;

constexpr std::string_view kAllLabels = "...";

// What a route stands below. `discards`: the receiver that is inherited does.
struct Above {
  bool is_root = false;
  bool discards = false;
};

// Goes down the tree once, for all of its nodes.
class RouteReader {
 public:
  RouteReader(const Receivers& receivers, const NameIndex& names,
              const Config& config)
      : receivers_(receivers), names_(names), config_(config) {}

  RouteSpec ReadRoot(const Reader& at);
  // All the timers of Alertmanager's tree are one warning, at the first.
  void WarnOfTimers() const;

  // Where the nodes stand, depth-first.
  const std::vector<Reader>& places() const { return places_; }

 private:
  RouteSpec ReadNode(const Reader& at, const Fields& fields,
                     const Above& above);
  void ReadName(const Reader& at, const Reader& name, RouteSpec& node);
  const Receiver* ReadReceiver(const Fields& fields) const;
  Above ReadTakers(const Fields& fields, const Above& above,
                   RouteSpec& node) const;
  std::vector<std::string> ReadIntervals(const Reader* list) const;
  void ReadTimers(const Fields& fields);

  const Receivers& receivers_;
  const NameIndex& names_;
  const Config& config_;
  std::map<std::string, std::string> paths_;  // of the nodes, by their names
  std::vector<Reader> places_;
  std::optional<Reader> first_timer_;
};

Fields RouteKeys(const Reader& at) {
  return at.Keys({"name",
                  "matchers",
                  "match",
                  "match_re",
                  "continue",
                  "routes",
                  "group_by",
                  "team",
                  "receiver",
                  "important",
                  "escalation_chain",
                  "chat_channels",
                  "active_time_intervals",
                  "mute_time_intervals",
                  "stale_after",
                  "absent_after",
                  "reopen_within",
                  "resolve_holds",
                  "heartbeat",
                  "discard",
                  "group_wait",
                  "group_interval",
                  "repeat_interval"});
}

// The line as both syntaxes read it alike, in YAML's single quotes.
std::string Rewritten(const std::vector<Matcher>& matchers) {
  std::string line;
  for (const Matcher& matcher : matchers) {
    line += (line.empty() ? "" : ", ") + matcher.Text();
  }
  std::string quoted = "'";
  for (const char c : line) quoted += c == '\'' ? "''" : std::string(1, c);
  return quoted + "'";
}

void WarnOfSyntaxes(const Reader& at, const MatcherLine& line) {
  if (line.agreement == Agreement::kAgreed) return;
  at.AddWarning(
      (line.agreement == Agreement::kIncompatible
           ? "only Alertmanager's classic syntax takes this: write it as "
           : "Alertmanager's two syntaxes take this differently, and the "
             "classic one counts: write it as ") +
      Rewritten(line.matchers) + ", so that both agree");
}

void ReadMatcherLines(const Reader& list, std::vector<Matcher>& out) {
  for (const Reader& item : list.Items()) {
    const std::optional<std::string> text = item.TextOrEmpty();
    if (!text) continue;
    Result<MatcherLine> line = routing::ParseMatchers(*text);
    if (!line.ok()) {
      item.AddFault(line.error().message);
      continue;
    }
    WarnOfSyntaxes(item, line.value());
    for (Matcher& matcher : line.value().matchers) {
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
    const std::optional<std::string> value =
        entry.value.IsNull() ? "" : entry.value.TextOrEmpty();
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

std::vector<std::string> ReadLabels(const Reader& list) {
  std::vector<std::string> labels;
  for (const Reader::Entry& item : list.Texts()) labels.push_back(item.name);
  return labels;
}

std::vector<std::string> ReadGroupBy(const Reader& list) {
  std::vector<std::string> labels = ReadLabels(list);
  const bool all =
      std::find(labels.begin(), labels.end(), kAllLabels) != labels.end();
  if (all && labels.size() > 1) {
    list.AddFault("\"...\" means all labels, so no other may stand beside it");
  }
  return labels;
}

Heartbeat ReadHeartbeat(const Reader& at) {
  const Fields fields = at.Keys({"expect_within", "by", "important"});
  Heartbeat heartbeat;
  if (const Reader* within = fields.Require("expect_within")) {
    heartbeat.expect_within = within->Length().value_or(Duration());
  }
  if (const Reader* by = fields.Find("by")) heartbeat.by = ReadLabels(*by);
  if (const Reader* important = fields.Find("important")) {
    heartbeat.important = important->Flag().value_or(false);
  }
  WarnNotYet(at, "heartbeat");
  return heartbeat;
}

// How long a group may live with something; 0 of what may be switched off.
routing::Patience ReadPatience(const Fields& fields) {
  const auto late = [&fields](std::string_view key) -> std::optional<Duration> {
    const Reader* const length = fields.Find(key);
    if (length == nullptr) return std::nullopt;
    WarnNotYet(*length, key);
    return length->Length();
  };
  const auto after_resolve =
      [&fields](std::string_view key) -> std::optional<Duration> {
    const Reader* const length = fields.Find(key);
    return length != nullptr ? length->AnyLength() : std::nullopt;
  };
  return {.stale_after = late("stale_after"),
          .absent_after = late("absent_after"),
          .reopen_within = after_resolve("reopen_within"),
          .resolve_holds = after_resolve("resolve_holds")};
}

void RouteReader::ReadName(const Reader& at, const Reader& name,
                           RouteSpec& node) {
  node.name = name.Text().value_or("");
  if (node.name.empty()) return;
  const auto [first, added] = paths_.emplace(node.name, at.path());
  if (!added) {
    name.AddFault("the name " + Quoted(node.name) +
                  " is taken: it is that of " + first->second);
  }
}

const Receiver* RouteReader::ReadReceiver(const Fields& fields) const {
  const Reader* const at = fields.Find("receiver");
  if (at == nullptr) return nullptr;
  const std::optional<std::string> name = at->Text();
  if (!name || !CheckReference(*at, "receiver", *name, receivers_)) {
    return nullptr;
  }
  return &receivers_.find(*name)->second;
}

// What the node says itself wins over its receiver.
Above RouteReader::ReadTakers(const Fields& fields, const Above& above,
                              RouteSpec& node) const {
  Receiver own = ReadTaker(fields, names_, config_);
  const Receiver* const receiver = ReadReceiver(fields);
  Above below;
  if (receiver != nullptr) {
    if (!own.team) own.team = receiver->team;
    if (!own.important) own.important = receiver->important;
    if (!own.escalation_chain) {
      own.escalation_chain = receiver->escalation_chain;
    }
    if (!own.chat_channels) own.chat_channels = receiver->chat_channels;
    node.own_way_out = !above.is_root;
    below.discards = receiver->discard;
  } else if (fields.Find("team") == nullptr) {
    below.discards = above.discards;
  }
  node.team = std::move(own.team);
  node.important = own.important;
  node.escalation_chain = std::move(own.escalation_chain);
  node.chat_channels = std::move(own.chat_channels);
  node.discard = below.discards;
  if (const Reader* discard = fields.Find("discard")) {
    node.discard = discard->Flag().value_or(node.discard);
  }
  return below;
}

std::vector<std::string> RouteReader::ReadIntervals(const Reader* list) const {
  std::vector<std::string> names;
  if (list == nullptr) return names;
  for (const Reader::Entry& item : list->Texts()) {
    if (CheckReference(item.value, "time interval", item.name,
                       config_.time_intervals)) {
      names.push_back(item.name);
    }
  }
  return names;
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

RouteSpec RouteReader::ReadNode(const Reader& at, const Fields& fields,
                                const Above& above) {
  places_.push_back(at);
  RouteSpec node;
  if (const Reader* name = fields.Find("name")) ReadName(at, *name, node);
  node.matchers = ReadMatchers(fields);
  if (const Reader* flag = fields.Find("continue")) {
    node.continue_matching = flag->Flag().value_or(false);
  }
  const Above below = ReadTakers(fields, above, node);
  node.active_time_intervals =
      ReadIntervals(fields.Find("active_time_intervals"));
  node.mute_time_intervals = ReadIntervals(fields.Find("mute_time_intervals"));
  node.patience = ReadPatience(fields);
  ReadTimers(fields);
  if (const Reader* labels = fields.Find("group_by")) {
    node.group_by = ReadGroupBy(*labels);
  }
  if (const Reader* heartbeat = fields.Find("heartbeat")) {
    node.heartbeat = ReadHeartbeat(*heartbeat);
  }
  if (const Reader* routes = fields.Find("routes")) {
    for (const Reader& child : routes->Items()) {
      node.routes.push_back(ReadNode(child, RouteKeys(child), below));
    }
  }
  return node;
}

// Whatever no other node takes ends at the root, at any time.
void CheckRoot(const Reader& at, const Fields& fields, const RouteSpec& root) {
  if (!root.matchers.empty() || root.continue_matching) {
    at.AddFault(
        "the root route takes everything: it has no matchers and no continue");
  }
  if (!root.active_time_intervals.empty() ||
      !root.mute_time_intervals.empty()) {
    at.AddFault("the root route holds at all times: it has no time intervals");
  }
  if (root.heartbeat) {
    at.AddFault("the root route takes everything: it cannot be a heartbeat");
  }
  const Reader* const receiver = fields.Find("receiver");
  if (receiver != nullptr && fields.Find("team") == nullptr && !root.team &&
      root.discard) {
    receiver->AddFault(
        "the root route needs a team, and this receiver has none");
  }
}

RouteSpec RouteReader::ReadRoot(const Reader& at) {
  const Fields fields = RouteKeys(at);
  if (fields.Find("team") == nullptr && fields.Find("receiver") == nullptr &&
      (at.IsMap() || at.IsNull())) {
    at.AddFault(
        "the root route takes what no other does: it needs a team or a "
        "receiver");
  }
  RouteSpec root = ReadNode(at, fields, {.is_root = true});
  CheckRoot(at, fields, root);
  return root;
}

}  // namespace

void LoadRoute(const Reader* section, const Receivers& receivers,
               const NameIndex& names, Config& config) {
  if (section == nullptr) return;
  RouteReader reader(receivers, names, config);
  config.route = reader.ReadRoot(*section);
  reader.WarnOfTimers();
  WarnOfQuietRoutes(config, reader.places(), Audiences(config));
}

}  // namespace tocsin::config
