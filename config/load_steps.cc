#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "config/not_yet.h"
#include "config/sections.h"
#include "config/steps.h"
#include "config/wall_times.h"

namespace tocsin::config {
namespace {

using paging::Importance;
using paging::Step;

// What a step is read against.
struct Around {
  const Fields& fields;
  const NameIndex& names;
  const Config& config;
};
using StepReader = std::optional<Step> (*)(const Reader& at,
                                           const Around& around);

std::optional<Importance> ReadImportance(const Fields& fields) {
  const Reader* const importance = fields.Find("importance");
  if (importance == nullptr) return std::nullopt;
  return importance->Choice<Importance>(
      "importance", {{"default", Importance::kDefault},
                     {"important", Importance::kImportant}});
}

std::vector<std::string> ReadUsers(const Reader& list, const Around& around) {
  std::vector<std::string> users;
  for (const Reader::Entry& item : around.names.users.ResolveList(list)) {
    users.push_back(item.name);
    const auto user = around.config.roster.users.find(item.name);
    if (user != around.config.roster.users.end() &&
        user->second.contact_methods.empty()) {
      item.value.AddWarning(Quoted(item.name) +
                            " has no contact methods and cannot be notified");
    }
  }
  if (list.IsEmptyList()) list.AddFault("names no users");
  return users;
}

std::optional<Step> ReadWait(const Reader& at, const Around& /*around*/) {
  const std::optional<Duration> length = at.Length();
  if (!length) return std::nullopt;
  return paging::Wait{*length};
}

std::optional<Step> ReadNotifyUsers(const Reader& at, const Around& around) {
  return paging::NotifyUsers{ReadUsers(at, around),
                             ReadImportance(around.fields)};
}

std::optional<Step> ReadRoundRobin(const Reader& at, const Around& around) {
  return paging::NotifyRoundRobin{ReadUsers(at, around),
                                  ReadImportance(around.fields)};
}

std::optional<Step> ReadNotifySchedule(const Reader& at, const Around& around) {
  const auto schedule = around.names.schedules.Resolve(at);
  if (!schedule) return std::nullopt;
  return paging::NotifySchedule{*schedule, ReadImportance(around.fields)};
}

std::optional<Step> ReadNextOnCall(const Reader& at, const Around& around) {
  const auto schedule = around.names.schedules.Resolve(at);
  if (!schedule) return std::nullopt;
  return paging::NotifyNextOnCall{*schedule, ReadImportance(around.fields)};
}

std::optional<Step> ReadNotifyTeam(const Reader& at, const Around& around) {
  const auto team = around.names.teams.Resolve(at);
  if (!team) return std::nullopt;
  return paging::NotifyTeam{*team, ReadImportance(around.fields)};
}

std::optional<Step> ReadEscalate(const Reader& at, const Around& around) {
  const auto team = around.names.teams.Resolve(at);
  if (!team) return std::nullopt;
  return paging::EscalateToTeam{*team, ReadImportance(around.fields)};
}

std::optional<Step> ReadNotifyChat(const Reader& at, const Around& around) {
  if (at.IsEmptyList()) at.AddFault("names no chat channels");
  return paging::NotifyChat{ReadChatChannels(at, around.config)};
}

std::optional<Step> ReadUserGroup(const Reader& at, const Around& /*around*/) {
  const std::optional<std::string> group = at.Text();
  if (!group) return std::nullopt;
  return paging::NotifySlackUserGroup{*group};
}

std::optional<Step> ReadTimeBetween(const Reader& at, const Around& around) {
  const Fields fields =
      at.Keys({"start_time", "end_time", "weekdays", "time_zone", "outside"});
  paging::IfTimeBetween step;
  step.time_zone = around.config.time_zone;
  const Reader* const start = fields.Require("start_time");
  const Reader* const end = fields.Require("end_time");
  const auto from = start ? ReadMinute(*start) : std::nullopt;
  const auto to = end ? ReadEndMinute(*end) : std::nullopt;
  step.start = from.value_or(0);
  step.end = to.value_or(0);
  if (from && to && from == to) {
    at.AddFault("start_time and end_time must not be equal");
  }
  if (const Reader* weekdays = fields.Find("weekdays")) {
    step.weekdays = ReadWeekdays(*weekdays);
    if (weekdays->IsEmptyList()) weekdays->AddFault("names no weekdays");
  }
  if (const Reader* zone = fields.Find("time_zone")) {
    step.time_zone = ReadZone(*zone).value_or(step.time_zone);
  }
  if (const Reader* outside = fields.Find("outside")) {
    step.outside =
        outside
            ->Choice<paging::Outside>("word for `outside`",
                                      {{"wait", paging::Outside::kWait},
                                       {"skip", paging::Outside::kSkip}})
            .value_or(step.outside);
  }
  return step;
}

std::optional<Step> ReadAlertCount(const Reader& at, const Around& /*around*/) {
  const Fields fields = at.Keys({"more_than", "within"});
  paging::IfAlertCount step;
  if (const Reader* more_than = fields.Require("more_than")) {
    step.more_than = more_than->Count().value_or(1);
    if (step.more_than >= paging::kMaxEpisodes) {
      more_than->AddFault("must be less than " +
                          std::to_string(paging::kMaxEpisodes) +
                          ": a group remembers no more alerts");
    }
  }
  if (const Reader* within = fields.Require("within")) {
    step.within = within->Length().value_or(Duration());
  }
  return step;
}

std::optional<Step> ReadWebhook(const Reader& at, const Around& around) {
  const std::optional<std::string> name = at.Text();
  if (!name) return std::nullopt;
  const auto& providers = around.names.providers;
  const auto provider = providers.find(*name);
  if (provider != providers.end()) {
    if (provider->second == ProviderKind::kWebhook) {
      return paging::CallWebhook{*name};
    }
    at.AddFault("the provider " + Quoted(*name) + " is of the kind " +
                ProviderKindName(provider->second) +
                ": this step needs one of the kind webhook");
    return std::nullopt;
  }
  std::vector<std::string_view> webhooks;
  if (at.report().fault_count() < kMaxGuesses) {
    for (const auto& [known, kind] : providers) {
      if (kind == ProviderKind::kWebhook) webhooks.push_back(known);
    }
  }
  AddDangling(at, "webhook provider", *name, webhooks);
  return std::nullopt;
}

std::optional<Step> ReadResolve(const Reader& at, const Around& /*around*/) {
  if (at.Flag() == false) at.AddFault("must be true, or be left out");
  return paging::ResolveGroup{};
}

struct StepKind {
  std::string_view key;
  StepReader read;
  bool has_importance;
  bool works;  // in this version
};

constexpr std::array<StepKind, 13> kKinds = {{
    {"wait", ReadWait, false, true},
    {"notify_users", ReadNotifyUsers, true, true},
    {"notify_schedule", ReadNotifySchedule, true, false},
    {"notify_next_on_call", ReadNextOnCall, true, false},
    {"notify_team", ReadNotifyTeam, true, true},
    {"notify_round_robin", ReadRoundRobin, true, true},
    {"notify_chat", ReadNotifyChat, false, false},
    {"notify_slack_user_group", ReadUserGroup, false, false},
    {"if_time_between", ReadTimeBetween, false, true},
    {"if_alert_count", ReadAlertCount, false, true},
    {"webhook", ReadWebhook, false, false},
    {"escalate_to_team", ReadEscalate, true, true},
    {"resolve", ReadResolve, false, true},
}};

constexpr std::string_view kRepeat = "repeat";

// All keys of which a step has one.
std::vector<std::string_view> StepKeys() {
  std::vector<std::string_view> keys = {kRepeat};
  keys.reserve(kKinds.size() + 1);
  for (const StepKind& kind : kKinds) keys.push_back(kind.key);
  return keys;
}

const StepKind* FindKind(std::string_view key) {
  const auto found =
      std::find_if(kKinds.begin(), kKinds.end(),
                   [&](const StepKind& kind) { return kind.key == key; });
  return found == kKinds.end() ? nullptr : &*found;
}

}  // namespace

Fields StepFields(const Reader& item) {
  return item.Keys({"wait", "notify_users", "notify_schedule",
                    "notify_next_on_call", "notify_team", "notify_round_robin",
                    "notify_chat", "notify_slack_user_group", "if_time_between",
                    "if_alert_count", "webhook", "escalate_to_team", kRepeat,
                    "resolve", "label", "importance"});
}

const Reader::Entry* StepOf(const Fields& fields) {
  const Reader::Entry* step = nullptr;
  std::string given;
  int count = 0;
  for (const std::string_view key : StepKeys()) {
    const Reader::Entry* const found = fields.OneOf({key});
    if (found == nullptr) continue;
    step = found;
    given += (++count > 1 ? ", " : "") + std::string(key);
  }
  if (count > 1) {
    fields.at().AddFault("a step does one thing, but here are " + given);
    return nullptr;
  }
  const Reader* const importance = fields.Find("importance");
  if (step == nullptr || importance == nullptr) return step;
  const StepKind* const kind = FindKind(step->name);
  if (kind == nullptr || !kind->has_importance) {
    importance->AddFault("only a step that notifies people has an importance");
  }
  return step;
}

std::optional<Step> ReadStep(const Reader::Entry& step, const Fields& fields,
                             const NameIndex& names, const Config& config) {
  const StepKind* const kind = FindKind(step.name);
  if (kind == nullptr) return std::nullopt;
  if (!kind->works) WarnNotYet(step.key, step.name);
  return kind->read(step.value, Around{fields, names, config});
}

}  // namespace tocsin::config
