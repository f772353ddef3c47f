#include "web/handlers/alert_group_json.h"

#include <algorithm>
#include <boost/json/array.hpp>
#include <string>
#include <variant>

#include "base/time.h"
#include "routing/labels.h"

namespace tocsin::web {
namespace {

namespace json = boost::json;

json::string Text(std::string_view text) {
  return json::string(text.data(), text.size());
}

json::string Time(Instant at) { return Text(FormatRfc3339(at)); }

json::value TextOrNull(std::string_view text) {
  if (text.empty()) return nullptr;
  return Text(text);
}

std::string IdText(paging::AlertGroupId id) {
  return std::to_string(id.value());
}

json::object Labels(const routing::LabelSet& labels) {
  json::object out;
  for (const auto& [name, value] : labels.labels()) {
    out[json::string_view(name.data(), name.size())] = Text(value);
  }
  return out;
}

const char* StatusName(routing::AlertStatus status) {
  return status == routing::AlertStatus::kFiring ? "firing" : "resolved";
}

json::object AlertJson(const routing::Alert& alert) {
  json::object out;
  out["fingerprint"] = Text(routing::FingerprintText(alert.fingerprint));
  out["status"] = StatusName(alert.status);
  out["labels"] = Labels(alert.labels);
  out["annotations"] = Labels(alert.annotations);
  out["startsAt"] = Time(alert.starts_at);
  out["endsAt"] = Time(alert.ends_at);
  out["generatorURL"] = Text(alert.generator_url);
  return out;
}

// The contents of an alert as last told, under the status it has now.
json::object AlertNow(routing::Alert alert, const paging::AlertGroup& group) {
  const auto state = std::find_if(
      group.alerts.begin(), group.alerts.end(), [&](const auto& known) {
        return known.fingerprint == alert.fingerprint;
      });
  if (state != group.alerts.end()) alert.status = state->status;
  return AlertJson(alert);
}

json::value LastAlert(const engine::GroupView& view) {
  const auto last = std::max_element(
      view.alerts.begin(), view.alerts.end(),
      [](const auto& a, const auto& b) { return a.starts_at < b.starts_at; });
  if (last == view.alerts.end()) return nullptr;
  json::object out;
  out["id"] = Text(routing::FingerprintText(last->fingerprint));
  out["alert_group_id"] = Text(IdText(view.group.id));
  out["created_at"] = Time(last->starts_at);
  out["payload"] = AlertNow(*last, view.group);
  return out;
}

json::object Permalinks(paging::AlertGroupId id,
                        std::string_view external_url) {
  json::object out;
  out["slack"] = nullptr;
  out["slack_app"] = nullptr;
  out["telegram"] = nullptr;
  out["web"] =
      Text(std::string(external_url) + "/#/alert-groups/" + IdText(id));
  return out;
}

void AddLife(const paging::Life& life, json::object& out) {
  out["state"] = paging::LifeName(life);
  const auto* resolved = std::get_if<paging::Resolved>(&life);
  const auto* acknowledged = std::get_if<paging::Acknowledged>(&life);
  out["resolved_at"] = resolved ? json::value(Time(resolved->at)) : nullptr;
  out["resolved_by"] = resolved ? TextOrNull(resolved->by) : nullptr;
  out["acknowledged_at"] =
      acknowledged ? json::value(Time(acknowledged->at)) : nullptr;
  out["acknowledged_by"] =
      acknowledged ? TextOrNull(acknowledged->by) : nullptr;
  const auto* firing = std::get_if<paging::Firing>(&life);
  if (firing != nullptr && firing->unattended_since) {
    out["unattended_since"] = Time(*firing->unattended_since);
  }
  const auto* silenced = std::get_if<paging::Silenced>(&life);
  out["silenced_at"] = silenced ? json::value(Time(silenced->at)) : nullptr;
  if (silenced != nullptr) {
    out["silenced_by"] = Text(silenced->by);
    out["silenced_until"] =
        silenced->until ? json::value(Time(*silenced->until)) : nullptr;
  }
  if (const auto* held = std::get_if<paging::Held>(&life)) {
    out["held_since"] = Time(held->since);
    out["held_because"] = Text(held->because);
    out["looked_at_again_at"] = Time(held->look_again);
  }
}

}  // namespace

json::object ToJson(const paging::AlertGroup& group,
                    std::string_view external_url) {
  json::object out;
  out["id"] = Text(IdText(group.id));
  out["integration_id"] = Text(group.identity.source);
  out["team_id"] = TextOrNull(group.identity.team);
  out["route_id"] = Text(group.route_name);
  out["alerts_count"] = group.alerts.size();
  out["created_at"] = Time(group.created_at);
  AddLife(group.life, out);
  out["labels"] = json::array();
  out["title"] = Text(group.title);
  out["permalinks"] = Permalinks(group.id, external_url);
  out["last_alert"] = nullptr;
  out["team"] = Text(group.identity.team);
  out["source"] = Text(group.identity.source);
  out["receiver"] = Text(group.identity.receiver);
  out["severity"] = Text(group.severity);
  out["importance"] = paging::ImportanceName(group.importance);
  out["summary"] = Text(group.summary);
  out["alerts_firing"] = paging::FiringAlerts(group);
  out["unattended"] = paging::IsUnattended(group);
  json::array siblings;
  for (const paging::AlertGroupId id : group.siblings) {
    siblings.push_back(Text(IdText(id)));
  }
  out["siblings"] = std::move(siblings);
  return out;
}

json::object ToJson(const engine::GroupView& view,
                    std::string_view external_url) {
  json::object out = ToJson(view.group, external_url);
  out["last_alert"] = LastAlert(view);
  json::array alerts;
  for (const routing::Alert& alert : view.alerts) {
    alerts.push_back(AlertNow(alert, view.group));
  }
  out["alerts"] = std::move(alerts);
  return out;
}

json::object ToJson(const paging::TimelineEntry& entry) {
  json::object out;
  out["at"] = Time(entry.at);
  out["kind"] = paging::TimelineKindName(entry.kind);
  out["actor"] = TextOrNull(entry.actor);
  out["text"] = Text(entry.text);
  return out;
}

}  // namespace tocsin::web
