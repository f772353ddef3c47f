#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "config/read_file.h"
#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/rehearsal.h"
#include "daemon/ctl/route_tree.h"
#include "daemon/ctl/table.h"
#include "daemon/make_settings.h"
#include "routing/payload.h"

namespace tocsin::ctl {
namespace {

namespace json = boost::json;
using routing::AlertStatus;

// As much as the daemon's door lets through.
constexpr std::size_t kMaxPayload = 32u << 20;

// Beyond that nobody looks at what a file of today does.
constexpr Duration kMaxLength = std::chrono::hours(31 * 24);

constexpr const char* kNotSimulated[] = {
    "that a contact method fails, and the fall-back that follows",
    "what people do: nobody acknowledges",
    "that alerts resolve or others join: the source goes on sending the same",
    "groups that are open already",
};

// All that is printed, gathered first.
struct Performance {
  Stage stage;
  engine::WebhookPosted webhook;
  std::shared_ptr<const engine::Settings> settings;
  std::vector<RehearsedGroup> groups;
};

std::vector<const routing::Route*> RoutesOf(const Performance& show,
                                            const routing::Alert& alert) {
  if (alert.status != AlertStatus::kFiring) return {};
  return show.settings->tree.Decide(
      alert.labels,
      {.source = show.webhook.source,
       .receiver = routing::UnquoteReceiver(show.webhook.payload.receiver)});
}

const char* StatusName(AlertStatus status) {
  return status == AlertStatus::kFiring ? "firing" : "resolved";
}

std::string NameOf(const routing::Alert& alert) {
  const std::string_view name = alert.labels.Get("alertname");
  return name.empty() ? routing::FingerprintText(alert.fingerprint)
                      : std::string(name);
}

std::string EndingText(const RehearsedGroup& group, const Stage& stage) {
  switch (group.ending) {
    case Ending::kNothingMore:
      return "Nothing more happens within " + FormatDuration(stage.length) +
             ".";
    case Ending::kGoesOn:
      return "It goes on: this was the first " + FormatDuration(stage.length) +
             " (--for says how much).";
    case Ending::kForEver:
      return "And so on, for ever, until somebody acknowledges (--for shows "
             "more of it).";
  }
  return "";
}

const char* EndingName(Ending ending) {
  switch (ending) {
    case Ending::kNothingMore:
      return "nothing_more";
    case Ending::kGoesOn:
      return "goes_on";
    case Ending::kForEver:
      return "for_ever";
  }
  return "";
}

void PrintField(const char* name, const std::string& text) {
  if (text.empty()) return;
  std::printf("  %-14s%s\n", name, Printable(text).c_str());
}

void PrintAlerts(const Performance& show) {
  const std::vector<routing::Alert>& alerts = show.webhook.payload.alerts;
  Table table({"STATUS", "ALERT", "TEAM", "ROUTE"});
  for (const routing::Alert& alert : alerts) {
    const auto routes = RoutesOf(show, alert);
    for (const routing::Route* route : routes) {
      table.Add(
          {StatusName(alert.status), NameOf(alert), route->team, route->name});
    }
    if (routes.empty()) {
      table.Add({StatusName(alert.status), NameOf(alert), "",
                 "(the end of something never told: nothing happens)"});
    }
  }
  std::printf("Alerts (%zu)\n%s", alerts.size(),
              table.Draw(TerminalWidth()).c_str());
}

void PrintGroup(const RehearsedGroup& group, const Stage& stage) {
  const paging::AlertGroup& born = group.born;
  std::printf("\nGroup %lld: %s\n", static_cast<long long>(born.id.value()),
              Printable(born.title).c_str());
  const auto* held = std::get_if<paging::Held>(&born.life);
  PrintField("State", held == nullptr ? paging::LifeName(born.life)
                                      : "held, " + held->because);
  PrintField("Severity", born.severity);
  PrintField("Importance", paging::ImportanceName(born.importance));
  PrintField("Team", born.identity.team);
  PrintField("Route", born.route_name);
  PrintField("Chain", group.chain.empty() ? "none" : group.chain);
  Table table({"AFTER", "WHAT", "DETAILS"});
  for (const paging::TimelineEntry& entry : group.timeline) {
    table.Add({"+" + FormatDuration(entry.at - stage.at),
               paging::TimelineKindName(entry.kind), entry.text});
  }
  std::printf("\n%s%s\n", table.Draw(TerminalWidth()).c_str(),
              EndingText(group, stage).c_str());
}

void PrintText(const Performance& show) {
  std::printf(
      "What would happen from %s on, sent by source %s. Nothing is sent, "
      "nothing is kept.\n\n",
      FormatRfc3339(show.stage.at).c_str(),
      Printable(show.webhook.source).c_str());
  PrintAlerts(show);
  if (show.groups.empty()) std::puts("\nNo group would be made.");
  for (const RehearsedGroup& group : show.groups) {
    PrintGroup(group, show.stage);
  }
  std::puts("\nNot simulated:");
  for (const char* what : kNotSimulated) std::printf("  - %s\n", what);
}

json::array AlertsJson(const Performance& show) {
  json::array alerts;
  for (const routing::Alert& alert : show.webhook.payload.alerts) {
    json::array routes;
    for (const routing::Route* route : RoutesOf(show, alert)) {
      routes.push_back({{"name", route->name},
                        {"identity", route->identity},
                        {"team", route->team},
                        {"important", route->important}});
    }
    alerts.push_back(
        {{"fingerprint", routing::FingerprintText(alert.fingerprint)},
         {"name", NameOf(alert)},
         {"status", StatusName(alert.status)},
         {"routes", std::move(routes)}});
  }
  return alerts;
}

json::object GroupJson(const RehearsedGroup& group, const Stage& stage) {
  const paging::AlertGroup& born = group.born;
  json::array timeline;
  for (const paging::TimelineEntry& entry : group.timeline) {
    timeline.push_back(
        {{"after_seconds",
          static_cast<double>((entry.at - stage.at).count()) / std::milli::den},
         {"at", FormatRfc3339(entry.at)},
         {"kind", paging::TimelineKindName(entry.kind)},
         {"text", entry.text}});
  }
  json::object out{{"id", std::to_string(born.id.value())},
                   {"title", born.title},
                   {"severity", born.severity},
                   {"importance", paging::ImportanceName(born.importance)},
                   {"team", born.identity.team},
                   {"route", born.route_name},
                   {"group_key", born.identity.group_key},
                   {"state", paging::LifeName(born.life)},
                   {"alerts_firing", paging::FiringAlerts(born)},
                   {"escalation_chain", nullptr},
                   {"timeline", std::move(timeline)},
                   {"ending", EndingName(group.ending)}};
  if (!group.chain.empty()) out["escalation_chain"] = group.chain;
  if (const auto* held = std::get_if<paging::Held>(&born.life)) {
    out["held_because"] = held->because;
  }
  return out;
}

void PrintAsJson(const Performance& show) {
  json::array groups;
  for (const RehearsedGroup& group : show.groups) {
    groups.push_back(GroupJson(group, show.stage));
  }
  json::array not_simulated;
  for (const char* what : kNotSimulated) not_simulated.emplace_back(what);
  PrintJson({{"at", FormatRfc3339(show.stage.at)},
             {"for", FormatDuration(show.stage.length)},
             {"source", show.webhook.source},
             {"alerts", AlertsJson(show)},
             {"groups", std::move(groups)},
             {"not_simulated", std::move(not_simulated)}});
}

// Absent --for: a day, and what repeats is cut.
Result<Stage> StageOf(const Invocation& invocation) {
  const Result<Instant> at = AtOf(invocation);
  if (!at.ok()) return at.error();
  Stage stage{.at = at.value()};
  if (invocation.lasting) {
    const Result<Duration> length = ParseDuration(*invocation.lasting);
    if (!length.ok()) {
      return Error{Code::kInvalid, "--for: " + length.error().message};
    }
    if (length.value() <= Duration::zero() || length.value() > kMaxLength) {
      return Error{Code::kInvalid, "--for: more than 0s, " +
                                       FormatDuration(kMaxLength) + " at most"};
    }
    stage.length = length.value();
    stage.cut_repeats = false;
  }
  return stage;
}

Result<routing::Payload> ReadPayload(const std::string& path) {
  const auto named = [&path](const Error& error) {
    return Error{error.code, path + ": " + error.message};
  };
  const Result<std::string> text = config::ReadAnyFile(path, kMaxPayload);
  if (!text.ok()) return named(text.error());
  if (text.value().size() > kMaxPayload) {
    return Error{Code::kInvalid, path + ": it is larger than 32 MB"};
  }
  Result<routing::Payload> payload = routing::ParsePayload(text.value());
  if (!payload.ok()) return named(payload.error());
  return payload;
}

}  // namespace

Outcome Simulate(const Invocation& invocation) {
  const Result<Stage> stage = StageOf(invocation);
  if (!stage.ok()) return Failure{ExitCode::kUsage, stage.error().message};
  const auto read = LoadRoutes(invocation.config_file);
  if (const auto* failure = std::get_if<Failure>(&read)) return *failure;
  const config::Config& config = std::get<LoadedRoutes>(read).config;
  if (auto failure = CheckSource(invocation, config)) return failure;
  Result<routing::Payload> payload = ReadPayload(invocation.arguments.front());
  if (!payload.ok()) {
    return Failure{ExitCode::kRefused, payload.error().message};
  }
  auto settings = daemon::MakeSettings(config);
  if (!settings.ok()) {
    return Failure{ExitCode::kRefused, settings.error().message};
  }
  Performance show{.stage = stage.value(),
                   .webhook = {.source = invocation.source,
                               .payload = std::move(payload).value()},
                   .settings = settings.value(),
                   .groups = {}};
  if (show.webhook.source.empty() && !config.sources.empty()) {
    show.webhook.source = config.sources.front().name;
  }
  show.groups = Rehearse(show.settings, show.webhook, show.stage);
  if (invocation.output == Output::kJson) {
    PrintAsJson(show);
  } else {
    PrintText(show);
  }
  return std::nullopt;
}

}  // namespace tocsin::ctl
