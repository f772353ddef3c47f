// ingest_bench [--seconds S] [--rounds N] [--connections C]: durable webhooks a
// second through the whole daemon (socket, parser, routing, core, SQLite with
// fsync, answer after commit), beside the bare HTTP guard that answers at once,
// the store alone, and fdatasync of one page: the three things that bound it.
// Each webhook is a new group of two alerts with one notification due.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "benchmarks/load.h"
#include "engine/engine.h"
#include "engine/runner.h"
#include "engine/sequential_ids.h"
#include "store/sqlite/sqlite_reader.h"
#include "store/sqlite/sqlite_store.h"
#include "web/listener.h"
#include "web/server.h"

namespace {

using namespace std::chrono_literals;
using namespace tocsin;  // a bench touches every folder

struct Options {
  std::chrono::milliseconds length = 3s;
  int rounds = 3;
  int connections = 64;
};

// A fresh directory that goes with the run.
class Scratch {
 public:
  Scratch() {
    std::string path =
        (std::filesystem::temp_directory_path() / "tocsin-bench-XXXXXX");
    TOCSIN_CHECK(::mkdtemp(path.data()) != nullptr);
    path_ = path;
  }
  ~Scratch() { std::filesystem::remove_all(path_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string File(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// About 2.5 KB, two alerts, a group of its own, as Alertmanager sends it.
std::string Body() {
  static std::atomic<std::uint64_t> number{0};
  const std::string id = std::to_string(++number);
  const std::string pad(520, 'x');
  std::string alerts;
  for (const char* device : {"sda", "sdb"}) {
    if (!alerts.empty()) alerts += ',';
    alerts +=
        R"({"status":"firing","labels":{"alertname":"DiskFull","severity")"
        R"(:"critical","cluster":"prod","instance":"db-)" +
        id + R"(:9100","device":")" + device +
        R"(","job":"node","team":"platform"},"annotations":{"summary":)"
        R"("Disk is full","description":")" +
        pad +
        R"("},"startsAt":"2026-11-23T05:00:00.123Z","endsAt":)"
        R"("0001-01-01T00:00:00Z","generatorURL":"http://prometheus/g","fingerprint":"00"})";
  }
  return R"({"receiver":"tocsin","status":"firing","alerts":[)" + alerts +
         R"(],"groupLabels":{"instance":"db-)" + id +
         R"("},"commonLabels":{},"commonAnnotations":{},"externalURL":)"
         R"("http://am","version":"4","groupKey":"{}:{instance=\"db-)" +
         id + R"(\"}","truncatedAlerts":0})";
}

