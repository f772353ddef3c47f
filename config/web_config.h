#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "config/fault.h"
#include "config/secret.h"

// The file of `--web.config.file`: TLS, users and headers of the daemon's own
// listeners, in the format that Prometheus and its exporters share. Strict, and
// with all faults at once. Plain data with all defaults filled in; names of
// ciphers and curves are OpenSSL's.
// Source: prometheus/exporter-toolkit docs/web-configuration.md and
// web/tls_config.go (getConfig, ConfigToTLSConfig, validateHeaderConfig).
//
// Where this reader asks for more than they do: a value and its file twin do
// not stand together, TLS settings without a certificate are a fault and not
// plain HTTP, and min_version is not above max_version.
namespace tocsin::config {

// A PEM text, or the file that holds it: one of the two. The file was there and
// looked like PEM when the configuration was read; it may change later.
struct Pem {
  std::string path;  // resolved
  Secret text;
};

// In the order of Go's tls.ClientAuthType.
enum class ClientAuth {
  kNone,
  kRequest,
  kRequireAny,
  kVerifyIfGiven,
  kRequireAndVerify,
};

enum class TlsVersion { kTls10, kTls11, kTls12, kTls13 };

struct TlsServer {
  Pem cert;
  Pem key;
  std::optional<Pem> client_ca;  // absent: the system's authorities
  ClientAuth client_auth = ClientAuth::kNone;
  // Not empty: one of the client's alternative names must be among them.
  std::vector<std::string> client_allowed_sans;
  TlsVersion min_version = TlsVersion::kTls12;
  TlsVersion max_version = TlsVersion::kTls13;
  // Up to TLS 1.2; empty: the library's. Those of TLS 1.3 cannot be chosen.
  std::vector<std::string> cipher_suites;
  bool prefer_server_cipher_suites = true;
  std::vector<std::string> curves;  // in order of preference; empty: as above
};

// One request each `interval`, and `burst` of them at once.
struct RateLimit {
  Duration interval{};
  std::uint32_t burst = 0;
};

struct WebConfig {
  std::optional<TlsServer> tls;  // absent: plain HTTP
  bool http2 = true;             // as the file says; only with TLS
  std::map<std::string, std::string> headers;  // sent with each answer
  std::map<std::string, Secret> users;         // name -> bcrypt hash
  std::optional<RateLimit> rate_limit;
};

// Either a configuration and no faults, or no configuration and all faults.
struct WebConfigResult {
  std::optional<WebConfig> config;
  std::vector<Fault> faults;
  std::vector<Fault> warnings;
};

// Reads and checks the file at `path` and looks at the files it names, relative
// ones from its own folder. Has no other effects. Thread-safe.
WebConfigResult LoadWebConfig(const std::string& path);

// The same of a text that is already in memory.
WebConfigResult LoadWebConfigText(const std::string& path,
                                  std::string_view text);

}  // namespace tocsin::config
