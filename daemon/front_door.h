#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/current.h"
#include "base/result.h"
#include "base/time.h"
#include "config/fault.h"
#include "daemon/web_entry.h"
#include "metrics/metrics.h"
#include "web/settings.h"

namespace tocsin::daemon {

// Who comes in, and how: --web.config.file and the certificates it names while
// the daemon runs. They are read again when somebody asks for a reload and when
// one of them changes, so a renewed certificate needs nobody. A faulty one
// changes nothing. One that opens a door (the last user is gone, or clients
// need no certificate any more) is taken only when somebody asks: it may be a
// file that is being written. Whether there is TLS at all is settled at the
// start: a listener that turned from one to the other would cut off all its
// clients. Confined to the main thread; what entrance() leads to is
// thread-safe.
class FrontDoor {
 public:
  // How often the files are looked at.
  static constexpr std::chrono::milliseconds kLook{10000};
  // What was made of them is made anew after that, as it has the key of session
  // tickets in it: who steals one opens no more than a day.
  static constexpr Duration kMaxAge = std::chrono::hours(24);

  // `first` was made of the file at `path`, or is that of no file. `metrics`
  // and `clock` outlive it.
  FrontDoor(std::string path, WebEntry first, metrics::Metrics& metrics,
            const Clock& clock);

  // For listeners, which the front door outlives.
  web::Entrance entrance() const;

  // How long the main thread may sleep before it calls Look; absent where there
  // is nothing to look at.
  std::optional<std::chrono::milliseconds> patience() const;

  // Reads the files if one of them has changed since they were read, the last
  // try failed, or a day has passed, and goes over to them unless that opens a
  // door. The log has what came of it, a failure once.
  void Look();

  // The first half of a reload: reads the files and tries them. Nothing changes
  // yet; all faults, or what Take wants.
  Result<WebEntryResult> Prepare();

  // The second half: goes over to what Prepare returned. What is worth knowing,
  // a line each.
  std::vector<std::string> Take(WebEntryResult prepared);

 private:
  WebEntryResult Load();
  // The last try failed.
  void Refuse(std::string why);
  // What the entry opens of what is closed now, a sentence each.
  std::vector<std::string> OpenedBy(const WebEntry& entry) const;
  std::vector<std::string> GoOver(WebEntry entry);
  bool Changed() const;

  const std::string path_;
  metrics::Metrics& metrics_;
  const Clock& clock_;
  const bool has_tls_;
  Current<web::EntryRules> rules_;
  Current<web::TlsContext> tls_;    // of nothing without TLS
  web::ClientCertificate clients_;  // what tls_ asks of them
  std::vector<FileStamp> files_;
  Instant taken_at_;
  std::string failure_;  // of the last try, "" if it succeeded
};

}  // namespace tocsin::daemon
