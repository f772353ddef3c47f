#include "metrics/metrics.h"

#include <prometheus/text_serializer.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "metrics/buckets.h"
#include "metrics/family.h"
#include "metrics/process.h"

namespace tocsin::metrics {
namespace {

// What is counted of the steps of chains: all kinds but the wait.
const std::vector<std::string> kSteps = {"notify_users",
                                         "notify_schedule",
                                         "notify_next_on_call",
                                         "notify_team",
                                         "notify_round_robin",
                                         "notify_chat",
                                         "notify_slack_user_group",
                                         "if_time_between",
                                         "if_alert_count",
                                         "webhook",
                                         "escalate_to_team",
                                         "repeat",
                                         "resolve"};

}  // namespace

struct Metrics::Families {
  explicit Families(const Names& names)
      : source("source", names.sources),
        team("team", names.teams),
        provider("provider", names.providers) {}

  // Every family with an axis that the configuration fills.
  void Know(const Axis& more) {
    webhooks.Know(more);
    alerts_received.Know(more);
    alerts_truncated.Know(more);
    groups_created.Know(more);
    groups.Know(more);
    unattended.Know(more);
    attempts.Know(more);
    attempt_seconds.Know(more);
    notifications.Know(more);
  }

  Registry registry;
  const Axis source;
  const Axis team;
  const Axis provider;

  // Intake.
  Bounded<Counter> webhooks =
      Counters(registry, "tocsin_webhooks_total",
               "Webhooks answered, by source and by what became of them.",
               {source,
                {"result",
                 {"accepted", "invalid", "unauthenticated", "too_large",
                  "overload", "unavailable", "wrong_path"}}});
  Bounded<Counter> alerts_received =
      Counters(registry, "tocsin_alerts_received_total",
               "Alerts in accepted webhooks, re-sends included.",
               {source, {"status", {"firing", "resolved"}}});
  Bounded<Counter> alerts_truncated =
      Counters(registry, "tocsin_alerts_truncated_total",
               "Alerts that the source left out of its webhooks (max_alerts).",
               {source});
  const Bounded<Counter> clients_left =
      Counters(registry, "tocsin_clients_left_total",
               "Clients that closed the connection before their answer.", {});

  // Connections.
  const Bounded<Counter> http_refused = Counters(
      registry, "tocsin_http_refused_total",
      "Connections and requests that a limit of the HTTP side ended.",
      {{"reason",
        {"body_bytes",   "body_time",      "answer_time",     "buffered_bytes",
         "connections",  "descriptors",    "discarded_bytes", "displaced",
         "draining",     "handshake_time", "header_bytes",    "header_time",
         "idle_time",    "malformed",      "memory",          "pipelined_bytes",
         "sending_time", "stream_bytes",   "target_bytes",    "tls",
         "unsupported",  "waiting_reads"}}});
  const Bounded<Counter> http_requests =
      Counters(registry, "tocsin_http_requests_total",
               "Requests answered, by the class of the answer.",
               {{"code", {"2xx", "3xx", "4xx", "5xx"}}});
  const Bounded<Counter> http_answered_late =
      Counters(registry, "tocsin_http_answers_dropped_total",
               "Answers that came when their request had been given up.", {});
  const Bounded<Gauge> http_connections =
      Gauges(registry, "tocsin_http_connections", "Open connections.", {});
  const Bounded<Gauge> http_buffered =
      Gauges(registry, "tocsin_http_buffered_bytes",
             "Bytes of requests not yet handed on, as of the last second.", {});

  // Streams of events.
  const Bounded<Counter> event_streams = Counters(
      registry, "tocsin_event_streams_total",
      "Streams of events, by what became of them; refused: too many, slow: "
      "the reader did not keep up, forbidden: its token is gone.",
      {{"result", {"opened", "refused", "left", "slow", "forbidden"}}});
  const Bounded<Gauge> open_event_streams = Gauges(
      registry, "tocsin_event_streams", "Streams of events that are open.", {});

  // Engine.
  const Bounded<Counter> turns =
      Counters(registry, "tocsin_turns_total",
               "Turns of the engine, by what became of their commit.",
               {{"result", {"committed", "failed", "conflict"}}});
  const Bounded<Histogram> commit_seconds =
      Histograms(registry, "tocsin_turn_duration_seconds",
                 "Time of a turn from its first read to its commit on disk.",
                 {}, kCommitSeconds);
  const Bounded<Histogram> turn_posts =
      Histograms(registry, "tocsin_turn_posts",
                 "Posts from the inbox that one turn handled.", {}, kTurnPosts);
  const Bounded<Gauge> inbox_posts =
      Gauges(registry, "tocsin_inbox_posts",
             "Posts that wait in the inbox for the engine.", {});
  const Bounded<Histogram> timer_lateness =
      Histograms(registry, "tocsin_timer_lateness_seconds",
                 "How long after its due time a timer of a group ran.", {},
                 kLatenessSeconds);

