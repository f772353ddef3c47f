#include <stdexcept>

#include "store/codec.h"
#include "store/codec_json.h"

namespace tocsin::store {
namespace codec {
namespace {

// Lists of small things are arrays by position, which halves the row; the level
// says what a position means.

json::array IdentityJson(const paging::GroupIdentity& identity) {
  return {TextJson(identity.route), TextJson(identity.team),
          TextJson(identity.source), TextJson(identity.receiver),
          TextJson(identity.group_key)};
}

paging::GroupIdentity ToIdentity(const json::value& value) {
  const json::array& parts = value.as_array();
  return {.route = ToText(parts.at(0)),
          .team = ToText(parts.at(1)),
          .source = ToText(parts.at(2)),
          .receiver = ToText(parts.at(3)),
          .group_key = ToText(parts.at(4))};
}

json::array AlertStateJson(const paging::AlertState& alert) {
  return {HashJson(alert.fingerprint), static_cast<int>(alert.status),
          TimeJson(alert.starts_at), TimeJson(alert.last_seen),
          HashJson(alert.contents)};
}

paging::AlertState ToAlertState(const json::value& value) {
  const json::array& parts = value.as_array();
  return {.fingerprint = ToHash(parts.at(0)),
          .status = ToEnum(parts.at(1), routing::AlertStatus::kResolved),
          .starts_at = ToInstant(parts.at(2)),
          .last_seen = ToInstant(parts.at(3)),
          .contents = ToHash(parts.at(4))};
}

// Attended groups, which are most, end after the first part.
json::array FiringJson(const paging::Firing& firing) {
  const auto run = [](const std::optional<paging::Escalation>& escalation) {
    return escalation ? json::value(EscalationJson(*escalation))
                      : json::value(nullptr);
  };
  json::array out{"firing", run(firing.escalation)};
  if (firing.unattended_since || firing.last_resort) {
    out.emplace_back(OptionalTimeJson(firing.unattended_since));
    out.emplace_back(run(firing.last_resort));
  }
  return out;
}

paging::Firing ToFiring(const json::array& parts) {
  const auto run = [](const json::value& part) {
    return part.is_null() ? std::nullopt : std::optional(ToEscalation(part));
  };
  paging::Firing firing{.escalation = run(parts.at(1))};
  if (parts.size() > 2) {
    firing.unattended_since = ToOptionalInstant(parts.at(2));
    firing.last_resort = run(parts.at(3));
  }
  return firing;
}

json::array LifeJson(const paging::Life& life) {
  return std::visit(
      Visitor{
          [](const paging::Firing& firing) { return FiringJson(firing); },
          [](const paging::Acknowledged& acknowledged) -> json::array {
            return {"acknowledged", TextJson(acknowledged.by),
                    TimeJson(acknowledged.at)};
          },
          [](const paging::Resolved& resolved) -> json::array {
            return {"resolved", TextJson(resolved.by), TimeJson(resolved.at),
                    OptionalTimeJson(resolved.reopens_until),
                    OptionalTimeJson(resolved.holds_until)};
          },
          [](const paging::Held& held) -> json::array {
            return {"held", TimeJson(held.since), TimeJson(held.look_again),
                    TextJson(held.because), TextJson(held.snapshot)};
          },
          [](const paging::Silenced& silenced) -> json::array {
            return {"silenced", TextJson(silenced.by), TimeJson(silenced.at),
                    OptionalTimeJson(silenced.until)};
          }},
      life);
}

paging::Life ToLife(const json::value& value) {
  const json::array& parts = value.as_array();
  const json::string& name = parts.at(0).as_string();
  if (name == "firing") return ToFiring(parts);
  if (name == "acknowledged") {
    return paging::Acknowledged{.by = ToText(parts.at(1)),
                                .at = ToInstant(parts.at(2))};
  }
  if (name == "resolved") {
    // Rows of level 1 that older programs wrote end here.
    if (parts.size() == 3) {
      return paging::Resolved{.by = ToText(parts.at(1)),
                              .at = ToInstant(parts.at(2)),
                              .reopens_until = std::nullopt,
                              .holds_until = std::nullopt};
    }
    return paging::Resolved{.by = ToText(parts.at(1)),
                            .at = ToInstant(parts.at(2)),
                            .reopens_until = ToOptionalInstant(parts.at(3)),
                            .holds_until = ToOptionalInstant(parts.at(4))};
  }
  if (name == "held") {
    return paging::Held{.since = ToInstant(parts.at(1)),
                        .look_again = ToInstant(parts.at(2)),
                        .because = ToText(parts.at(3)),
                        .snapshot = ToText(parts.at(4))};
  }
  if (name == "silenced") {
    return paging::Silenced{.by = ToText(parts.at(1)),
                            .at = ToInstant(parts.at(2)),
                            .until = ToOptionalInstant(parts.at(3))};
  }
  throw std::out_of_range("unknown state");
}

json::array RunJson(const paging::PersonalRun& run) {
  return {TextJson(run.user),
          static_cast<int>(run.importance),
          PolicyJson(run.policy),
          TextJson(run.why),
          run.next_step,
          TimeJson(run.due),
          run.stopped,
          run.delivered};
}

paging::PersonalRun ToRun(const json::value& value) {
  const json::array& parts = value.as_array();
  return {
      .user = ToText(parts.at(0)),
      .importance = ToEnum(parts.at(1), paging::Importance::kImportant),
      .policy = ToPolicy(parts.at(2)),
      .why = ToText(parts.at(3)),
      .next_step = ToNumber<std::size_t>(parts.at(4)),
      .due = ToInstant(parts.at(5)),
      .stopped = parts.at(6).as_bool(),
      .delivered = parts.at(7).as_bool(),
  };
}

json::array OpenNotificationJson(const paging::OpenNotification& open) {
  return {open.sequence,
          open.run,
          open.step,
          TimeJson(open.issued_at),
          OptionalTimeJson(open.failing_since),
          open.attempts,
          open.fell_back,
          open.unreached};
}

paging::OpenNotification ToOpenNotification(const json::value& value) {
  const json::array& parts = value.as_array();
  return {.sequence = ToNumber<std::uint32_t>(parts.at(0)),
          .run = ToNumber<std::size_t>(parts.at(1)),
          .step = ToNumber<std::size_t>(parts.at(2)),
          .issued_at = ToInstant(parts.at(3)),
          .failing_since = ToOptionalInstant(parts.at(4)),
          .attempts = ToNumber<std::uint32_t>(parts.at(5)),
          .fell_back = parts.at(6).as_bool(),
          .unreached = parts.at(7).as_bool()};
}

std::vector<paging::AlertGroupId> ToSiblings(const json::value* value) {
  if (value == nullptr) return {};
  return ToVector<paging::AlertGroupId>(*value, [](const json::value& id) {
    return paging::AlertGroupId(ToNumber<std::int64_t>(id));
  });
}

paging::AlertGroup ToGroup(paging::AlertGroupId id,
                           const json::object& object) {
  return {
      .id = id,
      .identity = ToIdentity(object.at("identity")),
      .route_name = ToText(object.at("route")),
      .title = ToText(object.at("title")),
      .summary = ToText(object.at("summary")),
      .severity = ToText(object.at("severity")),
      .importance =
          ToEnum(object.at("importance"), paging::Importance::kImportant),
      .reopened = object.contains("reopened")
                      ? ToNumber<std::uint32_t>(object.at("reopened"))
                      : 0,
      .created_at = ToInstant(object.at("created")),
      .last_turn = ToInstant(object.at("last_turn")),
      .alerts = ToVector<paging::AlertState>(object.at("alerts"), ToAlertState),
      .life = ToLife(object.at("life")),
      .siblings = ToSiblings(object.if_contains("siblings")),
      .left_run = ToLeftRun(object.if_contains("left")),
      .episodes = ToEpisodes(object.if_contains("episodes")),
      .runs = ToVector<paging::PersonalRun>(object.at("runs"), ToRun),
      .open_notifications = ToVector<paging::OpenNotification>(
          object.at("open"), ToOpenNotification),
      .first_delivered_at = ToOptionalInstant(object.at("first_delivered")),
      .last_sequence = ToNumber<std::uint32_t>(object.at("sequence")),
      .timeline_length = ToNumber<std::uint32_t>(object.at("timeline")),
      .contents_chunks = ToNumber<std::uint32_t>(object.at("chunks")),
  };
}

}  // namespace
}  // namespace codec

std::string EncodeGroup(const paging::AlertGroup& group) {
  using namespace codec;  // NOLINT: the overloads above
  json::object object = LeveledObject();
  object["identity"] = IdentityJson(group.identity);
  object["route"] = TextJson(group.route_name);
  object["title"] = TextJson(group.title);
  object["summary"] = TextJson(group.summary);
  object["severity"] = TextJson(group.severity);
  object["importance"] = static_cast<int>(group.importance);
  if (group.reopened > 0) object["reopened"] = group.reopened;
  object["created"] = TimeJson(group.created_at);
  object["last_turn"] = TimeJson(group.last_turn);
  object["alerts"] = ToArray(group.alerts, AlertStateJson);
  object["life"] = LifeJson(group.life);
  if (group.left_run) object["left"] = LeftRunJson(*group.left_run);
  object["runs"] = ToArray(group.runs, RunJson);
  object["open"] = ToArray(group.open_notifications, OpenNotificationJson);
  object["first_delivered"] = OptionalTimeJson(group.first_delivered_at);
  object["sequence"] = group.last_sequence;
  object["timeline"] = group.timeline_length;
  object["chunks"] = group.contents_chunks;
  if (group.episodes) object["episodes"] = EpisodesJson(*group.episodes);
  if (!group.siblings.empty()) {
    object["siblings"] = ToArray(
        group.siblings, [](paging::AlertGroupId id) { return id.value(); });
  }
  return Finish(object);
}

Result<paging::AlertGroup> DecodeGroup(paging::AlertGroupId id,
                                       std::string_view bytes) {
  return codec::Decode<paging::AlertGroup>(
      "alert group " + std::to_string(id.value()), bytes,
      [id](const codec::json::object& object) {
        return codec::ToGroup(id, object);
      });
}

}  // namespace tocsin::store
