#include <unordered_map>

#include "store/codec.h"
#include "store/codec_json.h"

namespace tocsin::store {
namespace codec {
namespace {

json::object LabelsJson(const routing::LabelSet& labels) {
  json::object out;
  out.reserve(labels.labels().size());
  for (const auto& [name, value] : labels.labels()) {
    out[json::string_view(name.data(), name.size())] = codec::TextJson(value);
  }
  return out;
}

routing::LabelSet ToLabels(const json::value& value) {
  std::vector<routing::LabelSet::Label> labels;
  for (const auto& pair : value.as_object()) {
    labels.emplace_back(std::string(pair.key().data(), pair.key().size()),
                        ToText(pair.value()));
  }
  return routing::LabelSet(std::move(labels));
}

json::object AlertJson(const routing::Alert& alert) {
  return {{"status", static_cast<int>(alert.status)},
          {"labels", LabelsJson(alert.labels)},
          {"annotations", LabelsJson(alert.annotations)},
          {"starts", codec::TimeJson(alert.starts_at)},
          {"ends", codec::TimeJson(alert.ends_at)},
          {"url", codec::TextJson(alert.generator_url)},
          {"fingerprint", HashJson(alert.fingerprint)}};
}

routing::Alert ToAlert(const json::value& value) {
  const json::object& object = value.as_object();
  return {
      .status = ToEnum(object.at("status"), routing::AlertStatus::kResolved),
      .labels = ToLabels(object.at("labels")),
      .annotations = ToLabels(object.at("annotations")),
      .starts_at = ToInstant(object.at("starts")),
      .ends_at = ToInstant(object.at("ends")),
      .generator_url = ToText(object.at("url")),
      .fingerprint = ToHash(object.at("fingerprint"))};
}

engine::Message ToMessage(const json::object& object) {
  engine::Message message;
  message.user = ToText(object.at("user"));
  message.method = ToText(object.at("method"));
  message.importance =
      ToEnum(object.at("importance"), paging::Importance::kImportant);
  message.team = ToText(object.at("team"));
  message.title = ToText(object.at("title"));
  message.summary = ToText(object.at("summary"));
  message.severity = ToText(object.at("severity"));
  message.why = ToText(object.at("why"));
  message.alerts_firing = ToNumber<std::int64_t>(object.at("firing"));
  message.issued_at = ToInstant(object.at("issued"));
  message.folded = object.contains("folded");
  return message;
}

}  // namespace
}  // namespace codec

std::string EncodeMessage(const engine::Message& message) {
  codec::json::object object = codec::LeveledObject();
  object["user"] = codec::TextJson(message.user);
  object["method"] = codec::TextJson(message.method);
  object["importance"] = static_cast<int>(message.importance);
  object["team"] = codec::TextJson(message.team);
  object["title"] = codec::TextJson(message.title);
  object["summary"] = codec::TextJson(message.summary);
  object["severity"] = codec::TextJson(message.severity);
  object["why"] = codec::TextJson(message.why);
  object["firing"] = message.alerts_firing;
  object["issued"] = codec::TimeJson(message.issued_at);
  if (message.folded) object["folded"] = true;
  return codec::Finish(object);
}

Result<engine::Message> DecodeMessage(paging::NotificationId id,
                                      paging::Priority priority,
                                      std::uint32_t attempts,
                                      std::string_view bytes) {
  auto message = codec::Decode<engine::Message>(
      "message " + paging::NotificationIdText(id), bytes, codec::ToMessage);
  if (!message.ok()) return message;
  message.value().id = id;
  message.value().priority = priority;
  message.value().attempts = attempts;
  return message;
}

std::string EncodeContents(const std::vector<routing::Alert>& alerts) {
  codec::json::object object = codec::LeveledObject();
  codec::json::array& list = object["alerts"].emplace_array();
  for (const routing::Alert& alert : alerts) {
    list.emplace_back(codec::AlertJson(alert));
  }
  return codec::Finish(object);
}

Result<std::vector<routing::Alert>> DecodeContents(std::string_view bytes) {
  return codec::Decode<std::vector<routing::Alert>>(
      "chunk of alert contents", bytes, [](const codec::json::object& object) {
        std::vector<routing::Alert> alerts;
        for (const codec::json::value& alert : object.at("alerts").as_array()) {
          alerts.push_back(codec::ToAlert(alert));
        }
        return alerts;
      });
}

void MergeContents(std::vector<routing::Alert> later,
                   std::vector<routing::Alert>& alerts) {
  std::unordered_map<std::uint64_t, std::size_t> places;
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    places.emplace(alerts[i].fingerprint, i);
  }
  for (routing::Alert& alert : later) {
    const auto [place, added] =
        places.emplace(alert.fingerprint, alerts.size());
    if (added) {
      alerts.push_back(std::move(alert));
    } else {
      alerts[place->second] = std::move(alert);
    }
  }
}

Result<paging::TimelineKind> DecodeTimelineKind(std::string_view word) {
  constexpr int kLast = static_cast<int>(paging::TimelineKind::kIgnored);
  for (int number = 0; number <= kLast; ++number) {
    const auto kind = static_cast<paging::TimelineKind>(number);
    if (word == paging::TimelineKindName(kind)) return kind;
  }
  return codec::Damaged("timeline entry",
                        "its kind is \"" + std::string(word) + "\"");
}

}  // namespace tocsin::store
