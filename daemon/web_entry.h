#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/fault.h"
#include "web/settings.h"
#include "web/tls_context.h"

// --web.config.file, from the text to what listeners go by.
namespace tocsin::daemon {

// How a file looked: another one under the same name looks different.
struct FileStamp {
  std::string path;
  bool there = false;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  std::int64_t size = 0;
  std::int64_t changed_at = 0;  // nanoseconds
  bool operator==(const FileStamp&) const = default;
};
FileStamp StampOf(const std::string& path);

struct WebEntry {
  std::shared_ptr<const web::EntryRules> rules;
  std::shared_ptr<const web::TlsContext> tls;  // null: plain HTTP
  // What `tls` asks of clients.
  web::ClientCertificate clients = web::ClientCertificate::kNone;
  // Of all files that it was made of, from before they were read.
  std::vector<FileStamp> files;
};

// Either an entry and no faults, or no entry and all faults.
struct WebEntryResult {
  std::optional<WebEntry> entry;
  std::vector<config::Fault> faults;
  std::vector<config::Fault> warnings;
};

// Reads the file and those it names, and tries what is in them: a certificate
// that OpenSSL cannot use is a fault here. An empty path: plain HTTP for
// everybody.
WebEntryResult LoadWebEntry(const std::string& path);

}  // namespace tocsin::daemon