  // Paging.
  Bounded<Counter> groups_created =
      Counters(registry, "tocsin_alert_groups_created_total",
               "Alert groups born, by team and importance at birth.",
               {team, {"importance", {"default", "important"}}});
  Bounded<Gauge> groups = Gauges(
      registry, "tocsin_alert_groups", "Open alert groups, by team and state.",
      {team, {"state", {"firing", "acknowledged", "held", "silenced"}}});
  Bounded<Gauge> unattended =
      Gauges(registry, "tocsin_groups_unattended",
             "Firing alert groups that nobody could be told of, or that nobody "
             "acknowledged before their chain ended, by team.",
             {team});
  const Bounded<Counter> escalation_steps = Counters(
      registry, "tocsin_escalation_steps_total",
      "Steps of escalation chains run, by kind; wait_cut is a wait "
      "that ended early because nobody could be reached, last_resort "
      "that it was paged.",
      {{"kind", With(kSteps, {"last_resort", "restart", "wait_cut"})}});
  const Bounded<Counter> step_failures = Counters(
      registry, "tocsin_escalation_step_failures_total",
      "Steps of escalation chains that failed, or found nobody to notify, by "
      "kind; the chain went on.",
      {{"kind", kSteps}});
  const Bounded<Counter> suppressed = Counters(
      registry, "tocsin_notifications_suppressed_total",
      "Decisions not to notify somebody, by reason.",
      {{"reason",
        {"acknowledged", "chat_only", "contact_method_missing", "discarded",
         "folded", "heartbeat", "held", "last_resort_unreachable",
         "no_escalation_chain", "no_last_resort", "outside_hours", "resolved",
         "run_under_way", "too_few_alerts", "silenced", "user_removed",
         "user_without_policy"}}});

  // Delivery.
  Bounded<Counter> attempts = Counters(
      registry, "tocsin_notification_attempts_total",
      "Attempts to send a notification, by provider and by how they ended; "
      "withdrawn ones were stopped before their first byte.",
      {provider,
       {"result", {"delivered", "temporary", "permanent", "withdrawn"}}});
  Bounded<Histogram> attempt_seconds = Histograms(
      registry, "tocsin_notification_attempt_duration_seconds",
      "Time one attempt took, by provider.", {provider}, kAttemptSeconds);
  Bounded<Counter> notifications =
      Counters(registry, "tocsin_notifications_total",
               "Notifications that are over, by team and outcome.",
               {team, {"result", {"delivered", "failed", "withdrawn"}}});
  const Bounded<Histogram> first_notification =
      Histograms(registry, "tocsin_first_notification_seconds",
                 "Time from the acceptance of a webhook to the first "
                 "notification of its new group delivered.",
                 {}, kFirstNotificationSeconds);
  const Bounded<Counter> overtaken =
      Counters(registry, "tocsin_notifications_overtaken_total",
               "Notifications whose sending had begun when their group was "
               "acknowledged or resolved.",
               {});
  const Bounded<Gauge> outbox_in_flight =
      Gauges(registry, "tocsin_outbox_in_flight",
             "Messages handed to delivery and without an outcome yet.", {});

  // Process.
  Info build_info{registry, "tocsin_build_info",
                  "Always 1; the label tells the running version.", "version"};
  Info config_info{
      registry, "tocsin_config_info",
      "Always 1; the label tells the hash of the running configuration files.",
      "hash"};
  const Bounded<Gauge> config_successful =
      Gauges(registry, "tocsin_config_last_reload_successful",
             "1 if the last load of the configuration succeeded, else 0.", {});
  const Bounded<Gauge> config_loaded_at =
      Gauges(registry, "tocsin_config_last_reload_success_timestamp_seconds",
             "Unix time of the last successful load of the configuration.", {});
  // Front door.
  const Bounded<Counter> logins =
      Counters(registry, "tocsin_web_logins_total",
               "Requests at paths that users guard, by what became of them at "
               "the door.",
               {{"result", {"allowed", "denied", "too_often", "busy"}}});
  const Bounded<Gauge> web_config_successful =
      Gauges(registry, "tocsin_web_config_last_reload_successful",
             "1 if the last load of --web.config.file succeeded, else 0.", {});
  const Bounded<Gauge> web_config_loaded_at = Gauges(
      registry, "tocsin_web_config_last_reload_success_timestamp_seconds",
      "Unix time of the last successful load of --web.config.file.", {});
  const Bounded<Gauge> certificate_expires =
      Gauges(registry, "tocsin_web_certificate_not_after_timestamp_seconds",
             "Unix time at which our certificate expires; 0 without TLS.", {});

