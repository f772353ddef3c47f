#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "base/time.h"
#include "tests/web/client.h"
#include "web/server.h"

// What the tests of the whole server stand on.
namespace tocsin::web {

using paging::AlertGroupId;

inline constexpr const char* kIntake =
    "/integrations/v1/alertmanager/source-token/";
inline constexpr const char* kWebhook =
    R"({"version":"4","receiver":"team","status":"firing","groupKey":"k",)"
    R"("truncatedAlerts":2,"groupLabels":{},"commonLabels":{},)"
    R"("commonAnnotations":{},"externalURL":"http://am","alerts":[)"
    R"({"status":"firing","labels":{"alertname":"A"},"annotations":{},)"
    R"("startsAt":"2026-01-02T03:04:05Z","endsAt":"0001-01-01T00:00:00Z",)"
    R"("generatorURL":"","fingerprint":"0"},)"
    R"({"status":"resolved","labels":{"alertname":"B"},"annotations":{},)"
    R"("startsAt":"2026-01-02T03:04:05Z","endsAt":"2026-01-02T03:05:05Z",)"
    R"("generatorURL":"","fingerprint":"0"}]})";

inline routing::Alert DiskFull() {
  routing::Alert alert;
  alert.labels = {{"alertname", "DiskFull"}, {"severity", "critical"}};
  alert.annotations = {{"summary", "disk \"sda\" is full"}};
  alert.starts_at = FromMillis(1'700'000'000'123);
  alert.ends_at = FromMillis(1'700'000'060'000);
  alert.generator_url = "http://prom/g";
  alert.fingerprint = 0xabc;
  return alert;
}

inline paging::AlertGroup SomeGroup(std::int64_t id) {
  paging::AlertGroup group;
  group.id = AlertGroupId(id);
  group.identity = {.route = "r",
                    .team = "platform",
                    .source = "am-prod",
                    .receiver = "team",
                    .group_key = "k"};
  group.route_name = "root";
  group.title = "DiskFull";
  group.summary = "disk \"sda\" is full";
  group.severity = "critical";
  group.importance = paging::Importance::kImportant;
  group.created_at = FromMillis(1'700'000'000'500);
  paging::AlertState state;
  state.fingerprint = 0xabc;
  group.alerts = {state};
  return group;
}

// Group 1 fires, group 2 is acknowledged; the store fails on 13.
class FakeReader final : public engine::Reader {
 public:
  Result<std::optional<engine::GroupView>> Group(AlertGroupId id) override {
    if (id.value() == 13) return Error{Code::kDataLoss, "secret path"};
    if (id.value() != 1) return std::optional<engine::GroupView>();
    return std::optional<engine::GroupView>({SomeGroup(1), {DiskFull()}});
  }
  Result<engine::GroupPage> Groups(const engine::GroupFilter& asked) override {
    {
      const MutexLock lock(mutex_);
      filter_ = asked;
    }
    engine::GroupPage page;
    page.count = 3;
    if (asked.offset == 0) {
      page.groups = {SomeGroup(2), SomeGroup(1)};
      page.groups[0].life =
          paging::Acknowledged{"ada", FromMillis(1'700'000'001'000)};
    }
    return page;
  }
  Result<std::vector<paging::TimelineEntry>> Timeline(
      AlertGroupId id) override {
    if (id.value() != 1) return std::vector<paging::TimelineEntry>();
    return std::vector<paging::TimelineEntry>{
        {.at = FromMillis(1'700'000'001'000),
         .kind = paging::TimelineKind::kAcknowledged,
         .actor = "ada",
         .text = "acknowledged by ada"}};
  }
  Result<bool> ClaimStands(paging::NotificationId) override { return true; }

  // What the last list was asked for.
  engine::GroupFilter filter() {
    const MutexLock lock(mutex_);
    return filter_;
  }

 private:
  Mutex mutex_;
  engine::GroupFilter filter_ GUARDED_BY(mutex_);
};

inline Settings SomeSettings() {
  return {.credentials = Credentials({{"am-prod", HashToken("source-token")}},
                                     {{.name = "eye",
                                       .hash = HashToken("viewer-token"),
                                       .role = Role::kViewer},
                                      {.name = "ada",
                                       .hash = HashToken("ada-token"),
                                       .role = Role::kResponder,
                                       .user = "ada"}}),
          .external_url = "https://t.example",
          .team_aliases = {{"infra", "platform"}},
          .teams = {"platform"}};
}

using Answered = std::function<void(const Result<std::string>&)>;

// The real server between a real inbox, which the test drains as the engine
// would, and a reader made by hand.
struct House {
  explicit House(engine::Inbox::Limits room = {}, Limits limits = {},
                 EventHub::Limits hub = {})
      : inbox(room),
        metrics(metrics::Names{
            .sources = {"am-prod"}, .teams = {"platform"}, .providers = {}}),
        events(hub, FromMillis(1'700'000'000'000), metrics) {
    auto started = Server::Start(
        {.listen = {"127.0.0.1:0"}, .limits = limits},
        {.inbox = inbox,
         .reader = reader,
         .events = events,
         .metrics = metrics,
         .settings = settings,
         .ready = [this] { return Ready(); },
         .reload = [this](const Answered& done) { done(Reloaded()); }});
    server = std::move(started).value();
  }

  Readiness Ready() {
    const MutexLock lock(mutex);
    return ready;
  }
  Result<std::string> Reloaded() {
    const MutexLock lock(mutex);
    return reloaded;
  }
  // What the next reloads are to answer.
  void LetReload(Result<std::string> answer) {
    const MutexLock lock(mutex);
    reloaded = std::move(answer);
  }
  std::uint16_t port() const { return server->ports().front(); }

  // The one post that is waiting, or comes.
  engine::Posted Take() {
    auto posts = inbox.Take(1, std::chrono::seconds(10));
    BOOST_REQUIRE(posts.size() == 1);
    return std::move(posts.front());
  }
  std::string Get(const std::string& target, std::string_view headers = "") {
    return Client(port()).Ask(
        Compose("GET", target,
                "Authorization: viewer-token\r\n" + std::string(headers)));
  }
  std::string Post(const std::string& target, std::string_view headers = "",
                   std::string_view body = "") {
    return Client(port()).Ask(Compose("POST", target, headers, body));
  }
  bool Shows(const std::string& series) {
    return metrics.Serialize().find(series) != std::string::npos;
  }

  engine::Inbox inbox;
  metrics::Metrics metrics;
  FakeReader reader;
  CurrentSettings settings{std::make_shared<const Settings>(SomeSettings())};
  EventHub events;
  Mutex mutex;
  Readiness ready GUARDED_BY(mutex);
  Result<std::string> reloaded GUARDED_BY(mutex){std::string("reloaded\n")};
  std::unique_ptr<Server> server;
};

inline std::string Answer(const std::string& answer) {
  return StatusOf(answer) + " " + BodyOf(answer);
}

}  // namespace tocsin::web
