#include "benchmarks/house.h"

#include <stdlib.h>

#include <chrono>
#include <system_error>
#include <utility>

#include "base/check.h"
#include "paging/apply.h"
#include "routing/payload.h"

namespace tocsin::benchmarks {

namespace {

paging::Roster Roster() {
  paging::Roster roster;
  roster.users["ada"] = {.name = "ada",
                         .contact_methods = {"phone"},
                         .default_policy = {paging::NotifyMethod{"phone"}},
                         .important_policy = {paging::NotifyMethod{"phone"}}};
  roster.chains["ladder"] = {
      .name = "ladder",
      .steps = {
          paging::Wait{std::chrono::hours(1)},
          paging::NotifyUsers{.users = {"ada"}, .importance = std::nullopt}}};
  paging::Team& team = roster.teams["platform"];
  team.name = "platform";
  team.standard = paging::WayOut{.chain = "ladder", .chat_channels = {}};
  return roster;
}

std::string AlertOf(const BodyOf& what, int number) {
  return R"({"status":"firing","labels":{"alertname":"DiskFull","severity")"
         R"(:"critical","cluster":"prod","instance":"db-)" +
         std::to_string(what.group) + R"(:9100","device":"sd)" +
         std::to_string(number) +
         R"(","job":"node","team":"platform"},"annotations":{"summary":)"
         R"("Disk is full","description":")" +
         std::string(what.padding, 'x') +
         R"("},"startsAt":"2026-11-23T05:00:00.123Z","endsAt":)"
         R"("0001-01-01T00:00:00Z","generatorURL":"http://prometheus/g",)"
         R"("fingerprint":"00"})";
}

}  // namespace

Scratch::Scratch() {
  std::string path =
      std::filesystem::temp_directory_path() / "tocsin-bench-XXXXXX";
  TOCSIN_CHECK(::mkdtemp(path.data()) != nullptr);
  path_ = path;
}

Scratch::~Scratch() {
  std::error_code ignored;  // what is left lies in the temporary directory
  std::filesystem::remove_all(path_, ignored);
}

std::string Body(const BodyOf& what) {
  const std::string id = std::to_string(what.group);
  std::string alerts;
  for (int i = 0; i < what.alerts; ++i) {
    if (i > 0) alerts += ',';
    alerts += AlertOf(what, i);
  }
  return R"({"receiver":"tocsin","status":"firing","alerts":[)" + alerts +
         R"(],"groupLabels":{"instance":"db-)" + id +
         R"("},"commonLabels":{},"commonAnnotations":{},"externalURL":")" +
         what.sender + R"(","version":"4","groupKey":"{}:{instance=\"db-)" +
         id + R"(\"}","truncatedAlerts":0})";
}

std::shared_ptr<const engine::Settings> Platform() {
  routing::RouteSpec root;
  root.name = "root";
  root.team = "platform";
  Result<routing::Tree> tree = routing::Tree::Build(root);
  TOCSIN_CHECK(tree.ok());
  return std::make_shared<const engine::Settings>(
      engine::Settings{.tree = std::move(tree).value(),
                       .roster = Roster(),
                       .fold_within = Duration::zero()});
}

engine::GroupWrite Group(const engine::Settings& settings, std::int64_t id,
                         Instant born, Instant due) {
  const paging::SnapshotSet none;
  const paging::Pointers no_pointers;
  const paging::World world{.roster = settings.roster,
                            .tree = settings.tree,
                            .snapshots = none,
                            .pointers = no_pointers};
  const routing::Payload payload =
      routing::ParsePayload(
          Body({.group = static_cast<std::size_t>(id), .padding = 40}))
          .value();
  paging::Birth birth;
  birth.id = paging::AlertGroupId(id);
  birth.title = "DiskFull";
  birth.identity = {"root", "platform", "am", "tocsin", payload.group_key};
  paging::Transition begun = paging::Begin(
      std::move(birth), *settings.tree.Routes().front(), world, born);
  engine::GroupWrite write;
  write.group = std::move(begun.state);
  for (const routing::Alert& alert : payload.alerts) {
    write.group.alerts.push_back({.fingerprint = alert.fingerprint,
                                  .status = alert.status,
                                  .starts_at = alert.starts_at,
                                  .last_seen = born,
                                  .contents = 0});
    write.contents.push_back(alert);
  }
  write.group.contents_chunks = 1;
  auto& escalation = std::get<paging::Firing>(write.group.life).escalation;
  escalation->next_step = 1;
  escalation->pause = paging::Pause::kWait;
  escalation->due = due;
  write.wake_at = WakeAt(write.group);
  for (const paging::Effect& effect : begun.effects) {
    const auto* record = std::get_if<paging::Record>(&effect);
    if (record != nullptr) write.entries.push_back(record->entry);
  }
  return write;
}

House::House(const std::string& store_file)
    : metrics_({.sources = {"am"}, .teams = {"platform"}, .providers = {}}),
      inbox_({}),
      events_({}, clock_.Now(), metrics_),
      settings_(std::make_shared<const web::Settings>(
          web::Settings{.credentials = web::Credentials(
                            {{"am", web::HashToken("secret")}}, {})})) {
  auto store = store::SqliteStore::Open({.path = store_file, .probe = {}});
  TOCSIN_CHECK(store.ok());
  store_ = std::move(store).value();
  auto reader = store::SqliteReader::Open(store_file);
  TOCSIN_CHECK(reader.ok());
  reader_ = std::move(reader).value();
  const auto last = store_->LastGroupId();
  TOCSIN_CHECK(last.ok());
  ids_ = std::make_unique<engine::SequentialIds>(last.value());
  engine_ = std::make_unique<engine::Engine>(engine::Engine::Limits(),
                                             Platform(), *store_, nowhere_,
                                             *ids_, clock_, metrics_, &events_);
  runner_ = std::make_unique<engine::Runner>(engine::Runner::Limits(), *engine_,
                                             inbox_, clock_, metrics_);
  auto server = web::Server::Start({.listen = {"127.0.0.1:0"}, .limits = {}},
                                   {.inbox = inbox_,
                                    .reader = *reader_,
                                    .events = events_,
                                    .metrics = metrics_,
                                    .settings = settings_,
                                    .ready = [] { return web::Readiness(); },
                                    .reload = {}});
  TOCSIN_CHECK(server.ok());
  server_ = std::move(server).value();
}

House::~House() {
  server_->Stop();
  runner_->Stop();
}

}  // namespace tocsin::benchmarks