  const Bounded<Gauge> start_time =
      Gauges(registry, "process_start_time_seconds",
             "Unix time at which the process started.", {});
  const Bounded<Gauge> resident_bytes =
      Gauges(registry, "process_resident_memory_bytes",
             "Memory of the process that is in RAM.", {});
  const Bounded<Gauge> open_fds =
      Gauges(registry, "process_open_fds",
             "Open file descriptors of the process.", {});
};

Metrics::Metrics(const Names& names)
    : families_(std::make_unique<Families>(names)) {}
Metrics::~Metrics() = default;

void Metrics::WebhookAnswered(std::string_view source,
                              std::string_view result) {
  families_->webhooks.At({source, result}).Increment();
}

void Metrics::AlertsReceived(std::string_view source, std::string_view status,
                             std::size_t count) {
  families_->alerts_received.At({source, status})
      .Increment(static_cast<double>(count));
}

void Metrics::AlertsTruncated(std::string_view source, std::int64_t count) {
  families_->alerts_truncated.At({source}).Increment(
      static_cast<double>(count));
}

void Metrics::ClientLeft() { families_->clients_left.At({}).Increment(); }

void Metrics::HttpRefused(std::string_view reason) {
  families_->http_refused.At({reason}).Increment();
}

void Metrics::HttpAnswered(int status) {
  static constexpr std::array<std::string_view, 4> kClasses = {"2xx", "3xx",
                                                               "4xx", "5xx"};
  const int index = std::clamp(status / 100 - 2, 0, 3);
  families_->http_requests.At({kClasses.at(static_cast<std::size_t>(index))})
      .Increment();
}

void Metrics::HttpAnsweredLate() {
  families_->http_answered_late.At({}).Increment();
}

void Metrics::HttpConnections(int delta) {
  families_->http_connections.At({}).Increment(delta);
}

void Metrics::HttpBuffered(std::size_t bytes) {
  families_->http_buffered.At({}).Set(static_cast<double>(bytes));
}

void Metrics::EventStream(std::string_view result) {
  families_->event_streams.At({result}).Increment();
}

void Metrics::EventStreams(int delta) {
  families_->open_event_streams.At({}).Increment(delta);
}

void Metrics::TurnEnded(std::string_view result, double seconds,
                        std::size_t posts) {
  families_->turns.At({result}).Increment();
  families_->commit_seconds.At({}).Observe(seconds);
  families_->turn_posts.At({}).Observe(static_cast<double>(posts));
}

void Metrics::InboxDepth(std::size_t posts) {
  families_->inbox_posts.At({}).Set(static_cast<double>(posts));
}

void Metrics::TimerLate(double seconds) {
  families_->timer_lateness.At({}).Observe(seconds);
}

void Metrics::GroupBorn(std::string_view team, std::string_view importance) {
  families_->groups_created.At({team, importance}).Increment();
}

void Metrics::OpenGroups(std::string_view team, std::string_view state,
                         int delta) {
  families_->groups.At({team, state}).Increment(delta);
}

void Metrics::Unattended(std::string_view team, int delta) {
  families_->unattended.At({team}).Increment(delta);
}

void Metrics::StepRun(std::string_view kind) {
  families_->escalation_steps.At({kind}).Increment();
}

void Metrics::StepFailed(std::string_view kind) {
  families_->step_failures.At({kind}).Increment();
}

void Metrics::Suppressed(std::string_view reason) {
  families_->suppressed.At({reason}).Increment();
}

void Metrics::AttemptEnded(std::string_view provider, std::string_view result,
                           double seconds) {
  families_->attempts.At({provider, result}).Increment();
  families_->attempt_seconds.At({provider}).Observe(seconds);
}

void Metrics::NotificationEnded(std::string_view team,
                                std::string_view result) {
  families_->notifications.At({team, result}).Increment();
}

void Metrics::FirstNotification(double seconds_since_acceptance) {
  families_->first_notification.At({}).Observe(seconds_since_acceptance);
}

void Metrics::NotificationOvertaken() {
  families_->overtaken.At({}).Increment();
}

void Metrics::OutboxInFlight(int delta) {
  families_->outbox_in_flight.At({}).Increment(delta);
}

void Metrics::BuildInfo(std::string_view version) {
  families_->build_info.Set(version);
}

void Metrics::ConfigLoaded(std::string_view hash, double unix_seconds) {
  families_->config_info.Set(hash);
  families_->config_successful.At({}).Set(1);
  families_->config_loaded_at.At({}).Set(unix_seconds);
}

void Metrics::ConfigRefused() { families_->config_successful.At({}).Set(0); }

void Metrics::UserCame(std::string_view result) {
  families_->logins.At({result}).Increment();
}

void Metrics::WebConfigLoaded(double unix_seconds) {
  families_->web_config_successful.At({}).Set(1);
  families_->web_config_loaded_at.At({}).Set(unix_seconds);
}

void Metrics::WebConfigRefused() {
  families_->web_config_successful.At({}).Set(0);
}

void Metrics::CertificateExpires(double unix_seconds) {
  families_->certificate_expires.At({}).Set(unix_seconds);
}

void Metrics::Know(const Names& names) {
  families_->Know({"source", names.sources});
  families_->Know({"team", names.teams});
  families_->Know({"provider", names.providers});
}

std::string Metrics::Serialize() const {
  const Families& all = *families_;
  if (const auto start = ProcessStartSeconds()) {
    all.start_time.At({}).Set(*start);
  }
  if (const auto bytes = ResidentBytes()) all.resident_bytes.At({}).Set(*bytes);
  if (const auto open = OpenFileDescriptors()) {
    all.open_fds.At({}).Set(static_cast<double>(*open));
  }
  return prometheus::TextSerializer().Serialize(all.registry.Collect());
}

}  // namespace tocsin::metrics
