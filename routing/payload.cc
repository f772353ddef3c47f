#include "routing/payload.h"

#include <boost/json/monotonic_resource.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <boost/system/error_code.hpp>
#include <cstddef>
#include <utility>

namespace tocsin::routing {
namespace {

namespace json = boost::json;

// Alertmanager's own bodies are 4 deep; unknown fields get room, recursion on
// hostile input does not.
constexpr std::size_t kMaxDepth = 32;
constexpr std::string_view kVersion = "4";
constexpr std::string_view kNoEnd = "0001-01-01T00:00:00Z";

std::string_view View(json::string_view text) {
  return {text.data(), text.size()};
}

Error Bad(const std::string& path, std::string_view what) {
  return {Code::kInvalid, path + ": " + std::string(what)};
}

// One JSON object and where it stands. Its readers check types; the first
// fault is kept in `status`, which all readers of a body share, and what is
// read after that is worth nothing.
class Fields {
 public:
  Fields(const json::object& object, std::string path, Status& status)
      : object_(object), path_(std::move(path)), status_(status) {}

  // Absent (also null) reads as null.
  const json::value* Find(std::string_view key) const {
    const json::value* const value =
        object_.if_contains(json::string_view(key.data(), key.size()));
    return value != nullptr && value->is_null() ? nullptr : value;
  }

  const json::value* Require(std::string_view key) const {
    const json::value* const value = Find(key);
    if (value == nullptr) Fail(key, "missing");
    return value;
  }

  std::string Text(std::string_view key, const json::value* value) const {
    if (value == nullptr) return {};
    if (!value->is_string()) {
      Fail(key, "must be a string");
      return {};
    }
    return std::string(View(value->get_string()));
  }

  LabelSet Labels(std::string_view key, const json::value* value) const {
    if (value == nullptr) return {};
    if (!value->is_object()) {
      Fail(key, "must be an object");
      return {};
    }
    std::vector<LabelSet::Label> labels;
    labels.reserve(value->get_object().size());
    for (const json::key_value_pair& pair : value->get_object()) {
      if (!pair.value().is_string()) {
        Fail(key, "all values must be strings");
        return {};
      }
      labels.emplace_back(View(pair.key()), View(pair.value().get_string()));
    }
    return LabelSet(std::move(labels));
  }

  Instant Time(std::string_view key, const json::value* value) const {
    const std::string text = Text(key, value);
    const Result<Instant> at = ParseRfc3339(value == nullptr ? kNoEnd : text);
    if (!at.ok()) {
      Fail(key, "must be an RFC 3339 time");
      return {};
    }
    return at.value();
  }

  std::int64_t Count(std::string_view key) const {
    const json::value* const value = Find(key);
    if (value == nullptr) return 0;
    if (!value->is_int64() || value->get_int64() < 0) {
      Fail(key, "must be a whole number, not negative");
      return 0;
    }
    return value->get_int64();
  }

  void Fail(std::string_view key, std::string_view what) const {
    if (!status_.ok()) return;
    std::string path = path_;
    if (!path.empty()) path += '.';
    status_ = Bad(path + std::string(key), what);
  }

 private:
  const json::object& object_;
  const std::string path_;
  Status& status_;
};

AlertStatus ReadStatus(const Fields& fields) {
  const std::string text = fields.Text("status", fields.Require("status"));
  if (text != "firing" && text != "resolved") {
    fields.Fail("status", "must be \"firing\" or \"resolved\"");
  }
  return text == "resolved" ? AlertStatus::kResolved : AlertStatus::kFiring;
}

Alert ReadAlert(const Fields& fields) {
  Alert alert;
  alert.status = ReadStatus(fields);
  alert.labels = fields.Labels("labels", fields.Require("labels"));
  alert.annotations = fields.Labels("annotations", fields.Find("annotations"));
  alert.starts_at = fields.Time("startsAt", fields.Require("startsAt"));
  alert.ends_at = fields.Time("endsAt", fields.Find("endsAt"));
  alert.generator_url =
      fields.Text("generatorURL", fields.Find("generatorURL"));
  alert.fingerprint = Fingerprint(alert.labels);
  return alert;
}

std::vector<Alert> ReadAlerts(const Fields& body, Status& status) {
  const json::value* const value = body.Require("alerts");
  if (value == nullptr) return {};
  if (!value->is_array() || value->get_array().empty()) {
    body.Fail("alerts", "must be an array of at least one alert");
    return {};
  }
  std::vector<Alert> alerts;
  alerts.reserve(value->get_array().size());
  for (const json::value& element : value->get_array()) {
    const std::string path = "alerts[" + std::to_string(alerts.size()) + "]";
    if (!element.is_object()) {
      body.Fail(path, "must be an object");
      return {};
    }
    alerts.push_back(ReadAlert(Fields(element.get_object(), path, status)));
    if (!status.ok()) return {};
  }
  return alerts;
}

Payload ReadBody(const json::object& object, Status& status) {
  const Fields body(object, "", status);
  if (body.Text("version", body.Require("version")) != kVersion) {
    body.Fail("version", "must be \"4\"");
  }
  Payload payload;
  payload.receiver = body.Text("receiver", body.Find("receiver"));
  payload.group_key = body.Text("groupKey", body.Require("groupKey"));
  payload.external_url = body.Text("externalURL", body.Find("externalURL"));
  payload.group_labels = body.Labels("groupLabels", body.Find("groupLabels"));
  payload.common_labels =
      body.Labels("commonLabels", body.Find("commonLabels"));
  payload.common_annotations =
      body.Labels("commonAnnotations", body.Find("commonAnnotations"));
  payload.truncated_alerts = body.Count("truncatedAlerts");
  payload.alerts = ReadAlerts(body, status);
  return payload;
}

}  // namespace

Result<Payload> ParsePayload(std::string_view text) {
  json::parse_options options;
  options.max_depth = kMaxDepth;
  options.allow_comments = false;
  options.allow_trailing_commas = false;
  options.allow_invalid_utf8 = false;
  boost::system::error_code error;
  json::monotonic_resource memory;  // one body is freed as a whole
  const json::value value = json::parse(
      json::string_view(text.data(), text.size()), error, &memory, options);
  if (error) return Bad("body", "not JSON: " + error.message());
  if (!value.is_object()) return Bad("body", "must be an object");
  Status status;
  Payload payload = ReadBody(value.get_object(), status);
  if (!status.ok()) return status.error();
  return payload;
}

std::string UnquoteReceiver(std::string_view quoted) {
  constexpr std::string_view kQuotable = "\\.+*?()|[]{}^$";
  std::string name;
  name.reserve(quoted.size());
  for (std::size_t i = 0; i < quoted.size(); ++i) {
    const bool escapes =
        quoted[i] == '\\' && i + 1 < quoted.size() &&
        kQuotable.find(quoted[i + 1]) != std::string_view::npos;
    if (escapes) ++i;
    name += quoted[i];
  }
  return name;
}

}  // namespace tocsin::routing
