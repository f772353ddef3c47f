#include "web/server.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <variant>

#include "tests/web/house.h"

namespace tocsin::web {

BOOST_AUTO_TEST_SUITE(server)

BOOST_AUTO_TEST_CASE(a_webhook_is_answered_after_its_commit) {
  House house;
  Client client(house.port());
  client.Send(Compose("POST", kIntake, "", kWebhook));
  const engine::Posted post = house.Take();
  const auto& webhook = std::get<engine::WebhookPosted>(post.what);
  BOOST_TEST(webhook.source == "am-prod");
  BOOST_TEST(webhook.payload.alerts.size() == 2);
  BOOST_TEST(post.bytes > std::string_view(kWebhook).size());
  post.done({});
  BOOST_TEST(Answer(client.Receive()) == "200 ");
  // On the kept connection, the other door, and a failed commit.
  client.Send(Compose("POST", "/api/v1/webhooks/alertmanager",
                      "Authorization: Bearer source-token\r\n", kWebhook));
  house.Take().done(
      {.status = Error{Code::kUnavailable, "disk /x is full"}, .refusal = {}});
  BOOST_TEST(Answer(client.Receive()) ==
             R"(503 {"detail":"Temporarily unavailable, send again."})");
}

BOOST_AUTO_TEST_CASE(requests_go_by_the_settings_that_run_when_they_come) {
  House house;
  Client kept(house.port());
  const std::string list = Compose("GET", "/api/v1/alert_groups/?team_id=infra",
                                   "Authorization: viewer-token\r\n");
  kept.Send(list);
  BOOST_TEST(BodyOf(kept.Receive()).find("https://t.example/") !=
             std::string::npos);
  BOOST_TEST(house.reader.filter().team.value() == "platform");
  Settings next = SomeSettings();
  next.credentials = Credentials({{"am-lab", HashToken("lab-token")}},
                                 {{.name = "eye",
                                   .hash = HashToken("viewer-token"),
                                   .role = Role::kViewer}});
  next.external_url = "https://u.example";
  next.team_aliases = {};
  house.settings.Set(std::make_shared<const Settings>(next));
  kept.Send(list);
  BOOST_TEST(BodyOf(kept.Receive()).find("https://u.example/") !=
             std::string::npos);
  BOOST_TEST(house.reader.filter().team.value() == "infra");
  BOOST_TEST(StatusOf(house.Post(kIntake, "", kWebhook)) == "401");
  BOOST_TEST(StatusOf(house.Post("/api/v1/alert_groups/1/acknowledge/",
                                 "Authorization: ada-token\r\n")) == "401");
  Client lab(house.port());
  lab.Send(Compose("POST", "/integrations/v1/alertmanager/lab-token/", "",
                   kWebhook));
  BOOST_TEST(std::get<engine::WebhookPosted>(house.Take().what).source ==
             "am-lab");
}

BOOST_AUTO_TEST_CASE(a_reload_answers_what_came_of_it) {
  House house;
  house.LetReload(std::string("the team \"x\" is gone\n"));
  BOOST_TEST(Answer(house.Post("/-/reload")) == "200 the team \"x\" is gone\n");
  BOOST_TEST(StatusOf(house.Get("/-/reload")) == "405");
  house.LetReload(Error{Code::kInvalid, "t.yml has 1 fault\nt.yml:1:1: x"});
  BOOST_TEST(Answer(house.Post("/-/reload")) ==
             "500 failed to reload config: t.yml has 1 fault\nt.yml:1:1: x\n");
  house.LetReload(Error{Code::kExhausted, "too many reloads wait already"});
  BOOST_TEST(StatusOf(house.Post("/-/reload")) == "503");
}

BOOST_AUTO_TEST_CASE(a_full_or_closed_inbox_is_a_503) {
  House house({.webhooks = 1});
  Client first(house.port());
  first.Send(Compose("POST", kIntake, "", kWebhook));
  const engine::Posted held = [&] {
    while (house.inbox.Depth() == 0) std::this_thread::yield();
    const std::string refused = house.Post(kIntake, "", kWebhook);
    BOOST_TEST(StatusOf(refused) == "503");
    return house.Take();
  }();
  held.done({});
  BOOST_TEST(StatusOf(first.Receive()) == "200");
  house.inbox.Close();
  BOOST_TEST(StatusOf(house.Post(kIntake, "", kWebhook)) == "503");
}

BOOST_AUTO_TEST_CASE(a_bad_webhook_is_told_where_it_is_bad) {
  House house;
  std::string bad(kWebhook);
  bad.replace(bad.find("2026-01-02"), 10, "not-a-time");
  const std::string answer = house.Post(kIntake, "", bad);
  BOOST_TEST(StatusOf(answer) == "400");
  BOOST_TEST(BodyOf(answer).find(R"({"detail":"alerts[0].startsAt)") == 0);
  BOOST_TEST(StatusOf(house.Post(kIntake, "", "garbage")) == "400");
  BOOST_TEST(StatusOf(house.Post(kIntake)) == "400");
}

BOOST_AUTO_TEST_CASE(an_unknown_token_is_a_401_at_both_doors) {
  House house;
  const std::string by_path =
      house.Post("/integrations/v1/alertmanager/wrong/", "", kWebhook);
  BOOST_TEST(Answer(by_path) == R"(401 {"detail":"Invalid token."})");
  BOOST_TEST(by_path.find("WWW-Authenticate: Bearer") != std::string::npos);
  BOOST_TEST(StatusOf(house.Post("/api/v1/webhooks/alertmanager", "",
                                 kWebhook)) == "401");
  BOOST_TEST(StatusOf(house.Post("/integrations/v1/alertmanager/viewer-token/",
                                 "", kWebhook)) == "401");
}

BOOST_AUTO_TEST_CASE(webhooks_are_counted_by_result) {
  House house({}, {.body_bytes = 4000});
  Client client(house.port());
  client.Send(Compose("POST", kIntake, "", kWebhook));
  house.Take().done({});
  BOOST_TEST(StatusOf(client.Receive()) == "200");
  BOOST_TEST(StatusOf(house.Post(kIntake, "", std::string(5000, 'x'))) ==
             "413");
  BOOST_TEST(StatusOf(house.Post(kIntake, "", "{")) == "400");
  for (const char* result : {"too_large", "invalid", "accepted"}) {
    const std::string series =
        std::string("result=\"") + result + "\",source=\"am-prod\"} 1";
    const std::string other =
        std::string("source=\"am-prod\",result=\"") + result + "\"} 1";
    BOOST_TEST((house.Shows(series) || house.Shows(other)), result);
  }
}

BOOST_AUTO_TEST_CASE(doors_by_role) {
  House house;
  const auto status = [&](const char* method, const char* path,
                          const std::string& token) {
    return StatusOf(
        Client(house.port())
            .Ask(Compose(
                method, path,
                token.empty() ? "" : "Authorization: " + token + "\r\n")));
  };
  const char* list = "/api/v1/alert_groups/";
  const char* acknowledge = "/api/v1/alert_groups/1/acknowledge/";
  BOOST_TEST(status("GET", list, "") == "401");
  BOOST_TEST(status("GET", list, "wrong") == "401");
  BOOST_TEST(status("GET", list, "source-token") == "401");
  BOOST_TEST(status("GET", list, "viewer-token") == "200");
  BOOST_TEST(status("GET", list, "Bearer ada-token") == "200");
  BOOST_TEST(status("POST", acknowledge, "") == "401");
  BOOST_TEST(status("POST", acknowledge, "viewer-token") == "403");
  for (const char* open : {"/-/healthy", "/-/ready", "/metrics"}) {
    BOOST_TEST(status("GET", open, "") == "200", open);
  }
}

BOOST_AUTO_TEST_CASE(unknown_paths_and_methods) {
  House house;
  for (const char* path :
       {"/", "/api/v1/", "/api/v1/alert_groups/1/x/",
        "/integrations/v1/alertmanager/", "/-/x", "//metrics", "/metrics/x"}) {
    BOOST_TEST(Answer(house.Get(path)) == R"(404 {"detail":"Not found."})",
               path);
  }
  const std::string refused = house.Get(kIntake);
  BOOST_TEST(StatusOf(refused) == "405");
  BOOST_TEST(refused.find("\r\nAllow: POST\r\n") != std::string::npos);
  const std::string put = house.Post("/api/v1/alert_groups");
  BOOST_TEST(StatusOf(put) == "405");
  BOOST_TEST(put.find("\r\nAllow: GET, HEAD\r\n") != std::string::npos);
  BOOST_TEST(StatusOf(house.Get("/api/v1/alert_groups")) == "200");
}

BOOST_AUTO_TEST_CASE(a_list_has_the_envelope_of_oncall) {
  House house;
  const std::string answer =
      house.Get("/api/v1/alert_groups/?state=new&team_id=platform&perpage=2");
  const std::string body = BodyOf(answer);
  BOOST_TEST(body.find(R"({"count":3,"next":"https://t.example/api/v1/)"
                       R"(alert_groups/?state=new&team_id=platform&perpage=2)"
                       R"(&page=2","previous":null,"results":[{"id":"2",)") ==
             0);
  BOOST_TEST(body.find(R"("state":"acknowledged","resolved_at":null,)"
                       R"("resolved_by":null,"acknowledged_at":)"
                       R"("2023-11-14T22:13:21.000Z",)"
                       R"("acknowledged_by":"ada",)") != std::string::npos);
  BOOST_TEST(body.ends_with(
      R"(],"current_page_number":1,"page_size":2,"total_pages":2})"));
  BOOST_TEST(*house.reader.filter().state == "firing");
  BOOST_TEST(*house.reader.filter().team == "platform");
  BOOST_TEST(house.reader.filter().limit == 2);
}

BOOST_AUTO_TEST_CASE(a_list_refuses_what_it_cannot_filter_by) {
  House house;
  BOOST_TEST(Answer(house.Get("/api/v1/alert_groups/?state=asleep")) ==
             R"(400 {"state":["Must be one of new, firing, acknowledged, )"
             R"(resolved, silenced, held, unattended."]})");
  for (const char* page : {"0", "-1", "x", "2", "99999999999999999999"}) {
    BOOST_TEST(
        Answer(house.Get("/api/v1/alert_groups/?page=" + std::string(page))) ==
            R"(404 {"detail":"Invalid page."})",
        page);
  }
  BOOST_TEST(
      house.Get("/api/v1/alert_groups/?label=a%3Ab")
          .ends_with(R"("warnings":["unknown parameter label was ignored"]})"));
}

BOOST_AUTO_TEST_CASE(a_group_is_shown_with_its_alerts) {
  House house;
  const std::string alert =
      R"({"fingerprint":"0000000000000abc","status":"firing",)"
      R"("labels":{"alertname":"DiskFull","severity":"critical"},)"
      R"("annotations":{"summary":"disk \"sda\" is full"},)"
      R"("startsAt":"2023-11-14T22:13:20.123Z",)"
      R"("endsAt":"2023-11-14T22:14:20.000Z","generatorURL":"http://prom/g"})";
  BOOST_TEST(
      Answer(house.Get("/api/v1/alert_groups/1/")) ==
      R"(200 {"id":"1","integration_id":"am-prod","team_id":"platform",)"
      R"("route_id":"root","alerts_count":1,)"
      R"("created_at":"2023-11-14T22:13:20.500Z","state":"firing",)"
      R"("resolved_at":null,"resolved_by":null,"acknowledged_at":null,)"
      R"("acknowledged_by":null,"silenced_at":null,"labels":[],)"
      R"("title":"DiskFull","permalinks":{"slack":null,"slack_app":null,)"
      R"("telegram":null,"web":"https://t.example/#/alert-groups/1"},)"
      R"("last_alert":{"id":"0000000000000abc","alert_group_id":"1",)"
      R"("created_at":"2023-11-14T22:13:20.123Z","payload":)" +
          alert +
          R"(},"team":"platform","source":"am-prod","receiver":"team",)"
          R"("severity":"critical","importance":"important",)"
          R"("summary":"disk \"sda\" is full","alerts_firing":1,)"
          R"("unattended":false,"siblings":[],"alerts":[)" +
          alert + "]}");
  for (const char* unknown :
       {"7", "0", "-1", "x", "1x", "01x", "99999999999999999999"}) {
    BOOST_TEST(
        Answer(house.Get("/api/v1/alert_groups/" + std::string(unknown))) ==
            R"(404 {"detail":"Not found."})",
        unknown);
  }
  BOOST_TEST(Answer(house.Get("/api/v1/alert_groups/13/")) ==
             R"(500 {"detail":"Internal error."})");
}

