#include "web/handlers/daemon_state.h"

namespace tocsin::web {
namespace {

constexpr const char* kPlainText = "text/plain; charset=utf-8";
constexpr const char* kExposition = "text/plain; version=0.0.4; charset=utf-8";

}  // namespace

void Healthy(const Call& call) {
  call.reply.Send({.body = "OK", .content_type = kPlainText});
}

void Ready(const std::function<Status()>& ready, const Call& call) {
  const Status status = ready();
  if (status.ok()) {
    return call.reply.Send({.body = "OK", .content_type = kPlainText});
  }
  call.reply.Send({.status = 503,
                   .body = status.error().message + "\n",
                   .content_type = kPlainText});
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

void ShowMetrics(const metrics::Metrics& metrics, const Call& call) {
  call.reply.Send({.body = metrics.Serialize(), .content_type = kExposition});
}

}  // namespace tocsin::web
