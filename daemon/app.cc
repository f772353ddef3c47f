#include "daemon/app.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/current.h"
#include "base/log.h"
#include "daemon/front_door.h"
#include "daemon/make_settings.h"
#include "daemon/open_groups.h"
#include "daemon/outbox_gate.h"
#include "daemon/process.h"
#include "daemon/reload.h"
#include "daemon/version.h"
#include "daemon/web_limits.h"
#include "daemon/wiring.h"
#include "engine/runner.h"
#include "engine/sequential_ids.h"
#include "store/sqlite/sqlite_reader.h"
#include "store/sqlite/sqlite_store.h"
#include "systemd/sd_notify.h"
#include "web/event_hub.h"
#include "web/server.h"

namespace tocsin::daemon {
namespace {

using std::chrono::milliseconds;

// Sends under way at a stop get this long; a provider that needs more gets the
// same message again after the next start, under the same id.
constexpr milliseconds kDrainPatience{3000};
constexpr milliseconds kDrainLook{20};

// Delivery's thread looks at its work every 10 s at least.
constexpr milliseconds kDeliveryHangs{30000};

// How long the main thread sleeps between signals where no watchdog wants to
// hear from it.
constexpr milliseconds kIdle{60000};

// "127.0.0.1:9876" of "127.0.0.1:0" and the port that was found.
std::string WithPort(const std::string& address, std::uint16_t port) {
  return address.substr(0, address.rfind(':') + 1) + std::to_string(port);
}

// A datagram to systemd that did not leave is worth a line, no more.
void Tell(const Status& sent) {
  if (sent.ok()) return;
  log::Warn("cannot notify systemd", {{"error", sent.error().message}});
}

struct Stores {
  std::unique_ptr<store::SqliteStore> writer;
  std::unique_ptr<store::SqliteReader> reader;
  // Delivery asks whether a claim stands right before each first byte: behind
  // somebody's long list that would be late.
  std::unique_ptr<store::SqliteReader> claims;
  paging::AlertGroupId last_group;
};

Result<Stores> OpenStores(const std::string& path) {
  auto writer = store::SqliteStore::Open({.path = path, .probe = {}});
  if (!writer.ok()) return writer.error();
  auto reader = store::SqliteReader::Open(path);
  if (!reader.ok()) return reader.error();
  auto claims = store::SqliteReader::Open(path);
  if (!claims.ok()) return claims.error();
  const Status released = writer.value()->ReleaseClaims();
  if (!released.ok()) return released.error();
  const auto last = writer.value()->LastGroupId();
  if (!last.ok()) return last.error();
  return Stores{std::move(writer).value(), std::move(reader).value(),
                std::move(claims).value(), last.value()};
}

}  // namespace

// Members are in the order in which they need each other; threads come last.
class App::Impl {
 public:
  Impl(const std::shared_ptr<const config::Config>& config, WebEntry entry,
       const Options& options,
       const std::shared_ptr<const engine::Settings>& settings, Stores stores)
      : metrics_(MakeNames(*config)),
        stores_(std::move(stores)),
        inbox_({}),
        loop_(std::make_unique<http::Loop>()),
        directory_(MakeDirectory(*config, ExternalUrl(*config, options), *loop_,
                                 clock_)),
        delivery_({}, directory_, *stores_.claims, inbox_, clock_, metrics_),
        all_room_(delivery_.Room()),
        gate_(delivery_),
        ids_(stores_.last_group),
        web_settings_(MakeWebSettings(*config, ExternalUrl(*config, options))),
        events_({}, clock_.Now(), metrics_),
        engine_({}, settings, *stores_.writer, gate_, ids_, clock_, metrics_,
                &events_),
        front_door_(options.web_config_file, std::move(entry), metrics_,
                    clock_),
        reloader_(options, config, settings,
                  {.engine = engine_,
                   .directory = directory_,
                   .web = web_settings_,
                   .metrics = metrics_,
                   .reader = *stores_.reader,
                   .loop = *loop_,
                   .clock = clock_,
                   .front_door = front_door_}) {
    metrics_.BuildInfo(kVersion);
    metrics_.ConfigLoaded(config->hash,
                          static_cast<double>(ToMillis(clock_.Now())) / 1000);
  }

  ~Impl() {
    if (server_) server_->Stop();
    runner_.reset();
    loop_.reset();  // its callbacks still reach delivery and inbox
  }

  // Opens the doors, then sets the engine to work: a port in use must be known
  // before the first overdue page leaves. What comes in between waits.
  Status Start(const config::Config& config, const Options& options) {
    const Status counted =
        CountOpenGroups(config.roster, *stores_.reader, metrics_);
    if (!counted.ok()) return counted;
    if (Status s = Listen(options); !s.ok()) return s;
    runner_ = std::make_unique<engine::Runner>(
        engine::Runner::Limits{}, engine_, inbox_, clock_, metrics_);
    started_ = true;
    return {};
  }

