#include <utility>

#include "store/codec.h"
#include "store/codec_json.h"

// What a group's row holds of the run of its chain.
namespace tocsin::store::codec {

namespace {

json::array NumbersJson(const std::vector<std::uint32_t>& numbers) {
  json::array out;
  for (const std::uint32_t number : numbers) out.emplace_back(number);
  return out;
}

std::vector<std::uint32_t> ToNumbers(const json::value& value) {
  return ToVector<std::uint32_t>(value, ToNumber<std::uint32_t>);
}

std::vector<std::optional<Instant>> ToInstants(const json::value& value) {
  return ToVector<std::optional<Instant>>(value, ToOptionalInstant);
}

json::value CalledForJson(const std::optional<paging::CalledFor>& called) {
  if (!called) return nullptr;
  json::array out{TextJson(called->team), nullptr};
  if (called->importance) out.at(1) = static_cast<int>(*called->importance);
  return out;
}

std::optional<paging::CalledFor> ToCalledFor(const json::value* value) {
  if (value == nullptr || value->is_null()) return std::nullopt;
  const json::array& parts = value->as_array();
  paging::CalledFor called{.team = ToText(parts.at(0)),
                           .importance = std::nullopt};
  if (!parts.at(1).is_null()) {
    called.importance = ToEnum(parts.at(1), paging::Importance::kImportant);
  }
  return called;
}

json::array CallerJson(const paging::Caller& caller) {
  return {TextJson(caller.snapshot), caller.next_step,
          NumbersJson(caller.repeated),
          ToArray(caller.last_run, OptionalTimeJson),
          CalledForJson(caller.called_for)};
}

paging::Caller ToCaller(const json::value& value) {
  const json::array& parts = value.as_array();
  return {.snapshot = ToText(parts.at(0)),
          .next_step = ToNumber<std::size_t>(parts.at(1)),
          .repeated = ToNumbers(parts.at(2)),
          .last_run = ToInstants(parts.at(3)),
          .called_for = ToCalledFor(&parts.at(4))};
}

json::array PastCallJson(const paging::PastCall& past) {
  return {TextJson(past.snapshot), OptionalTimeJson(past.last_step)};
}

paging::PastCall ToPastCall(const json::value& value) {
  const json::array& parts = value.as_array();
  return {.snapshot = ToText(parts.at(0)),
          .last_step = ToOptionalInstant(parts.at(1))};
}

// Of a list that is absent where it is empty.
template <typename T, typename F>
std::vector<T> ToVectorIf(const json::value* value, F read) {
  return value == nullptr ? std::vector<T>() : ToVector<T>(*value, read);
}

std::optional<paging::Importance> ToImportance(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  return ToEnum(*value, paging::Importance::kImportant);
}

paging::Pause ToPause(const json::object& escalation) {
  if (const json::value* pause = escalation.if_contains("pause")) {
    return ToEnum(*pause, paging::Pause::kForAlerts);
  }
  return escalation.at("waiting").as_bool() ? paging::Pause::kWait
                                            : paging::Pause::kNone;
}

}  // namespace

json::object EscalationJson(const paging::Escalation& escalation) {
  json::object out = {
      {"snapshot", TextJson(escalation.snapshot)},
      {"next", escalation.next_step},
      {"due", TimeJson(escalation.due)},
      {"waiting", escalation.pause != paging::Pause::kNone},
      {"finished", escalation.finished},
      {"skipped", escalation.skipped_wait},
      {"repeated", NumbersJson(escalation.repeated)},
      {"last_run", ToArray(escalation.last_run, OptionalTimeJson)},
      {"notified", ToArray(escalation.notified, TextJson)}};
  // Rows of older programs do not have these.
  if (escalation.pause > paging::Pause::kWait) {
    out["pause"] = static_cast<int>(escalation.pause);
  }
  if (escalation.sought) out["sought"] = true;
  if (escalation.called_for) {
    out["called_for"] = CalledForJson(escalation.called_for);
  }
  if (!escalation.callers.empty()) {
    out["callers"] = ToArray(escalation.callers, CallerJson);
  }
  if (!escalation.past_calls.empty()) {
    out["past_calls"] = ToArray(escalation.past_calls, PastCallJson);
  }
  if (escalation.importance) {
    out["importance"] = static_cast<int>(*escalation.importance);
  }
  return out;
}

paging::Escalation ToEscalation(const json::value& value) {
  const json::object& object = value.as_object();
  return {.snapshot = ToText(object.at("snapshot")),
          .next_step = ToNumber<std::size_t>(object.at("next")),
          .due = ToInstant(object.at("due")),
          .pause = ToPause(object),
          .finished = object.at("finished").as_bool(),
          .skipped_wait = object.at("skipped").as_bool(),
          .repeated = ToNumbers(object.at("repeated")),
          .last_run = ToInstants(object.at("last_run")),
          .sought = object.contains("sought"),
          .notified = ToVector<std::string>(object.at("notified"), ToText),
          .called_for = ToCalledFor(object.if_contains("called_for")),
          .callers = ToVectorIf<paging::Caller>(object.if_contains("callers"),
                                                ToCaller),
          .past_calls = ToVectorIf<paging::PastCall>(
              object.if_contains("past_calls"), ToPastCall),
          .importance = ToImportance(object.if_contains("importance"))};
}

json::array LeftRunJson(const paging::LeftRun& left) {
  return {TextJson(left.snapshot), ToArray(left.last_run, OptionalTimeJson),
          OptionalTimeJson(left.last_step)};
}

std::optional<paging::LeftRun> ToLeftRun(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  const json::array& parts = value->as_array();
  return paging::LeftRun{.snapshot = ToText(parts.at(0)),
                         .last_run = ToVector<std::optional<Instant>>(
                             parts.at(1), ToOptionalInstant),
                         .last_step = ToOptionalInstant(parts.at(2))};
}

// The first time, then what lies between one and the next.
json::array EpisodesJson(const paging::EpisodeTimes& episodes) {
  json::array times;
  Instant last;
  for (const Instant at : episodes.at) {
    times.emplace_back((at - std::exchange(last, at)).count());
  }
  return {episodes.within.count(), episodes.limit, std::move(times)};
}

std::optional<paging::EpisodeTimes> ToEpisodes(const json::value* value) {
  if (value == nullptr) return std::nullopt;
  const json::array& parts = value->as_array();
  paging::EpisodeTimes episodes{.within = Duration(parts.at(0).as_int64()),
                                .limit = ToNumber<std::uint32_t>(parts.at(1)),
                                .at = {}};
  Instant last;
  for (const json::value& since : parts.at(2).as_array()) {
    last += Duration(since.as_int64());
    episodes.at.push_back(last);
  }
  return episodes;
}

}  // namespace tocsin::store::codec
