#include "daemon/front_door.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/time.h"

namespace tocsin::daemon {
namespace {

// What one answer tells, less than a client takes; the log has all of it.
constexpr std::size_t kMaxText = 60u << 10;

double Seconds(Instant at) { return static_cast<double>(ToMillis(at)) / 1000; }

std::string TextOf(const std::vector<config::Fault>& faults) {
  std::string text;
  for (const config::Fault& fault : faults) {
    if (text.size() < kMaxText) text += "\n" + config::FaultText(fault);
  }
  return text;
}

void LogFaults(const std::vector<config::Fault>& faults) {
  for (const config::Fault& fault : faults) {
    log::Error("web configuration", {{"fault", config::FaultText(fault)}});
  }
}

// How much a client must show to get in.
int Demanded(web::ClientCertificate asked) {
  switch (asked) {
    case web::ClientCertificate::kNone:
    case web::ClientCertificate::kRequest:
    case web::ClientCertificate::kVerifyIfGiven:
      return 0;
    case web::ClientCertificate::kRequireAny:
      return 1;
    case web::ClientCertificate::kRequireAndVerify:
      return 2;
  }
  return 2;
}

}  // namespace

FrontDoor::FrontDoor(std::string path, WebEntry first,
                     metrics::Metrics& metrics, const Clock& clock)
    : path_(std::move(path)),
      metrics_(metrics),
      clock_(clock),
      has_tls_(first.tls != nullptr),
      rules_(first.rules),
      tls_(first.tls),
      clients_(first.clients) {
  GoOver(std::move(first));
}

web::Entrance FrontDoor::entrance() const {
  return {.rules = &rules_, .tls = has_tls_ ? &tls_ : nullptr};
}

std::optional<std::chrono::milliseconds> FrontDoor::patience() const {
  if (path_.empty()) return std::nullopt;
  return kLook;
}

void FrontDoor::Look() {
  if (path_.empty()) return;
  const bool changed = Changed();
  const bool old = clock_.Now() - taken_at_ >= kMaxAge;
  if (!changed && !old && failure_.empty()) return;
  const std::string failure_before = failure_;
  WebEntryResult loaded = Load();
  if (!loaded.entry) {
    if (failure_ != failure_before) LogFaults(loaded.faults);
    return;
  }
  if (const auto opened = OpenedBy(*loaded.entry); !opened.empty()) {
    std::string why = path_ + " opens a door and was not taken unasked:";
    for (const std::string& line : opened) why += " " + line + ";";
    Refuse(why + " the old rules stay, if this is meant, reload");
    if (failure_ != failure_before) {
      log::Warn("web configuration", {{"note", failure_}});
    }
    return;
  }
  const auto notes = GoOver(*std::move(loaded.entry));
  for (const std::string& note : notes) {
    log::Warn("web configuration", {{"note", note}});
  }
  if (changed || !failure_before.empty()) {
    log::Info("web configuration has changed and was read", {{"file", path_}});
  }
}

Result<WebEntryResult> FrontDoor::Prepare() {
  WebEntryResult loaded = Load();
  if (!loaded.entry) {
    LogFaults(loaded.faults);
    return Error{Code::kInvalid, path_ +
                                     " is faulty, the doors stay as they "
                                     "are" +
                                     failure_};
  }
  return loaded;
}

std::vector<std::string> FrontDoor::Take(WebEntryResult prepared) {
  std::vector<std::string> lines;
  for (const std::string& opened : OpenedBy(*prepared.entry)) {
    lines.push_back(path_ + ": " + opened);
  }
  for (std::string& note : GoOver(*std::move(prepared.entry))) {
    lines.push_back(std::move(note));
  }
  for (const std::string& line : lines) {
    log::Warn("web configuration", {{"note", line}});
  }
  for (const config::Fault& warning : prepared.warnings) {
    log::Warn("web configuration", {{"warning", config::FaultText(warning)}});
    lines.push_back("warning: " + config::FaultText(warning));
  }
  return lines;
}

WebEntryResult FrontDoor::Load() {
  WebEntryResult loaded = LoadWebEntry(path_);
  if (!loaded.entry) Refuse(TextOf(loaded.faults));
  return loaded;
}

void FrontDoor::Refuse(std::string why) {
  failure_ = std::move(why);
  metrics_.WebConfigRefused();
}

std::vector<std::string> FrontDoor::OpenedBy(const WebEntry& entry) const {
  std::vector<std::string> opened;
  if (!rules_.Get()->users.empty() && entry.rules->users.empty()) {
    opened.emplace_back(
        "its last user is gone, so what users guard is open to everybody");
  }
  // Without its part of TLS the old one stays.
  if (has_tls_ && entry.tls && Demanded(entry.clients) < Demanded(clients_)) {
    opened.emplace_back(
        "certificates of clients are not required as they were");
  }
  return opened;
}

std::vector<std::string> FrontDoor::GoOver(WebEntry entry) {
  std::vector<std::string> notes;
  failure_.clear();
  files_ = std::move(entry.files);
  taken_at_ = clock_.Now();
  rules_.Set(std::move(entry.rules));
  if (has_tls_ && entry.tls) {
    metrics_.CertificateExpires(
        static_cast<double>(entry.tls->not_after().time_since_epoch().count()));
    tls_.Set(std::move(entry.tls));
    clients_ = entry.clients;
  } else if (has_tls_) {
    notes.push_back(path_ +
                    " has no tls_server_config any more: TLS stays, with the "
                    "certificate it has, until the next start");
  } else if (entry.tls) {
    notes.push_back(path_ +
                    ": tls_server_config begins with the next start, until "
                    "then this is plain HTTP");
  }
  metrics_.WebConfigLoaded(Seconds(taken_at_));
  return notes;
}

bool FrontDoor::Changed() const {
  return std::any_of(files_.begin(), files_.end(), [](const FileStamp& file) {
    return StampOf(file.path) != file;
  });
}

}  // namespace tocsin::daemon
