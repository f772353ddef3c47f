#include "daemon/web_entry.h"

#include <sys/stat.h>

#include <utility>

#include "config/read_file.h"
#include "config/web_config.h"
#include "web/users.h"

namespace tocsin::daemon {
namespace {

// As much as the reader of the configuration takes.
constexpr std::size_t kMaxPemBytes = 1u << 20;

constexpr std::int64_t kNanosPerSecond = 1'000'000'000;

web::ClientCertificate AskedOf(config::ClientAuth auth) {
  switch (auth) {
    case config::ClientAuth::kNone:
      return web::ClientCertificate::kNone;
    case config::ClientAuth::kRequest:
      return web::ClientCertificate::kRequest;
    case config::ClientAuth::kRequireAny:
      return web::ClientCertificate::kRequireAny;
    case config::ClientAuth::kVerifyIfGiven:
      return web::ClientCertificate::kVerifyIfGiven;
    case config::ClientAuth::kRequireAndVerify:
      return web::ClientCertificate::kRequireAndVerify;
  }
  return web::ClientCertificate::kRequireAndVerify;
}

web::TlsVersion VersionOf(config::TlsVersion version) {
  switch (version) {
    case config::TlsVersion::kTls10:
      return web::TlsVersion::kTls10;
    case config::TlsVersion::kTls11:
      return web::TlsVersion::kTls11;
    case config::TlsVersion::kTls12:
      return web::TlsVersion::kTls12;
    case config::TlsVersion::kTls13:
      return web::TlsVersion::kTls13;
  }
  return web::TlsVersion::kTls13;
}

// One load: what it has made so far, and what is wrong.
class Loading {
 public:
  explicit Loading(const std::string& path) : path_(path) {
    entry_.files.push_back(StampOf(path));
    config::WebConfigResult loaded = config::LoadWebConfig(path);
    result_.faults = std::move(loaded.faults);
    result_.warnings = std::move(loaded.warnings);
    config_ = std::move(loaded.config);
  }

  WebEntryResult Finish() {
    if (config_) {
      if (config_->tls) MakeTls(*config_->tls);
      MakeRules();
    }
    if (config_ && result_.faults.empty()) result_.entry = std::move(entry_);
    return std::move(result_);
  }

 private:
  void AddFault(std::string place, std::string message) {
    result_.faults.push_back(
        {path_, 0, 0, std::move(place), std::move(message)});
  }

  web::Pem Read(const config::Pem& pem, const char* name) {
    if (pem.path.empty()) return {name, pem.text.Reveal()};
    entry_.files.push_back(StampOf(pem.path));
    auto text = config::ReadRegularFile(pem.path, kMaxPemBytes);
    if (!text.ok()) {
      AddFault("tls_server_config",
               "the file " + config::Quoted(pem.path) +
                   " cannot be read: " + text.error().message);
      return {pem.path, ""};
    }
    return {pem.path, std::move(text).value()};
  }

  void MakeTls(const config::TlsServer& tls) {
    const web::TlsOptions options{
        .certificates = Read(tls.cert, "cert"),
        .key = Read(tls.key, "key"),
        .client_authorities =
            tls.client_ca ? Read(*tls.client_ca, "client_ca") : web::Pem(),
        .client_certificate = AskedOf(tls.client_auth),
        .client_sans = tls.client_allowed_sans,
        .min_version = VersionOf(tls.min_version),
        .max_version = VersionOf(tls.max_version),
        .ciphers = tls.cipher_suites,
        .prefer_our_ciphers = tls.prefer_server_cipher_suites,
        .curves = tls.curves};
    if (!result_.faults.empty()) return;
    web::TlsResult made = web::TlsContext::Make(options);
    for (std::string& fault : made.faults) {
      AddFault("tls_server_config", std::move(fault));
    }
    entry_.tls = std::move(made.context);
    entry_.clients = options.client_certificate;
  }

  void MakeRules() {
    web::EntryRules rules;
    rules.headers.assign(config_->headers.begin(), config_->headers.end());
    for (const auto& [name, hash] : config_->users) {
      const Status checked = web::CheckHash(hash.Reveal());
      if (!checked.ok()) {
        AddFault("basic_auth_users." + name, checked.error().message);
      }
      rules.users[name] = hash.Reveal();
    }
    if (config_->rate_limit) {
      rules.rate = web::Rate{.interval = config_->rate_limit->interval,
                             .burst = config_->rate_limit->burst};
    }
    entry_.rules = std::make_shared<const web::EntryRules>(std::move(rules));
  }

  const std::string& path_;
  WebEntryResult result_;
  WebEntry entry_;
  std::optional<config::WebConfig> config_;
};

}  // namespace

FileStamp StampOf(const std::string& path) {
  struct stat found {};
  if (stat(path.c_str(), &found) != 0) return {.path = path};
  return {.path = path,
          .there = true,
          .device = found.st_dev,
          .inode = found.st_ino,
          .size = found.st_size,
          .changed_at =
              found.st_mtim.tv_sec * kNanosPerSecond + found.st_mtim.tv_nsec};
}

WebEntryResult LoadWebEntry(const std::string& path) {
  if (path.empty()) {
    WebEntryResult result;
    result.entry = WebEntry{.rules = std::make_shared<const web::EntryRules>(),
                            .tls = nullptr,
                            .files = {}};
    return result;
  }
  return Loading(path).Finish();
}

}  // namespace tocsin::daemon
