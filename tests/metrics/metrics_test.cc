#include "metrics/metrics.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <thread>
#include <vector>

#include "tests/metrics/full_registry.h"

using tocsin::metrics::Metrics;
using tocsin::test::SomeNames;

namespace {

bool HasLine(const Metrics& metrics, const std::string& line) {
  return metrics.Serialize().find("\n" + line + "\n") != std::string::npos;
}

struct Fixture {
  Metrics metrics{SomeNames()};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(metrics_registry, Fixture)

BOOST_AUTO_TEST_CASE(series_of_known_names_start_at_zero) {
  for (
      const char* line : {
          R"(tocsin_webhooks_total{result="accepted",source="lab"} 0)",
          R"(tocsin_alerts_received_total{source="lab",status="firing"} 0)",
          R"(tocsin_alerts_truncated_total{source="prometheus"} 0)",
          R"(tocsin_clients_left_total 0)",
          R"(tocsin_turns_total{result="committed"} 0)",
          R"(tocsin_turn_duration_seconds_count 0)",
          R"(tocsin_alert_groups{state="firing",team="web"} 0)",
          R"(tocsin_escalation_steps_total{kind="repeat"} 0)",
          R"(tocsin_notification_attempts_total{provider="ntfy",result="permanent"} 0)",
          R"(tocsin_notification_attempt_duration_seconds_count{provider="ntfy"} 0)",
          R"(tocsin_notifications_total{result="failed",team="web"} 0)",
          R"(tocsin_config_last_reload_successful 0)",
      }) {
    BOOST_TEST(HasLine(metrics, line), line);
  }
}

BOOST_AUTO_TEST_CASE(unknown_names_count_under_other) {
  metrics.WebhookAnswered("stranger-1", "accepted");
  metrics.WebhookAnswered("stranger-2", "accepted");
  metrics.Suppressed("no reason that we know");
  BOOST_TEST(HasLine(
      metrics, R"(tocsin_webhooks_total{result="accepted",source="other"} 2)"));
  BOOST_TEST(HasLine(
      metrics, R"(tocsin_notifications_suppressed_total{reason="other"} 1)"));
  BOOST_TEST(metrics.Serialize().find("stranger") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_of_a_reload_have_series_and_old_ones_keep_theirs) {
  metrics.OpenGroups("web", "firing", +2);
  metrics.WebhookAnswered("new-lab", "accepted");  // unknown so far
  metrics.Know({.sources = {"new-lab"},
                .teams = {"data", "platform"},
                .providers = {"sms"}});
  metrics.OpenGroups("web", "firing", -1);
  metrics.OpenGroups("data", "held", +1);
  metrics.WebhookAnswered("new-lab", "accepted");
  for (
      const char* line : {
          R"(tocsin_alert_groups{state="firing",team="web"} 1)",
          R"(tocsin_alert_groups{state="held",team="data"} 1)",
          R"(tocsin_webhooks_total{result="accepted",source="new-lab"} 1)",
          R"(tocsin_webhooks_total{result="accepted",source="other"} 1)",
          R"(tocsin_webhooks_total{result="overload",source="new-lab"} 0)",
          R"(tocsin_notification_attempts_total{provider="sms",result="delivered"} 0)",
      }) {
    BOOST_TEST(HasLine(metrics, line), line);
  }
}

BOOST_AUTO_TEST_CASE(names_may_come_while_others_count) {
  constexpr int kNames = 200;
  std::thread counting([this] {
    for (int i = 0; i < 20 * kNames; ++i) {
      metrics.WebhookAnswered("team-" + std::to_string(i % kNames), "accepted");
      metrics.WebhookAnswered("lab", "accepted");
    }
  });
  for (int i = 0; i < kNames; ++i) {
    metrics.Know({.sources = {"team-" + std::to_string(i)},
                  .teams = {},
                  .providers = {}});
  }
  counting.join();
  BOOST_TEST(
      HasLine(metrics,
              R"(tocsin_webhooks_total{result="accepted",source="lab"} 4000)"));
}

BOOST_AUTO_TEST_CASE(a_refused_configuration_shows) {
  metrics.ConfigLoaded("00ff", 1'700'000'000);
  BOOST_TEST(HasLine(metrics, "tocsin_config_last_reload_successful 1"));
  metrics.ConfigRefused();
  BOOST_TEST(HasLine(metrics, "tocsin_config_last_reload_successful 0"));
  BOOST_TEST(HasLine(metrics, R"(tocsin_config_info{hash="00ff"} 1)"));
}

BOOST_AUTO_TEST_CASE(intake_moves) {
  metrics.WebhookAnswered("lab", "overload");
  metrics.AlertsReceived("lab", "resolved", 3);
  metrics.AlertsTruncated("lab", 5);
  metrics.ClientLeft();
  for (const char* line : {
           R"(tocsin_webhooks_total{result="overload",source="lab"} 1)",
           R"(tocsin_alerts_received_total{source="lab",status="resolved"} 3)",
           R"(tocsin_alerts_truncated_total{source="lab"} 5)",
           R"(tocsin_clients_left_total 1)",
       }) {
    BOOST_TEST(HasLine(metrics, line), line);
  }
}

BOOST_AUTO_TEST_CASE(front_door_moves) {
  metrics.UserCame("denied");
  metrics.WebConfigLoaded(1'700'000'000);
  metrics.CertificateExpires(1'800'000'000);
  BOOST_TEST(HasLine(metrics, "tocsin_web_config_last_reload_successful 1"));
  metrics.WebConfigRefused();
  for (
      const char* line : {
          R"(tocsin_web_logins_total{result="denied"} 1)",
          R"(tocsin_web_config_last_reload_successful 0)",
          R"(tocsin_web_config_last_reload_success_timestamp_seconds 1700000000)",
          R"(tocsin_web_certificate_not_after_timestamp_seconds 1800000000)",
      }) {
    BOOST_TEST(HasLine(metrics, line), line);
  }
}

BOOST_AUTO_TEST_CASE(event_streams_move) {
  metrics.EventStream("opened");
  metrics.EventStreams(+1);
  metrics.EventStream("slow");
  metrics.EventStreams(-1);
  metrics.EventStream("opened");
  metrics.EventStreams(+1);
  for (const char* line : {
           R"(tocsin_event_streams_total{result="opened"} 2)",
           R"(tocsin_event_streams_total{result="slow"} 1)",
           R"(tocsin_event_streams_total{result="refused"} 0)",
           R"(tocsin_event_streams 1)",
       }) {
    BOOST_TEST(HasLine(metrics, line), line);
  }
}

BOOST_AUTO_TEST_CASE(engine_moves) {
  metrics.TurnEnded("committed", 0.02, 3);
  metrics.InboxDepth(7);
  metrics.TimerLate(0.004);
  for (const char* line : {
           R"(tocsin_turns_total{result="committed"} 1)",
           R"(tocsin_turn_duration_seconds_sum 0.02)",
           R"(tocsin_turn_duration_seconds_bucket{le="0.01"} 0)",
           R"(tocsin_turn_duration_seconds_bucket{le="0.025"} 1)",
           R"(tocsin_turn_posts_sum 3)",
           R"(tocsin_turn_posts_bucket{le="2"} 0)",
           R"(tocsin_turn_posts_bucket{le="4"} 1)",
           R"(tocsin_inbox_posts 7)",
           R"(tocsin_timer_lateness_seconds_bucket{le="0.005"} 1)",
       }) {
    BOOST_TEST(HasLine(metrics, line), line);
  }
}

BOOST_AUTO_TEST_CASE(paging_moves) {
  metrics.GroupBorn("web", "important");
  metrics.OpenGroups("web", "firing", +1);
  metrics.OpenGroups("web", "firing", -1);
  metrics.OpenGroups("web", "acknowledged", +1);
  metrics.Unattended("web", +2);
  metrics.Unattended("web", -1);
  metrics.StepRun("notify_users");
  metrics.StepFailed("notify_team");
  metrics.Suppressed("acknowledged");
  for (
      const char* line : {
          R"(tocsin_alert_groups_created_total{importance="important",team="web"} 1)",
          R"(tocsin_alert_groups{state="firing",team="web"} 0)",
          R"(tocsin_alert_groups{state="acknowledged",team="web"} 1)",
          R"(tocsin_groups_unattended{team="web"} 1)",
          R"(tocsin_escalation_steps_total{kind="notify_users"} 1)",
          R"(tocsin_escalation_step_failures_total{kind="notify_team"} 1)",
          R"(tocsin_notifications_suppressed_total{reason="acknowledged"} 1)",
      }) {
    BOOST_TEST(HasLine(metrics, line), line);
  }
}

BOOST_AUTO_TEST_CASE(delivery_moves) {
  metrics.AttemptEnded("ntfy", "temporary", 0.2);
  metrics.NotificationEnded("web", "delivered");
  metrics.FirstNotification(0.3);
  metrics.NotificationOvertaken();
  metrics.OutboxInFlight(+4);
  metrics.OutboxInFlight(-1);
  for (
      const char* line : {
          R"(tocsin_notification_attempts_total{provider="ntfy",result="temporary"} 1)",
          R"(tocsin_notification_attempt_duration_seconds_bucket{provider="ntfy",le="0.25"} 1)",
          R"(tocsin_notifications_total{result="delivered",team="web"} 1)",
          R"(tocsin_first_notification_seconds_sum 0.3)",
          R"(tocsin_notifications_overtaken_total 1)",
          R"(tocsin_outbox_in_flight 3)",
      }) {
    BOOST_TEST(HasLine(metrics, line), line);
  }
}

BOOST_AUTO_TEST_CASE(a_reload_replaces_the_hash_and_a_refused_one_keeps_it) {
  metrics.BuildInfo("0.1.0");
  metrics.ConfigLoaded("aaaa", 1000);
  metrics.ConfigLoaded("bbbb", 2000);
  BOOST_TEST(HasLine(metrics, R"(tocsin_build_info{version="0.1.0"} 1)"));
  BOOST_TEST(HasLine(metrics, R"(tocsin_config_info{hash="bbbb"} 1)"));
  BOOST_TEST(metrics.Serialize().find("aaaa") == std::string::npos);
  BOOST_TEST(HasLine(metrics, "tocsin_config_last_reload_successful 1"));
  BOOST_TEST(HasLine(
      metrics, "tocsin_config_last_reload_success_timestamp_seconds 2000"));
}

BOOST_AUTO_TEST_CASE(threads_may_count_and_read_at_once) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([this] {
      for (int i = 0; i < 1000; ++i) {
        metrics.WebhookAnswered("lab", "accepted");
        metrics.WebhookAnswered("stranger", "accepted");
      }
      // Boost.Test is for one thread: only the reading counts here
      static_cast<void>(metrics.Serialize());
    });
  }
  for (std::thread& thread : threads) thread.join();
  BOOST_TEST(
      HasLine(metrics,
              R"(tocsin_webhooks_total{result="accepted",source="lab"} 4000)"));
  BOOST_TEST(HasLine(
      metrics,
      R"(tocsin_webhooks_total{result="accepted",source="other"} 4000)"));
}

BOOST_AUTO_TEST_SUITE_END()
