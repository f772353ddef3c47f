#pragma once

#include <memory>

#include "base/result.h"
#include "config/config.h"
#include "daemon/options.h"
#include "daemon/web_entry.h"

namespace tocsin::daemon {

// The running daemon: builds everything from a configuration, starts upward
// (store, engine, delivery, HTTP) and stops downward. Confined to the main
// thread.
class App {
 public:
  // Returns when it serves. The error is one sentence: what is in the way.
  // PrepareProcess must have been called. `entry` is that of the options' file.
  static Result<std::unique_ptr<App>> Start(
      const std::shared_ptr<const config::Config>& config, WebEntry entry,
      const Options& options);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  // Serves, and reloads on SIGHUP, until SIGTERM or SIGINT, then stops: new
  // requests are refused, those under way are answered, sends under way get a
  // few seconds (a second signal cuts that short), all outcomes are committed.
  // What was not sent stays in the store for the next start.
  void Run();

 private:
  class Impl;
  explicit App(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace tocsin::daemon
