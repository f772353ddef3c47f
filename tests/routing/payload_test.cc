#include "routing/payload.h"

#include <boost/test/unit_test.hpp>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

namespace tocsin::routing {
namespace {

// A body that Alertmanager really sent.
Payload Sent(const std::string& name) {
  std::ifstream file("tests/testdata/payloads/" + name + ".json");
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  Result<Payload> parsed = ParsePayload(text);
  BOOST_TEST_REQUIRE(parsed.ok(), name);
  return std::move(parsed).value();
}

std::string Body(const std::string& alert, const std::string& more = "") {
  return R"({"version":"4","groupKey":"{}:{}","alerts":[)" + alert + "]" +
         more + "}";
}

constexpr char kAlert[] = R"({"status":"firing","labels":{"a":"b"},)"
                          R"("startsAt":"2026-11-23T02:59:56.39Z"})";

std::string ErrorOf(const std::string& text) {
  const Result<Payload> parsed = ParsePayload(text);
  if (parsed.ok()) return "no error";
  BOOST_TEST((parsed.error().code == Code::kInvalid));
  return parsed.error().message;
}

int Firing(const Payload& payload) {
  int count = 0;
  for (const Alert& alert : payload.alerts) {
    if (alert.status == AlertStatus::kFiring) ++count;
  }
  return count;
}

BOOST_AUTO_TEST_SUITE(payload)

BOOST_AUTO_TEST_CASE(a_firing_alert_is_read_whole) {
  const Payload payload = Sent("single.001");
  BOOST_TEST(payload.receiver == "single");
  BOOST_TEST(payload.group_key ==
             "{}/{scenario=\"single\"}:{alertname=\"InstanceDown\", "
             "scenario=\"single\"}");
  BOOST_TEST(payload.external_url == "http://alertmanager.example.org:9093");
  BOOST_TEST(payload.truncated_alerts == 0);
  BOOST_TEST(payload.group_labels.Get("alertname") == "InstanceDown");
  BOOST_TEST(payload.common_labels.Get("severity") == "critical");
  BOOST_TEST(payload.common_annotations.Get("summary") ==
             "host0001:9100 is down");
  BOOST_TEST_REQUIRE(payload.alerts.size() == 1U);
  const Alert& alert = payload.alerts[0];
  BOOST_TEST((alert.status == AlertStatus::kFiring));
  BOOST_TEST(alert.labels.Get("instance") == "host0001:9100");
  BOOST_TEST(alert.annotations.Get("runbook_url") ==
             "https://runbooks.example.org/InstanceDown");
  BOOST_TEST(FormatRfc3339(alert.starts_at) == "2026-11-23T02:59:56.390Z");
  BOOST_TEST(FormatRfc3339(alert.ends_at) == "0001-01-01T00:00:00.000Z");
  BOOST_TEST(alert.generator_url ==
             "http://prometheus.example.org:9090/graph?g0.expr=up+%3D%3D+0&"
             "g0.tab=1");
  BOOST_TEST(FingerprintText(alert.fingerprint) == "774de752bb3eef69");
}

BOOST_AUTO_TEST_CASE(each_alert_tells_its_own_status) {
  BOOST_TEST(Firing(Sent("grouped5.001")) == 5);
  const Payload partly = Sent("grouped5.002");
  BOOST_TEST(partly.alerts.size() == 5U);
  BOOST_TEST(Firing(partly) == 3);
  BOOST_TEST(Firing(Sent("grouped5_all_resolved.002")) == 0);
  BOOST_TEST(FormatRfc3339(Sent("single.002").alerts[0].ends_at) ==
             "2026-11-23T03:00:00.949Z");
}

BOOST_AUTO_TEST_CASE(alerts_that_were_cut_off_are_counted) {
  const Payload payload = Sent("max_alerts_hides_firing.002");
  BOOST_TEST(payload.truncated_alerts == 3);
  BOOST_TEST(Firing(payload) == 0);
}

BOOST_AUTO_TEST_CASE(real_bodies_of_other_kinds_are_read) {
  BOOST_TEST(Firing(Sent("max_alerts_hides_firing.001")) == 2);
  BOOST_TEST(Sent("groupby_all.001").group_labels.labels().size() == 4U);
  BOOST_TEST(Sent("prometheus_e2e.001").receiver == "pager");
}

BOOST_AUTO_TEST_CASE(a_receiver_is_unquoted_as_the_regexp_it_is_sent_as) {
  BOOST_TEST(UnquoteReceiver(Sent("receiver_name_quoted.001").receiver) ==
             "team.x+pager (prod)");
  BOOST_TEST(UnquoteReceiver("a\\\\b") == "a\\b");
  BOOST_TEST(UnquoteReceiver("a\\\\.b") == "a\\.b");
  BOOST_TEST(UnquoteReceiver("\\d\\") == "\\d\\");
  BOOST_TEST(UnquoteReceiver("") == "");
}

BOOST_AUTO_TEST_CASE(unknown_fields_and_nulls_are_tolerated) {
  BOOST_TEST(ErrorOf(Body(kAlert)) == "no error");
  BOOST_TEST(ErrorOf(Body(kAlert, R"(,"routeLabels":{"a":[1,{}]},"x":null)")) ==
             "no error");
  BOOST_TEST(ErrorOf(Body(kAlert, R"(,"commonLabels":null)") + "\n") ==
             "no error");
}

BOOST_AUTO_TEST_CASE(the_fingerprint_sent_is_not_trusted) {
  const Result<Payload> parsed = ParsePayload(Body(
      R"({"status":"resolved","labels":{},"fingerprint":"0000000000000001",)"
      R"("startsAt":"2026-11-23T02:59:56Z"})"));
  BOOST_TEST_REQUIRE(parsed.ok());
  BOOST_TEST(FingerprintText(parsed.value().alerts[0].fingerprint) ==
             "cbf29ce484222325");
}

BOOST_AUTO_TEST_CASE(a_bad_body_is_refused_with_its_path) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"[]", "body: must be an object"},
      {"{}", "version: missing"},
      {R"({"version":4})", "version: must be a string"},
      {R"({"version":"3"})", "version: must be \"4\""},
      {R"({"version":"4"})", "groupKey: missing"},
      {R"({"version":"4","groupKey":"k"})", "alerts: missing"},
      {R"({"version":"4","groupKey":"k","alerts":null})", "alerts: missing"},
      {R"({"version":"4","groupKey":"k","alerts":{}})",
       "alerts: must be an array of at least one alert"},
      {Body(""), "alerts: must be an array of at least one alert"},
      {Body("7"), "alerts[0]: must be an object"},
      {Body("{}"), "alerts[0].status: missing"},
      {Body(R"({"status":"odd"})"),
       "alerts[0].status: must be \"firing\" or \"resolved\""},
      {Body(R"({"status":"firing"})"), "alerts[0].labels: missing"},
      {Body(std::string(kAlert) + R"(,{"status":"firing","labels":{"a":1}})"),
       "alerts[1].labels: all values must be strings"},
      {Body(R"({"status":"firing","labels":{}})"),
       "alerts[0].startsAt: missing"},
      {Body(R"({"status":"firing","labels":{},"startsAt":"noon"})"),
       "alerts[0].startsAt: must be an RFC 3339 time"},
      {Body(kAlert, R"(,"groupLabels":"x")"), "groupLabels: must be an object"},
      {Body(kAlert, R"(,"truncatedAlerts":-1)"),
       "truncatedAlerts: must be a whole number, not negative"},
      {Body(kAlert, R"(,"truncatedAlerts":1.5)"),
       "truncatedAlerts: must be a whole number, not negative"},
      {Body(kAlert, R"(,"truncatedAlerts":18446744073709551615)"),
       "truncatedAlerts: must be a whole number, not negative"},
  };
  for (const auto& [text, want] : cases) {
    BOOST_TEST(ErrorOf(text) == want, text << " gave " << ErrorOf(text));
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_json_is_refused) {
  for (const std::string& text :
       {std::string(), std::string("{"), Body(kAlert) + "x",
        Body(kAlert, ",\"x\":\"\xff\""), std::string("nul")}) {
    BOOST_TEST(ErrorOf(text).substr(0, 15) == "body: not JSON:", text);
  }
}

BOOST_AUTO_TEST_CASE(depth_is_limited) {
  const auto nested = [](int depth) {
    return Body(kAlert,
                ",\"x\":" + std::string(depth, '[') + std::string(depth, ']'));
  };
  BOOST_TEST(ErrorOf(nested(31)) == "no error");
  BOOST_TEST(ErrorOf(nested(32)) != "no error");
  BOOST_TEST(ErrorOf(std::string(1'000'000, '[')) != "no error");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::routing
