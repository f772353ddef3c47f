#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/clock.h"
#include "engine/engine.h"
#include "engine/runner.h"
#include "engine/sequential_ids.h"
#include "engine/settings.h"
#include "store/sqlite/sqlite_reader.h"
#include "store/sqlite/sqlite_store.h"
#include "web/server.h"

// What the benchmarks share. Broken setup ends the program (TOCSIN_CHECK).
namespace tocsin::benchmarks {

// A fresh directory that goes with the run.
class Scratch {
 public:
  Scratch();
  ~Scratch();
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  std::string File(const char* name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

// A webhook as Alertmanager sends it, of about 1.2 KB an alert with the
// default padding: the alerts of one group, the number of which is `group`.
struct BodyOf {
  std::size_t group = 0;
  int alerts = 2;
  std::size_t padding = 520;
  const char* sender = "http://am";  // externalURL
};
std::string Body(const BodyOf& what);

// One team, platform; its chain waits an hour, then notifies ada. Nothing is
// folded.
std::shared_ptr<const engine::Settings> Platform();

// Such a group, number `id`, with two alerts, as the core makes it; its chain
// is due at `due`.
engine::GroupWrite Group(const engine::Settings& settings, std::int64_t id,
                         Instant born, Instant due);

// Takes nothing, so nothing is claimed.
class Nowhere final : public engine::Outbox {
 public:
  std::size_t Room() const override { return 0; }
  void Hand(std::vector<engine::Message>) override {}
};

// The daemon without its process: store, engine, front door. Its intake is
// kIntake.
class House {
 public:
  static constexpr const char* kIntake =
      "/integrations/v1/alertmanager/secret/";

  explicit House(const std::string& store_file);
  ~House();
  House(const House&) = delete;
  House& operator=(const House&) = delete;

  std::uint16_t port() const { return server_->ports().at(0); }

 private:
  const SystemClock clock_;
  Nowhere nowhere_;
  metrics::Metrics metrics_;
  std::unique_ptr<store::SqliteStore> store_;
  std::unique_ptr<store::SqliteReader> reader_;
  engine::Inbox inbox_;
  std::unique_ptr<engine::SequentialIds> ids_;
  web::EventHub events_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<engine::Runner> runner_;
  web::CurrentSettings settings_;
  std::unique_ptr<web::Server> server_;
};

}  // namespace tocsin::benchmarks