  Status Listen(const Options& options) {
    const auto& addresses = options.listen_addresses;
    auto server = web::Server::Start(
        {.listen = addresses, .limits = MakeWebLimits(options, FileLimit())},
        {.inbox = inbox_,
         .reader = *stores_.reader,
         .events = events_,
         .metrics = metrics_,
         .settings = web_settings_,
         .ready = [this] { return Ready(); },
         .reload = [this](const Reloader::Done& done) { reloader_.Ask(done); },
         .entrance = front_door_.entrance()});
    if (!server.ok()) return server.error();
    server_ = std::move(server).value();
    const auto ports = server_->ports();
    for (std::size_t i = 0; i < ports.size(); ++i) {
      log::Info("listening", {{"address", WithPort(addresses[i], ports[i])}});
    }
    return {};
  }

  void Run() {
    log::Info("ready", {{"version", kVersion}});
    Tell(systemd::NotifyReady());
    const auto watchdog = systemd::WatchdogInterval();
    const milliseconds beat =
        watchdog ? std::chrono::duration_cast<milliseconds>(*watchdog) : kIdle;
    const milliseconds patience =
        std::min(beat, front_door_.patience().value_or(kIdle));
    while (true) {
      const auto signal = WaitForSignal(patience);
      if (signal == Signal::kStop) break;
      if (signal == Signal::kReload) reloader_.Run();
      front_door_.Look();
      if (watchdog && runner_->Turning()) Tell(systemd::NotifyWatchdog());
    }
    Stop();
  }

 private:
  // Thread-safe: the server asks on threads of its own.
  web::Readiness Ready() const {
    web::Readiness readiness;
    if (!started_) return {.faults = {"the daemon is starting"}};
    if (stopping_) return {.faults = {"the daemon is stopping"}};
    readiness.faults = runner_->Faults();
    if (const auto since = loop_->SinceLook(); since > kDeliveryHangs) {
      readiness.faults.push_back(
          "delivery hangs: its thread has not looked at its work for " +
          std::to_string(since.count() / 1000) + " s");
    }
    if (!reloader_.succeeded()) {
      readiness.notes.emplace_back(
          "the last reload failed: an older configuration runs");
    }
    return readiness;
  }

  void Stop() {
    log::Info("stopping");
    stopping_ = true;
    Tell(systemd::NotifyStopping());
    server_->Stop();  // the engine still answers what came in
    gate_.Close();
    DrainDelivery();
    runner_->Stop();  // commits the outcomes
    log::Info("stopped");
  }

  // A second signal ends the wait: somebody is in a hurry.
  void DrainDelivery() {
    const auto deadline = std::chrono::steady_clock::now() + kDrainPatience;
    while (delivery_.Room() < all_room_) {
      const bool late = std::chrono::steady_clock::now() > deadline;
      if (late || WaitForSignal(kDrainLook) == Signal::kStop) {
        log::Warn("sends under way are left to the next start",
                  {{"messages", all_room_ - delivery_.Room()}});
        return;
      }
    }
  }

  const SystemClock clock_;
  metrics::Metrics metrics_;
  Stores stores_;
  engine::Inbox inbox_;
  std::unique_ptr<http::Loop> loop_;
  Current<notify::Directory> directory_;
  notify::Delivery delivery_;
  const std::size_t all_room_;  // delivery's, when nothing is under way
  OutboxGate gate_;
  engine::SequentialIds ids_;
  Current<web::Settings> web_settings_;
  web::EventHub events_;
  engine::Engine engine_;
  FrontDoor front_door_;
  Reloader reloader_;
  std::atomic<bool> started_{false};  // runner_ is there
  std::atomic<bool> stopping_{false};
  std::unique_ptr<engine::Runner> runner_;
  std::unique_ptr<web::Server> server_;
};

App::App(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
App::~App() = default;

Result<std::unique_ptr<App>> App::Start(
    const std::shared_ptr<const config::Config>& config, WebEntry entry,
    const Options& options) {
  const auto settings = MakeSettings(*config);
  if (!settings.ok()) return settings.error();
  auto stores = OpenStores(StorePath(*config, options));
  if (!stores.ok()) return stores.error();
  auto impl =
      std::make_unique<Impl>(config, std::move(entry), options,
                             settings.value(), std::move(stores).value());
  const Status started = impl->Start(*config, options);
  if (!started.ok()) return started.error();
  return std::unique_ptr<App>(new App(std::move(impl)));
}

void App::Run() { impl_->Run(); }

}  // namespace tocsin::daemon