BOOST_AUTO_TEST_CASE(a_timeline_tells_who_and_what) {
  House house;
  BOOST_TEST(Answer(house.Get("/api/v1/alert_groups/1/timeline/")) ==
             R"(200 {"results":[{"at":"2023-11-14T22:13:21.000Z",)"
             R"("kind":"acknowledged","actor":"ada",)"
             R"("text":"acknowledged by ada"}]})");
  BOOST_TEST(StatusOf(house.Get("/api/v1/alert_groups/7/timeline/")) == "404");
}

BOOST_AUTO_TEST_CASE(an_action_is_answered_after_its_commit_in_oncalls_words) {
  House house;
  const auto act = [&](const std::string& action,
                       const engine::Answer& answer) {
    Client client(house.port());
    client.Send(Compose("POST", "/api/v1/alert_groups/1/" + action + "/",
                        "Authorization: ada-token\r\n"));
    const engine::Posted post = house.Take();
    const auto& asked = std::get<engine::ActionPosted>(post.what);
    BOOST_TEST(asked.group.value() == 1);
    if (action == "resolve") {
      BOOST_TEST(std::get<paging::ResolveRequested>(asked.event).by == "ada");
    } else {
      BOOST_TEST(std::get<paging::AcknowledgeRequested>(asked.event).by ==
                 "ada");
    }
    post.done(answer);
    return Answer(client.Receive());
  };
  const Status conflict = Error{Code::kConflict, "refused"};
  BOOST_TEST(act("acknowledge", {}) == "200 ");
  BOOST_TEST(act("resolve", {}) == "200 ");
  BOOST_TEST(
      act("acknowledge", {conflict, paging::Refusal::kAcknowledged}) ==
      R"(400 {"detail":"Can't acknowledge an acknowledged alert group"})");
  BOOST_TEST(act("acknowledge", {conflict, paging::Refusal::kResolved}) ==
             R"(400 {"detail":"Can't acknowledge a resolved alert group"})");
  BOOST_TEST(act("resolve", {conflict, paging::Refusal::kResolved}) ==
             R"(400 {"detail":"Can't resolve a resolved alert group"})");
  BOOST_TEST(act("resolve", {Error{Code::kNotFound, "no"}, {}}) ==
             R"(404 {"detail":"Not found."})");
  BOOST_TEST(act("resolve", {Error{Code::kUnavailable, "disk"}, {}}) ==
             R"(503 {"detail":"Temporarily unavailable, send again."})");
}

BOOST_AUTO_TEST_CASE(an_acknowledge_that_takes_siblings_along_names_each) {
  House house;
  const auto act = [&](const engine::Answer& answer) {
    const std::string body = R"({"siblings":true})";
    Client client(house.port());
    client.Send(Compose("POST", "/api/v1/alert_groups/1/acknowledge/",
                        "Authorization: ada-token\r\n", body));
    const engine::Posted post = house.Take();
    BOOST_TEST(std::get<engine::ActionPosted>(post.what).with_siblings);
    post.done(answer);
    return Answer(client.Receive());
  };
  engine::Answer answer;
  answer.siblings = {
      {.group = paging::AlertGroupId(2)},
      {.group = paging::AlertGroupId(3), .refusal = paging::Refusal::kResolved},
      {.group = paging::AlertGroupId(4), .found = false}};
  const std::string others =
      R"({"id":"2","ok":true},{"id":"3","ok":false,"detail":"Can't )"
      R"(acknowledge a resolved alert group"},{"id":"4","ok":false,)"
      R"("detail":"There is no such group"}]})";
  BOOST_TEST(act(answer) ==
             R"(200 {"results":[{"id":"1","ok":true},)" + others);
  answer.refusal = paging::Refusal::kAcknowledged;
  BOOST_TEST(act(answer) ==
             R"(200 {"results":[{"id":"1","ok":false,"detail":"Can't )"
             R"(acknowledge an acknowledged alert group"},)" +
                 others);
  answer.siblings.clear();
  BOOST_TEST(act(answer) ==
             R"(400 {"detail":"Can't acknowledge an acknowledged alert group",)"
             R"("results":[{"id":"1","ok":false,"detail":"Can't acknowledge )"
             R"(an acknowledged alert group"}]})");
}

