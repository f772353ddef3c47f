#include "web/handlers/daemon_state.h"

#include <utility>

namespace tocsin::web {
namespace {

constexpr const char* kPlainText = "text/plain; charset=utf-8";
constexpr const char* kExposition = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace

void Healthy(const Call& call) {
  call.reply.Send({.body = "OK", .content_type = kPlainText});
}

Response Ready(const Readiness& readiness) {
  const bool ready = readiness.faults.empty();
  std::string body = ready ? "OK" : "";
  if (ready && !readiness.notes.empty()) body += "\n";
  for (const std::string& fault : readiness.faults) body += fault + "\n";
  for (const std::string& note : readiness.notes) body += note + "\n";
  return {.status = ready ? 200 : 503,
          .body = std::move(body),
          .content_type = kPlainText};
}

void AskToReload(const Reload& reload, const Call& call) {
  reload([reply = call.reply](const Result<std::string>& done) {
    if (done.ok()) {
      return reply.Send({.body = done.value(), .content_type = kPlainText});
    }
    const bool busy = done.error().code == Code::kExhausted;
    reply.Send(
        {.status = busy ? 503 : 500,
         .body = "failed to reload config: " + done.error().message + "\n",
         .content_type = kPlainText});
  });
}

Response ShowMetrics(const metrics::Metrics& metrics) {
  return {.body = metrics.Serialize(), .content_type = kExposition};
}

}  // namespace tocsin::web
