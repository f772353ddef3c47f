#include "web/handlers/alertmanager.h"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <cstddef>
#include <iterator>
#include <utility>

#include "routing/payload.h"
#include "web/handlers/refused_webhook_json.h"
#include "web/problem.h"

namespace tocsin::web {
namespace {

namespace json = boost::json;

constexpr std::string_view kPathPattern =
    "/integrations/v1/alertmanager/<token>/";
constexpr std::string_view kHeaderPattern = "/api/v1/webhooks/alertmanager/";

// What is told of the method of a request that went astray.
constexpr std::size_t kMaxMethod = 20;

// A parsed webhook against its JSON: each short label becomes two strings of
// 32 bytes and an allocation.
constexpr std::size_t kMemoryPerByte = 3;

IntakeAccount::Alerts Count(const routing::Payload& payload) {
  const auto firing = static_cast<std::size_t>(std::count_if(
      payload.alerts.begin(), payload.alerts.end(), [](const auto& alert) {
        return alert.status == routing::AlertStatus::kFiring;
      }));
  return {.firing = firing,
          .resolved = payload.alerts.size() - firing,
          .truncated = payload.truncated_alerts};
}

// What a request says of its origin; `bytes` of a body that has not come are
// those that it announced.
WebhookOrigin OriginBy(std::string_view path, const Request& request) {
  std::size_t bytes = request.body.size();
  const std::string_view length = request.Header("Content-Length");
  if (bytes == 0) {
    std::from_chars(length.data(), length.data() + length.size(), bytes);
  }
  return {.path = std::string(path),
          .bytes = bytes,
          .sender = request.sender,
          .user_agent = std::string(request.Header("User-Agent"))};
}

// Whether a path, with slashes too many in front or without, lies where only
// webhooks are sent to.
bool IsForWebhooks(std::string_view path) {
  while (path.starts_with("//")) path.remove_prefix(1);
  return path.starts_with("/integrations/") ||
         path.starts_with("/api/v1/webhooks/");
}

bool IsWordOfPaths(std::string_view segment) {
  static constexpr std::string_view kWords[] = {
      "", "integrations", "v1", "alertmanager", "api", "webhooks"};
  return std::find(std::begin(kWords), std::end(kWords), segment) !=
         std::end(kWords);
}

struct Stray {
  std::string source{};  // whose token is in the path; "" for nobody's
  std::string path{};    // as it may be shown
};

// Of a path nothing is shown but our own words: any other segment may be a
// token, or one that was mistyped.
Stray LookAt(std::string_view path, const Credentials& credentials) {
  Stray stray;
  std::string_view before;
  while (!path.empty() && stray.path.size() < IntakeAccount::kMaxText) {
    const std::string_view segment = path.substr(0, path.find('/'));
    path.remove_prefix(segment.size());
    const auto source = credentials.Source(segment);
    if (source.ok()) stray.source = source.value();
    if (!source.ok() && IsWordOfPaths(segment)) {
      stray.path += segment;
    } else {
      const bool token = source.ok() || before == "alertmanager";
      stray.path += token ? "<token>" : "<other>";
    }
    if (path.empty()) break;
    stray.path += '/';
    path.remove_prefix(1);
    before = segment;
  }
  stray.path.resize(std::min(stray.path.size(), IntakeAccount::kMaxText));
  return stray;
}

// Counts a refusal and returns its answer: who has the answer finds it in the
// metrics.
Response Refuse(IntakeAccount& account, const std::string& source,
                std::string_view result, const Error& error,
                WebhookOrigin origin) {
  Response response = ProblemFor(error);
  account.Refused({.at = {},
                   .source = source,
                   .result = std::string(result),
                   .status = response.status,
                   .detail = error.message,
                   .origin = std::move(origin)});
  return response;
}

const char* ResultOf(Code code) {
  switch (code) {
    case Code::kInvalid:
      return "invalid";
    case Code::kUnauthenticated:
      return "unauthenticated";
    case Code::kExhausted:
      return "overload";
    default:  // what the engine says of its store
      return "unavailable";
  }
}

const char* ResultOf(const Refusal& refusal) {
  if (refusal.status == 413) return "too_large";
  if (refusal.status != 503) return "invalid";
  return refusal.reason == "draining" ? "unavailable" : "overload";
}

}  // namespace

AlertmanagerHandler::AlertmanagerHandler(engine::Inbox& inbox,
                                         metrics::Metrics& metrics,
                                         const CurrentSettings& settings)
    : inbox_(inbox),
      settings_(settings),
      account_(std::make_shared<IntakeAccount>(metrics)) {}

void AlertmanagerHandler::ByPath(const Call& call) {
  Take(settings_.Get()->credentials.Source(call.parameters.front()), call,
       kPathPattern);
}

void AlertmanagerHandler::ByHeader(const Call& call) {
  Take(settings_.Get()->credentials.SourceByHeader(
           call.request.Header("Authorization")),
       call, kHeaderPattern);
}

void AlertmanagerHandler::Take(const Result<std::string>& source,
                               const Call& call, std::string_view pattern) {
  WebhookOrigin origin = OriginBy(pattern, call.request);
  if (!source.ok()) {
    return call.reply.Send(Refuse(*account_, "", "unauthenticated",
                                  source.error(), std::move(origin)));
  }
  call.reply.Vouch();
  auto payload = routing::ParsePayload(call.request.body);
  if (!payload.ok()) {
    return call.reply.Send(Refuse(*account_, source.value(), "invalid",
                                  payload.error(), std::move(origin)));
  }
  Post(source.value(), std::move(payload).value(), call, std::move(origin));
}

void AlertmanagerHandler::Post(const std::string& source,
                               routing::Payload payload, const Call& call,
                               WebhookOrigin origin) {
  const IntakeAccount::Alerts alerts = Count(payload);
  const Reply& reply = call.reply;
  const Status posted = inbox_.Post(
      {.what = engine::WebhookPosted{source, std::move(payload)},
       .done =
           [account = account_, source, alerts, reply,
            origin](const engine::Answer& answer) {
             if (!answer.status.ok()) {
               return reply.Send(Refuse(*account, source, "unavailable",
                                        answer.status.error(), origin));
             }
             account->Accepted(source, alerts);
             reply.Send({.status = 200});
           },
       .bytes = call.request.body.size() * kMemoryPerByte});
  if (posted.ok()) return;
  reply.Send(Refuse(*account_, source, ResultOf(posted.error().code),
                    posted.error(), std::move(origin)));
}

std::optional<WebhookOrigin> AlertmanagerHandler::OriginOf(
    const Request& head) const {
  for (const std::string_view pattern : {kPathPattern, kHeaderPattern}) {
    if (MatchPath(pattern, head.path)) return OriginBy(pattern, head);
  }
  return std::nullopt;
}

// Requires a path of this door.
Result<std::string> AlertmanagerHandler::SourceOf(const Request& head) const {
  const auto settings = settings_.Get();
  const auto by_path = MatchPath(kPathPattern, head.path);
  return by_path ? settings->credentials.Source(by_path->front())
                 : settings->credentials.SourceByHeader(
                       head.Header("Authorization"));
}

Admission AlertmanagerHandler::Admit(const Request& head) {
  auto origin = OriginOf(head);
  if (head.method != "POST" || !origin) return {};
  const auto source = SourceOf(head);
  if (!source.ok()) {
    return {Refuse(*account_, "", "unauthenticated", source.error(),
                   std::move(*origin))};
  }
  const Status room = inbox_.TakesWebhooks();
  if (room.ok()) return {.known = true};
  return {Refuse(*account_, source.value(), ResultOf(room.error().code),
                 room.error(), std::move(*origin))};
}

void AlertmanagerHandler::Refused(const Request& head, const Refusal& refusal) {
  auto origin = OriginOf(head);
  if (head.method != "POST" || !origin) return;
  const auto source = SourceOf(head);
  account_->Refused({.at = {},
                     .source = source.ok() ? source.value() : "",
                     .result = ResultOf(refusal),
                     .status = refusal.status,
                     .detail = std::string(refusal.detail),
                     .origin = std::move(*origin)});
}

void AlertmanagerHandler::Astray(const Request& head) {
  if (!IsForWebhooks(head.path)) return;
  const bool path_exists = OriginOf(head).has_value();
  if (path_exists && head.method == "POST") return;
  const auto settings = settings_.Get();
  Stray stray = LookAt(head.path, settings->credentials);
  if (stray.source.empty()) {
    const auto source =
        settings->credentials.SourceByHeader(head.Header("Authorization"));
    if (source.ok()) stray.source = source.value();
  }
  const std::string method = head.method.substr(0, kMaxMethod);
  account_->Refused(
      {.at = {},
       .source = std::move(stray.source),
       .result = "wrong_path",
       .status = path_exists ? 405 : 404,
       .detail = path_exists
                     ? method + " where only POST is taken; redirects make GETs"
                     : method + " to a path that is none; POST webhooks to " +
                           std::string(kPathPattern),
       .origin = OriginBy(stray.path, head)});
}

Response AlertmanagerHandler::Refusals(const Call& /*call*/) const {
  return {.body = json::serialize(ToJson(account_->refusals()))};
}

}  // namespace tocsin::web
