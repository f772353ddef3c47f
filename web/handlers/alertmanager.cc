#include "web/handlers/alertmanager.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "routing/payload.h"
#include "web/problem.h"

namespace tocsin::web {
namespace {

constexpr std::string_view kPathPattern =
    "/integrations/v1/alertmanager/<token>/";
constexpr std::string_view kHeaderPattern = "/api/v1/webhooks/alertmanager/";

// The source of what no token of ours vouches for, in logs and metrics.
constexpr const char* kUnknownSource = "other";

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

void Refuse(IntakeAccount& account, const std::string& source,
            std::string_view result, const Error& error, const Reply& reply) {
  // Counted first: who has the answer finds it in the metrics.
  account.Refused(source, result, error.message);
  reply.Send(ProblemFor(error));
}

}  // namespace

AlertmanagerHandler::AlertmanagerHandler(engine::Inbox& inbox,
                                         metrics::Metrics& metrics,
                                         const CurrentSettings& settings)
    : inbox_(inbox),
      settings_(settings),
      account_(std::make_shared<IntakeAccount>(metrics)) {}

void AlertmanagerHandler::ByPath(const Call& call) {
  Take(settings_.Get()->credentials.Source(call.parameters.front()), call);
}

void AlertmanagerHandler::ByHeader(const Call& call) {
  Take(settings_.Get()->credentials.SourceByHeader(
           call.request.Header("Authorization")),
       call);
}

void AlertmanagerHandler::Take(const Result<std::string>& source,
                               const Call& call) {
  if (!source.ok()) {
    return Refuse(*account_, kUnknownSource, "unauthenticated", source.error(),
                  call.reply);
  }
  auto payload = routing::ParsePayload(call.request.body);
  if (!payload.ok()) {
    return Refuse(*account_, source.value(), "invalid", payload.error(),
                  call.reply);
  }
  Post(source.value(), std::move(payload).value(), call);
}

void AlertmanagerHandler::Post(const std::string& source,
                               routing::Payload payload, const Call& call) {
  const IntakeAccount::Alerts alerts = Count(payload);
  const Reply& reply = call.reply;
  const Status posted =
      inbox_.Post({.what = engine::WebhookPosted{source, std::move(payload)},
                   .done =
                       [account = account_, source, alerts,
                        reply](const engine::Answer& answer) {
                         if (!answer.status.ok()) {
                           return Refuse(*account, source, "unavailable",
                                         answer.status.error(), reply);
                         }
                         account->Accepted(source, alerts);
                         reply.Send({.status = 200});
                       },
                   .bytes = call.request.body.size() * kMemoryPerByte});
  if (posted.ok()) return;
  const bool full = posted.error().code == Code::kExhausted;
  Refuse(*account_, source, full ? "overload" : "unavailable", posted.error(),
         reply);
}

void AlertmanagerHandler::Refused(const Request& head, int status) {
  const auto by_path = MatchPath(kPathPattern, head.path);
  if (!by_path && !MatchPath(kHeaderPattern, head.path)) return;
  const auto settings = settings_.Get();
  const Credentials& credentials = settings->credentials;
  const auto source =
      by_path ? credentials.Source(by_path->front())
              : credentials.SourceByHeader(head.Header("Authorization"));
  const std::string name = source.ok() ? source.value() : kUnknownSource;
  const char* result = status == 413 ? "too_large" : "invalid";
  account_->Refused(name, result, ReasonPhrase(status));
}

}  // namespace tocsin::web
