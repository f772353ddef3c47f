#include <stdexcept>
#include <utility>

#include "store/codec.h"
#include "store/codec_json.h"

namespace tocsin::store {
namespace codec {
namespace {

// A step is an array: its word, then its parts by position.

json::array NamesJson(const std::vector<std::string>& names) {
  json::array out;
  out.reserve(names.size());
  for (const std::string& name : names) out.emplace_back(TextJson(name));
  return out;
}

std::vector<std::string> ToNames(const json::value& value) {
  std::vector<std::string> names;
  for (const json::value& name : value.as_array()) {
    names.push_back(ToText(name));
  }
  return names;
}

json::value ImportanceJson(const std::optional<paging::Importance>& value) {
  if (!value) return nullptr;
  return static_cast<int>(*value);
}

std::optional<paging::Importance> ToImportance(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  return ToEnum(value, paging::Importance::kImportant);
}

json::array StepJson(const paging::Wait& wait) {
  return {"wait", wait.length.count()};
}

paging::Wait ToWait(const json::array& parts) {
  return {.length = Duration(parts.at(1).as_int64())};
}

json::array StepJson(const paging::NotifyUsers& notify) {
  return {"users", NamesJson(notify.users), ImportanceJson(notify.importance)};
}

paging::NotifyUsers ToNotifyUsers(const json::array& parts) {
  return {.users = ToNames(parts.at(1)),
          .importance = ToImportance(parts.at(2))};
}

json::array StepJson(const paging::Repeat& repeat) {
  json::array out{"repeat", repeat.from, nullptr};
  if (repeat.times) out.at(2) = *repeat.times;
  return out;
}

paging::Repeat ToRepeat(const json::array& parts) {
  paging::Repeat repeat{.from = ToNumber<std::size_t>(parts.at(1)),
                        .times = {}};
  if (!parts.at(2).is_null()) {
    repeat.times = ToNumber<std::uint32_t>(parts.at(2));
  }
  return repeat;
}

json::array StepJson(const paging::NotifySchedule& notify) {
  return {"schedule", TextJson(notify.schedule),
          ImportanceJson(notify.importance)};
}

paging::NotifySchedule ToNotifySchedule(const json::array& parts) {
  return {.schedule = ToText(parts.at(1)),
          .importance = ToImportance(parts.at(2))};
}

json::array StepJson(const paging::NotifyNextOnCall& notify) {
  return {"next_on_call", TextJson(notify.schedule),
          ImportanceJson(notify.importance)};
}

paging::NotifyNextOnCall ToNotifyNextOnCall(const json::array& parts) {
  return {.schedule = ToText(parts.at(1)),
          .importance = ToImportance(parts.at(2))};
}

json::array StepJson(const paging::NotifyTeam& notify) {
  return {"team", TextJson(notify.team), ImportanceJson(notify.importance)};
}

paging::NotifyTeam ToNotifyTeam(const json::array& parts) {
  return {.team = ToText(parts.at(1)), .importance = ToImportance(parts.at(2))};
}

json::array StepJson(const paging::NotifyRoundRobin& notify) {
  return {"round_robin", NamesJson(notify.users),
          ImportanceJson(notify.importance)};
}

paging::NotifyRoundRobin ToNotifyRoundRobin(const json::array& parts) {
  return {.users = ToNames(parts.at(1)),
          .importance = ToImportance(parts.at(2))};
}

json::array StepJson(const paging::NotifyChat& notify) {
  return {"chat", NamesJson(notify.channels)};
}

paging::NotifyChat ToNotifyChat(const json::array& parts) {
  return {.channels = ToNames(parts.at(1))};
}

json::array StepJson(const paging::NotifySlackUserGroup& notify) {
  return {"slack_user_group", TextJson(notify.user_group)};
}

paging::NotifySlackUserGroup ToNotifySlackUserGroup(const json::array& parts) {
  return {.user_group = ToText(parts.at(1))};
}

json::array StepJson(const paging::IfTimeBetween& condition) {
  json::array weekdays;
  for (const routing::Range& days : condition.weekdays) {
    weekdays.emplace_back(json::array{days.first, days.last});
  }
  return {"if_time_between",
          condition.start,
          condition.end,
          std::move(weekdays),
          TextJson(condition.time_zone),
          static_cast<int>(condition.outside)};
}

paging::IfTimeBetween ToIfTimeBetween(const json::array& parts) {
  paging::IfTimeBetween condition{
      .start = ToNumber<int>(parts.at(1)),
      .end = ToNumber<int>(parts.at(2)),
      .weekdays = {},
      .time_zone = ToText(parts.at(4)),
      .outside = ToEnum(parts.at(5), paging::Outside::kSkip)};
  for (const json::value& value : parts.at(3).as_array()) {
    const json::array& days = value.as_array();
    condition.weekdays.push_back({.first = ToNumber<int>(days.at(0)),
                                  .last = ToNumber<int>(days.at(1))});
  }
  return condition;
}

json::array StepJson(const paging::IfAlertCount& condition) {
  return {"if_alert_count", condition.more_than, condition.within.count()};
}

paging::IfAlertCount ToIfAlertCount(const json::array& parts) {
  return {.more_than = ToNumber<std::uint32_t>(parts.at(1)),
          .within = Duration(parts.at(2).as_int64())};
}

json::array StepJson(const paging::CallWebhook& call) {
  return {"webhook", TextJson(call.provider)};
}

paging::CallWebhook ToCallWebhook(const json::array& parts) {
  return {.provider = ToText(parts.at(1))};
}

json::array StepJson(const paging::EscalateToTeam& escalate) {
  return {"escalate_to_team", TextJson(escalate.team),
          ImportanceJson(escalate.importance)};
}

paging::EscalateToTeam ToEscalateToTeam(const json::array& parts) {
  return {.team = ToText(parts.at(1)), .importance = ToImportance(parts.at(2))};
}

json::array StepJson(const paging::ResolveGroup&) { return {"resolve"}; }

json::array StepJson(const paging::NotifyMethod& notify) {
  return {"method", TextJson(notify.method)};
}

paging::Step ToStep(const json::value& value) {
  const json::array& parts = value.as_array();
  const json::string& kind = parts.at(0).as_string();
  if (kind == "wait") return ToWait(parts);
  if (kind == "users") return ToNotifyUsers(parts);
  if (kind == "repeat") return ToRepeat(parts);
  if (kind == "schedule") return ToNotifySchedule(parts);
  if (kind == "next_on_call") return ToNotifyNextOnCall(parts);
  if (kind == "team") return ToNotifyTeam(parts);
  if (kind == "round_robin") return ToNotifyRoundRobin(parts);
  if (kind == "chat") return ToNotifyChat(parts);
  if (kind == "slack_user_group") return ToNotifySlackUserGroup(parts);
  if (kind == "if_time_between") return ToIfTimeBetween(parts);
  if (kind == "if_alert_count") return ToIfAlertCount(parts);
  if (kind == "webhook") return ToCallWebhook(parts);
  if (kind == "escalate_to_team") return ToEscalateToTeam(parts);
  if (kind == "resolve") return paging::ResolveGroup{};
  throw std::out_of_range("unknown step");
}

template <typename S>
json::array StepsToJson(const std::vector<S>& steps) {
  json::array out;
  out.reserve(steps.size());
  for (const S& step : steps) {
    out.emplace_back(
        std::visit([](const auto& kind) { return StepJson(kind); }, step));
  }
  return out;
}

json::array WayJson(const paging::FrozenWay& way) {
  json::array out{TextJson(way.team), static_cast<int>(way.importance), nullptr,
                  NamesJson(way.chat_channels)};
  if (way.chain) out.at(2) = TextJson(*way.chain);
  return out;
}

paging::FrozenWay ToWay(const json::value& value) {
  const json::array& parts = value.as_array();
  paging::FrozenWay way{
      .team = ToText(parts.at(0)),
      .importance = ToEnum(parts.at(1), paging::Importance::kImportant),
      .chain = std::nullopt,
      .chat_channels = ToNames(parts.at(3))};
  if (!parts.at(2).is_null()) way.chain = ToText(parts.at(2));
  return way;
}

paging::ChainSnapshot ToSnapshot(std::string_view hash,
                                 const json::object& object) {
  paging::ChainSnapshot snapshot{.hash = std::string(hash), .chain = {}};
  snapshot.chain.name = ToText(object.at("name"));
  for (const json::value& step : object.at("steps").as_array()) {
    snapshot.chain.steps.push_back(ToStep(step));
  }
  if (const json::value* ways = object.if_contains("ways")) {
    for (const json::value& way : ways->as_array()) {
      snapshot.ways.push_back(ToWay(way));
    }
  }
  return snapshot;
}

}  // namespace

json::array PolicyJson(const paging::Policy& policy) {
  return StepsToJson(policy);
}

paging::Policy ToPolicy(const json::value& value) {
  paging::Policy policy;
  for (const json::value& step : value.as_array()) {
    const json::array& parts = step.as_array();
    const json::string& kind = parts.at(0).as_string();
    if (kind == "wait") {
      policy.emplace_back(ToWait(parts));
    } else if (kind == "method") {
      policy.emplace_back(paging::NotifyMethod{.method = ToText(parts.at(1))});
    } else {
      throw std::out_of_range("unknown policy step");
    }
  }
  return policy;
}

}  // namespace codec

std::string EncodePointer(const paging::Served& served) {
  codec::json::object object = codec::LeveledObject();
  object["served"] = codec::NamesJson(served);
  return codec::Finish(object);
}

Result<paging::Served> DecodePointer(std::string_view chain,
                                     std::string_view bytes) {
  return codec::Decode<paging::Served>(
      "pointer of chain " + std::string(chain), bytes,
      [](const codec::json::object& object) {
        return codec::ToNames(object.at("served"));
      });
}

std::string EncodeSnapshot(const paging::ChainSnapshot& snapshot) {
  codec::json::object object = codec::LeveledObject();
  object["name"] = codec::TextJson(snapshot.chain.name);
  object["steps"] = codec::StepsToJson(snapshot.chain.steps);
  codec::json::array ways;
  for (const paging::FrozenWay& way : snapshot.ways) {
    ways.emplace_back(codec::WayJson(way));
  }
  if (!ways.empty()) object["ways"] = std::move(ways);
  return codec::Finish(object);
}

Result<paging::ChainSnapshot> DecodeSnapshot(std::string_view hash,
                                             std::string_view bytes) {
  return codec::Decode<paging::ChainSnapshot>(
      "chain snapshot " + std::string(hash), bytes,
      [hash](const codec::json::object& object) {
        return codec::ToSnapshot(hash, object);
      });
}

}  // namespace tocsin::store
