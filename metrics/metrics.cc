#include "metrics/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <optional>
#include <utility>

#include "base/mutex.h"
#include "metrics/bounded.h"
#include "metrics/process.h"

namespace tocsin::metrics {
namespace {

using prometheus::Counter;
using prometheus::Gauge;
using prometheus::Histogram;
using prometheus::Registry;
using Buckets = prometheus::Histogram::BucketBoundaries;

// An fsync on a good disk takes 0.2 ms, on a bad day seconds.
const Buckets kCommitSeconds = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05,
                                0.1,    0.25,  0.5,    1,     2.5,  5};
const Buckets kTurnPosts = {0, 1, 2, 4, 8, 16, 32, 64, 128, 256};
// From one turn's length to an outage of the daemon.
const Buckets kLatenessSeconds = {0.001, 0.005, 0.01, 0.05, 0.1, 0.5,
                                  1,     5,     15,   60,   300, 3600};
// Up to a little more than the time-out of one request, 10 s.
const Buckets kAttemptSeconds = {0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                 0.5,   1,    2.5,   5,    10,  15};
const Buckets kFirstNotificationSeconds = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
                                           1,    2.5,   5,    15,  60,   300};

Bounded<Counter> Counters(Registry& registry, const std::string& name,
                          const std::string& help, std::vector<Axis> axes) {
  auto& family =
      prometheus::BuildCounter().Name(name).Help(help).Register(registry);
  return {std::move(axes),
          [&family](const prometheus::Labels& labels) -> Counter& {
            return family.Add(labels);
          }};
}

Bounded<Gauge> Gauges(Registry& registry, const std::string& name,
                      const std::string& help, std::vector<Axis> axes) {
  auto& family =
      prometheus::BuildGauge().Name(name).Help(help).Register(registry);
  return {std::move(axes),
          [&family](const prometheus::Labels& labels) -> Gauge& {
            return family.Add(labels);
          }};
}

Bounded<Histogram> Histograms(Registry& registry, const std::string& name,
                              const std::string& help, std::vector<Axis> axes,
                              const Buckets& buckets) {
  auto& family =
      prometheus::BuildHistogram().Name(name).Help(help).Register(registry);
  return {std::move(axes),
          [&family, &buckets](const prometheus::Labels& labels) -> Histogram& {
            return family.Add(labels, buckets);
          }};
}

// A family with one series at a time, whose only label tells what is running.
class Info {
 public:
  Info(Registry& registry, const std::string& name, const std::string& help,
       std::string label)
      : family_(
            prometheus::BuildGauge().Name(name).Help(help).Register(registry)),
        label_(std::move(label)) {}

  void Set(std::string_view value) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    if (current_ != nullptr) family_.Remove(current_);
    current_ = &family_.Add({{label_, std::string(value)}});
    current_->Set(1);
  }

 private:
  prometheus::Family<Gauge>& family_;
  const std::string label_;
  Mutex mutex_;
  Gauge* current_ GUARDED_BY(mutex_) = nullptr;
};

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
                  "overload", "unavailable"}}});
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
  const Bounded<Counter> escalation_steps =
      Counters(registry, "tocsin_escalation_steps_total",
               "Steps of escalation chains run, by kind; wait_cut is a wait "
               "that ended early because nobody could be reached.",
               {{"kind",
                 {"notify_users", "notify_team", "repeat", "resolve", "restart",
                  "wait_cut"}}});
  const Bounded<Counter> suppressed = Counters(
      registry, "tocsin_notifications_suppressed_total",
      "Decisions not to notify somebody, by reason.",
      {{"reason",
        {"acknowledged", "chat_only", "contact_method_missing", "discarded",
         "heartbeat", "held", "no_escalation_chain", "resolved",
         "run_under_way", "silenced", "user_removed", "user_without_policy"}}});

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

void Metrics::StepRun(std::string_view kind) {
  families_->escalation_steps.At({kind}).Increment();
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