BOOST_AUTO_TEST_CASE(readiness_says_why_not) {
  House house;
  BOOST_TEST(Answer(house.Get("/-/ready")) == "200 OK");
  {
    const MutexLock lock(house.mutex);
    house.ready = {.faults = {"the store failed", "timers are late"},
                   .notes = {"the last reload failed"}};
  }
  BOOST_TEST(Answer(house.Get("/-/ready")) ==
             "503 the store failed\ntimers are late\nthe last reload failed\n");
  {
    const MutexLock lock(house.mutex);
    house.ready.faults.clear();
  }
  BOOST_TEST(Answer(house.Get("/-/ready")) ==
             "200 OK\nthe last reload failed\n");
  BOOST_TEST(Answer(house.Get("/-/healthy")) == "200 OK");
}

BOOST_AUTO_TEST_CASE(metrics_are_exposed_in_text_format) {
  House house;
  const std::string answer = house.Get("/metrics");
  BOOST_TEST(answer.find("Content-Type: text/plain; version=0.0.4") !=
             std::string::npos);
  BOOST_TEST(BodyOf(answer).find("# HELP tocsin_") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_post_may_outlive_the_server) {
  House house({}, {.stopping = std::chrono::milliseconds(10)});
  Client client(house.port());
  client.Send(Compose("POST", kIntake, "", kWebhook));
  const engine::Posted post = house.Take();
  house.server.reset();
  post.done({});
  BOOST_TEST(client.Receive().empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