double FdatasyncPerSecond(const Options& options) {
  const Scratch scratch;
  const int fd =
      ::open(scratch.File("page").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  TOCSIN_CHECK(fd >= 0);
  const std::vector<char> page(4096, 'x');
  std::int64_t count = 0;
  const auto end = std::chrono::steady_clock::now() + options.length;
  while (std::chrono::steady_clock::now() < end) {
    TOCSIN_CHECK(::pwrite(fd, page.data(), page.size(), 0) == 4096);
    TOCSIN_CHECK(::fdatasync(fd) == 0);
    ++count;
  }
  ::close(fd);
  return static_cast<double>(count) /
         std::chrono::duration<double>(options.length).count();
}

double GuardPerSecond(const Options& options) {
  web::Limits limits;
  auto pool =
      std::make_shared<web::WorkerPool>(limits.workers, limits.waiting_reads);
  auto listener =
      web::Listener::Start({"127.0.0.1:0"}, limits,
                           {.handle =
                                [](web::Request, web::Reply reply) {
                                  reply.Send({.status = 200, .body = "{}"});
                                },
                            .refused = {},
                            .client_left = {}},
                           pool);
  TOCSIN_CHECK(listener.ok());
  const auto result =
      benchmarks::Load(listener.value()->ports().at(0), "/",
                       options.connections, options.length, Body);
  listener.value()->Stop();
  pool->Stop();
  return result.per_second();
}

paging::Roster Roster() {
  paging::Roster roster;
  roster.users["ada"] = {.name = "ada",
                         .contact_methods = {"phone"},
                         .default_policy = {paging::NotifyMethod{"phone"}},
                         .important_policy = {paging::NotifyMethod{"phone"}}};
  roster.chains["ladder"] = {
      .name = "ladder",
      .steps = {
          paging::Wait{1h},
          paging::NotifyUsers{.users = {"ada"}, .importance = std::nullopt}}};
  paging::Team& team = roster.teams["platform"];
  team.name = "platform";
  team.standard = paging::WayOut{.chain = "ladder", .chat_channels = {}};
  return roster;
}

std::shared_ptr<const engine::Settings> BenchSettings() {
  routing::RouteSpec root;
  root.name = "root";
  root.team = "platform";
  Result<routing::Tree> tree = routing::Tree::Build(root);
  TOCSIN_CHECK(tree.ok());
  return std::make_shared<const engine::Settings>(
      engine::Settings{.tree = std::move(tree).value(), .roster = Roster()});
}

class Nowhere final : public engine::Outbox {
 public:
  std::size_t Room() const override { return 0; }
  void Hand(std::vector<engine::Message>) override {}
};

// Batches of 64 new groups straight into the store, nothing around it.
double StorePerSecond(const Options& options) {
  const Scratch scratch;
  auto store =
      store::SqliteStore::Open({.path = scratch.File("t.db"), .probe = {}});
  TOCSIN_CHECK(store.ok());
  const SystemClock clock;
  metrics::Metrics metrics({});
  Nowhere nowhere;
  const auto settings = BenchSettings();
  const routing::Route& route = *settings->tree.Routes().front();
  const auto snapshot = paging::TakeSnapshot(Roster().chains.begin()->second);
  const paging::SnapshotSet none;
  const paging::World world{
      .roster = settings->roster, .tree = settings->tree, .snapshots = none};
  std::int64_t id = 0;
  const auto end = std::chrono::steady_clock::now() + options.length;
  while (std::chrono::steady_clock::now() < end) {
    engine::Changes changes;
    changes.snapshots = {snapshot};
    for (int i = 0; i < 64; ++i) {
      ++id;
      const routing::Payload payload = routing::ParsePayload(Body()).value();
      paging::Birth birth;
      birth.id = paging::AlertGroupId(id);
      birth.identity = {"root", "platform", "am", "tocsin", payload.group_key};
      paging::Transition born =
          paging::Begin(std::move(birth), route, world, clock.Now());
      engine::GroupWrite write;
      for (const routing::Alert& alert : payload.alerts) {
        born.state.alerts.push_back({.fingerprint = alert.fingerprint,
                                     .status = alert.status,
                                     .starts_at = alert.starts_at,
                                     .last_seen = alert.starts_at,
                                     .contents = 0});
        write.contents.push_back(alert);
      }
      born.state.contents_chunks = 1;
      write.wake_at = WakeAt(born.state);
      write.entries = {std::get<paging::Record>(born.effects[0]).entry};
      write.group = std::move(born.state);
      changes.groups.push_back(std::move(write));
    }
    TOCSIN_CHECK(store.value()->Write(changes).ok());
  }
  return static_cast<double>(id) /
         std::chrono::duration<double>(options.length).count();
}

double IngestPerSecond(const Options& options) {
  const Scratch scratch;
  auto store =
      store::SqliteStore::Open({.path = scratch.File("t.db"), .probe = {}});
  TOCSIN_CHECK(store.ok());
  auto reader = store::SqliteReader::Open(scratch.File("t.db"));
  TOCSIN_CHECK(reader.ok());
  const SystemClock clock;
  metrics::Metrics metrics(
      {.sources = {"am"}, .teams = {"platform"}, .providers = {}});
  Nowhere nowhere;
  engine::Inbox inbox({});
  engine::SequentialIds ids{paging::AlertGroupId()};
  web::EventHub events({}, clock.Now(), metrics);
  engine::Engine engine({}, BenchSettings(), *store.value(), nowhere, ids,
                        clock, metrics, &events);
  engine::Runner runner({}, engine, inbox, clock, metrics);
  const web::CurrentSettings settings(std::make_shared<const web::Settings>(
      web::Settings{.credentials = web::Credentials(
                        {{"am", web::HashToken("secret")}}, {})}));
  auto server = web::Server::Start({.listen = {"127.0.0.1:0"}, .limits = {}},
                                   {.inbox = inbox,
                                    .reader = *reader.value(),
                                    .events = events,
                                    .metrics = metrics,
                                    .settings = settings,
                                    .ready = [] { return web::Readiness(); },
                                    .reload = {}});
  TOCSIN_CHECK(server.ok());
  const auto result = benchmarks::Load(
      server.value()->ports().at(0), "/integrations/v1/alertmanager/secret/",
      options.connections, options.length, Body);
  if (result.other > 0) {
    std::printf("  %lld requests were not answered 200\n",
                static_cast<long long>(result.other));
  }
  server.value()->Stop();
  runner.Stop();
  return result.per_second();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

Options Parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const int value = std::stoi(argv[i + 1]);
    if (std::strcmp(argv[i], "--seconds") == 0) {
      options.length = std::chrono::seconds(value);
    } else if (std::strcmp(argv[i], "--rounds") == 0) {
      options.rounds = value;
    } else if (std::strcmp(argv[i], "--connections") == 0) {
      options.connections = value;
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = Parse(argc, argv);
  const std::pair<const char*, double (*)(const Options&)> rows[] = {
      {"fdatasync of 4 KB, one after the other", FdatasyncPerSecond},
      {"bare guard, answers at once", GuardPerSecond},
      {"store alone, batches of 64 groups", StorePerSecond},
      {"durable webhooks, whole daemon", IngestPerSecond},
  };
  std::map<std::string, std::vector<double>> values;
  for (int round = 0; round < options.rounds; ++round) {
    for (const auto& [name, run] : rows) values[name].push_back(run(options));
  }
  const double guard = Median(values[rows[1].first]);
  std::printf("%-42s %12s %12s\n", "median of the rounds", "a second",
              "of the guard");
  for (const auto& [name, run] : rows) {
    const double median = Median(values[name]);
    std::printf("%-42s %12.0f %11.1f%%\n", name, median, 100 * median / guard);
  }
  std::printf("%d rounds of %lld ms in turn, %d connections, new group each\n",
              options.rounds, static_cast<long long>(options.length.count()),
              options.connections);
  return 0;
}
