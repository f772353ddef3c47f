#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/current.h"
#include "base/mutex.h"
#include "base/result.h"
#include "config/config.h"
#include "daemon/front_door.h"
#include "daemon/options.h"
#include "engine/engine.h"
#include "engine/ports.h"
#include "http/loop.h"
#include "metrics/metrics.h"
#include "notify/delivery.h"
#include "web/settings.h"

namespace tocsin::daemon {

// What a reload replaces, and what it needs for that. All of it outlives the
// reloader.
struct ReloadTargets {
  engine::Engine& engine;
  Current<notify::Directory>& directory;
  Current<web::Settings>& web;
  metrics::Metrics& metrics;
  engine::Reader& reader;
  http::Loop& loop;
  const Clock& clock;
  FrontDoor& front_door;
};

// What SIGHUP and POST /-/reload do: the files, --web.config.file among them,
// are read and checked as a whole, and either everything that runs by them goes
// over to the new ones, or nothing changes. Asked from any thread, done on the
// main thread.
class Reloader {
 public:
  // Called once, on the main thread: what is worth knowing of the configuration
  // that runs now, a line each, or why the old one stays.
  using Done = std::function<void(const Result<std::string>&)>;

  // `running` and `settings`, which was made of it, are what runs now.
  Reloader(Options options, std::shared_ptr<const config::Config> running,
           std::shared_ptr<const engine::Settings> settings,
           const ReloadTargets& targets);

  // Thread-safe; wakes the main thread. Where too many wait already, `done` is
  // called at once with kExhausted.
  void Ask(const Done& done) EXCLUDES(mutex_);

  // Thread-safe. Whether the last reload, if there was one, succeeded.
  bool succeeded() const { return succeeded_; }

  // One reload for all who asked so far, and for a signal if nobody did. For
  // the main thread.
  void Run() EXCLUDES(mutex_);

 private:
  // A configuration that has no faults, and what was made of it.
  struct Next {
    std::shared_ptr<const config::Config> config;
    std::shared_ptr<const engine::Settings> settings;
    std::vector<config::Fault> warnings;
  };

  // False: too many wait.
  bool Queue(const Done& done) EXCLUDES(mutex_);
  Result<std::string> Reload();
  // Reads and checks the configuration; nothing changes. All faults are logged.
  Result<Next> Prepare() const;
  // Goes over to it. Returns what to tell.
  std::string Take(const Next& next);
  std::vector<std::string> Swap(const Next& made);

  const Options options_;
  const ReloadTargets targets_;
  // Confined to the main thread.
  std::shared_ptr<const config::Config> running_;
  std::shared_ptr<const engine::Settings> settings_;  // shared with the engine

  std::atomic<bool> succeeded_{true};
  Mutex mutex_;
  std::vector<Done> waiting_ GUARDED_BY(mutex_);
};

}  // namespace tocsin::daemon
