#include "daemon/reload.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "base/log.h"
#include "config/load.h"
#include "daemon/make_settings.h"
#include "daemon/orphans.h"
#include "daemon/process.h"
#include "daemon/wiring.h"
#include "systemd/sd_notify.h"

namespace tocsin::daemon {
namespace {

// Who asks in a loop waits for an answer; who does not is refused.
constexpr std::size_t kMaxWaiting = 256;

// What one answer tells, less than a client takes.
constexpr std::size_t kMaxText = 60u << 10;

// Of findings of one load, the log has so many; check-config has all.
constexpr std::size_t kMaxLogged = 1'000;

// The lines of one answer, within its limit.
class Lines {
 public:
  void Add(const std::string& line) {
    if (left_out_ > 0 || text_.size() + line.size() >= kMaxText) {
      ++left_out_;
    } else {
      text_ += line + "\n";
    }
  }
  std::string Text() && {
    if (left_out_ > 0) {
      text_ += "and " + std::to_string(left_out_) +
               " more lines: tocsinctl check-config prints all\n";
    }
    return std::move(text_);
  }

 private:
  std::string text_;
  std::size_t left_out_ = 0;
};

std::string Counted(std::size_t count, const char* what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

double Seconds(Instant at) { return static_cast<double>(ToMillis(at)) / 1000; }

void Tell(const Status& sent) {
  if (!sent.ok()) {
    log::Warn("cannot notify systemd", {{"error", sent.error().message}});
  }
}

Error Faulty(const std::string& file, const std::vector<config::Fault>& all) {
  Lines lines;
  lines.Add(file + " has " + Counted(all.size(), "fault") +
            ", the running configuration stays");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string line = config::FaultText(all[i]);
    if (i < kMaxLogged) log::Error("configuration", {{"fault", line}});
    lines.Add(line);
  }
  std::string text = std::move(lines).Text();
  text.pop_back();
  return {Code::kInvalid, std::move(text)};
}

void LogWarnings(const std::vector<config::Fault>& warnings) {
  const std::size_t count = std::min(warnings.size(), kMaxLogged);
  for (std::size_t i = 0; i < count; ++i) {
    log::Warn("configuration", {{"warning", config::FaultText(warnings[i])}});
  }
}

}  // namespace

Reloader::Reloader(Options options,
                   std::shared_ptr<const config::Config> running,
                   std::shared_ptr<const engine::Settings> settings,
                   const ReloadTargets& targets)
    : options_(std::move(options)),
      targets_(targets),
      running_(std::move(running)),
      settings_(std::move(settings)) {}

void Reloader::Ask(const Done& done) {
  if (Queue(done)) {
    WakeForReload();
  } else {
    done(Error{Code::kExhausted, "too many reloads wait already"});
  }
}

bool Reloader::Queue(const Done& done) {
  const MutexLock lock(mutex_);
  if (waiting_.size() >= kMaxWaiting) return false;
  waiting_.push_back(done);
  return true;
}

void Reloader::Run() {
  std::vector<Done> waiting;
  {
    const MutexLock lock(mutex_);
    waiting.swap(waiting_);
  }
  Tell(systemd::NotifyReloading());
  const Result<std::string> result = Reload();
  succeeded_ = result.ok();
  Tell(systemd::NotifyReady());
  for (const Done& done : waiting) done(result);
}

Result<std::string> Reloader::Reload() {
  // All that can fail comes first.
  const auto next = Prepare();
  auto door = targets_.front_door.Prepare();
  if (next.ok() && door.ok()) {
    std::string text = Take(next.value());
    for (const std::string& line :
         targets_.front_door.Take(std::move(door).value())) {
      text += line + "\n";
    }
    return text;
  }
  targets_.metrics.ConfigRefused();
  if (door.ok()) return next.error();
  const std::string first =
      next.ok() ? options_.config_file +
                      " has no faults, but the running configuration stays"
                : next.error().message;
  return Error{Code::kInvalid, first + "\n" + door.error().message};
}

Result<Reloader::Next> Reloader::Prepare() const {
  config::LoadResult loaded = config::Load(options_.config_file);
  if (!loaded.config) return Faulty(options_.config_file, loaded.faults);
  Next next;
  next.config =
      std::make_shared<const config::Config>(*std::move(loaded.config));
  auto made = MakeSettings(*next.config);
  if (!made.ok()) {
    log::Error("reload failed", {{"error", made.error().message}});
    return made.error();
  }
  next.settings = std::move(made).value();
  next.warnings = std::move(loaded.warnings);
  return next;
}

std::string Reloader::Take(const Next& next) {
  LogWarnings(next.warnings);
  Lines lines;
  for (const std::string& note : Swap(next)) {
    log::Warn("reload", {{"note", note}});
    lines.Add(note);
  }
  for (const config::Fault& warning : next.warnings) {
    lines.Add("warning: " + config::FaultText(warning));
  }
  log::Info("reloaded", {{"hash", running_->hash}});
  return std::move(lines).Text();
}

std::vector<std::string> Reloader::Swap(const Next& made) {
  const auto& next = made.config;
  const auto& settings = made.settings;
  const std::string external_url = ExternalUrl(*next, options_);

  targets_.metrics.Know(MakeNames(*next));
  targets_.directory.Set(
      MakeDirectory(*next, external_url, targets_.loop, targets_.clock));
  targets_.engine.Reload(settings);
  targets_.web.Set(MakeWebSettings(*next, external_url));
  targets_.metrics.ConfigLoaded(next->hash, Seconds(targets_.clock.Now()));

  auto notes = DescribeOrphans(
      WhatIsGone(*running_, settings_->tree, *next, settings->tree),
      targets_.reader);
  std::vector<std::string> lines;
  if (notes.ok()) {
    lines = std::move(notes).value();
  } else {
    lines.push_back("what this leaves behind is not known: " +
                    notes.error().message);
  }
  if (StorePath(*next, options_) != StorePath(*running_, options_)) {
    lines.push_back("storage.sqlite.path: the next start will use it");
  }
  running_ = next;
  settings_ = settings;
  return lines;
}

}  // namespace tocsin::daemon
