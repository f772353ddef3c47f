#include "config/web_tls.h"

#include <algorithm>
#include <array>
#include <utility>

#include "config/read_file.h"
#include "config/secrets.h"

namespace tocsin::config {
namespace {

// Certificates with a long chain have some 20 KiB, the authorities of a whole
// system 250 KiB.
constexpr std::size_t kMaxPemBytes = 1u << 20;

using Name = std::pair<std::string_view, std::string_view>;

// Go's names and OpenSSL's. Both libraries always offer those of TLS 1.3.
constexpr std::string_view kAlwaysOffered = "";
constexpr std::array<Name, 13> kCipherSuites = {{
    {"TLS_AES_128_GCM_SHA256", kAlwaysOffered},
    {"TLS_AES_256_GCM_SHA384", kAlwaysOffered},
    {"TLS_CHACHA20_POLY1305_SHA256", kAlwaysOffered},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"},
    {"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"},
    {"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
     "ECDHE-ECDSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
     "ECDHE-ECDSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "ECDHE-RSA-AES128-GCM-SHA256"},
    {"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "ECDHE-RSA-AES256-GCM-SHA384"},
    {"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
     "ECDHE-RSA-CHACHA20-POLY1305"},
    {"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
     "ECDHE-ECDSA-CHACHA20-POLY1305"},
}};
constexpr std::array<Name, 4> kCurves = {{{"CurveP256", "P-256"},
                                          {"CurveP384", "P-384"},
                                          {"CurveP521", "P-521"},
                                          {"X25519", "X25519"}}};

enum class PemKind { kCertificate, kKey };

// An empty text stands for a key that is not there, as it does in Go.
std::optional<std::string> TextOf(const Fields& fields, std::string_view key) {
  const Reader* const at = fields.Find(key);
  if (at == nullptr || at->IsNull()) return std::nullopt;
  std::optional<std::string> text = at->Block();
  if (text && text->empty()) return std::nullopt;
  return text;
}

// What is wrong with a PEM text, by its lines that begin something; "" if it
// looks right. What is inside is for whoever loads it.
std::string_view PemFault(std::string_view text, PemKind kind) {
  if (kind == PemKind::kCertificate) {
    return text.find("-----BEGIN CERTIFICATE-----") == std::string_view::npos
               ? "has no certificate in PEM form"
               : "";
  }
  if (text.find("ENCRYPTED") != std::string_view::npos) {
    return "is locked by a passphrase, which nobody is there to type";
  }
  return text.find("PRIVATE KEY-----") == std::string_view::npos
             ? "has no private key in PEM form"
             : "";
}

void CheckPemFile(const Reader& at, const std::string& path, PemKind kind) {
  const Result<std::string> content = ReadRegularFile(path, kMaxPemBytes);
  if (!content.ok()) {
    at.AddFault("the file " + Quoted(path) +
                " cannot be read: " + content.error().message);
    return;
  }
  if (content.value().size() > kMaxPemBytes) {
    at.AddFault("the file " + Quoted(path) + " is larger than " +
                std::to_string(kMaxPemBytes) + " bytes");
    return;
  }
  const std::string_view wrong = PemFault(content.value(), kind);
  if (!wrong.empty()) {
    at.AddFault("the file " + Quoted(path) + " " + std::string(wrong));
  }
}

// The text under `key`, or the file that `file_key` names.
std::optional<Pem> ReadPem(const Fields& fields, std::string_view key,
                           std::string_view file_key, PemKind kind) {
  const std::optional<std::string> text = TextOf(fields, key);
  const std::optional<std::string> path = TextOf(fields, file_key);
  if (text && path) {
    fields.at().AddFault("only one of " + std::string(key) + ", " +
                         std::string(file_key) + " may be given");
  }
  if (text) {
    const std::string_view wrong = PemFault(*text, kind);
    if (!wrong.empty()) fields.Find(key)->AddFault(std::string(wrong));
    return Pem{.path = "", .text = Secret(*text)};
  }
  if (path) {
    const Reader& at = *fields.Find(file_key);
    const std::string resolved = ResolvePath(at.report(), *path);
    CheckPemFile(at, resolved, kind);
    return Pem{.path = resolved, .text = Secret()};
  }
  return std::nullopt;
}

ClientAuth ReadClientAuth(const Fields& fields) {
  if (!TextOf(fields, "client_auth_type")) return ClientAuth::kNone;
  return fields.Find("client_auth_type")
      ->Choice<ClientAuth>(
          "client_auth_type",
          {{"NoClientCert", ClientAuth::kNone},
           {"RequestClientCert", ClientAuth::kRequest},
           {"RequireAnyClientCert", ClientAuth::kRequireAny},
           {"RequireClientCert", ClientAuth::kRequireAny},  // the older name
           {"VerifyClientCertIfGiven", ClientAuth::kVerifyIfGiven},
           {"RequireAndVerifyClientCert", ClientAuth::kRequireAndVerify}})
      .value_or(ClientAuth::kRequireAndVerify);
}

TlsVersion ReadVersion(const Fields& fields, std::string_view key,
                       TlsVersion by_default) {
  const Reader* const at = fields.Find(key);
  if (at == nullptr || at->IsNull()) return by_default;
  return at
      ->Choice<TlsVersion>("TLS version", {{"TLS13", TlsVersion::kTls13},
                                           {"TLS12", TlsVersion::kTls12},
                                           {"TLS11", TlsVersion::kTls11},
                                           {"TLS10", TlsVersion::kTls10}})
      .value_or(by_default);
}

template <std::size_t kSize>
std::vector<std::string> ReadNames(const Reader* list, std::string_view what,
                                   const std::array<Name, kSize>& known) {
  std::vector<std::string> names;
  if (list == nullptr) return names;
  for (const Reader& item : list->Items()) {
    const std::optional<std::string> text = item.Text();
    if (!text) continue;
    const auto found =
        std::find_if(known.begin(), known.end(),
                     [&](const Name& name) { return name.first == *text; });
    if (found == known.end()) {
      std::vector<std::string_view> words;
      words.reserve(kSize);
      for (const Name& name : known) words.push_back(name.first);
      item.AddUnknown(what, *text, words);
    } else if (found->second != kAlwaysOffered) {
      names.emplace_back(found->second);
    }
  }
  return names;
}

void CheckClients(const Fields& fields, const TlsServer& tls) {
  const ClientAuth auth = tls.client_auth;
  if (tls.client_ca && auth == ClientAuth::kNone) {
    fields.at().AddFault(
        "has authorities for the certificates of clients, but asks for none: "
        "give client_auth_type, RequireAndVerifyClientCert most likely");
  }
  const bool verifies = auth == ClientAuth::kVerifyIfGiven ||
                        auth == ClientAuth::kRequireAndVerify;
  if (verifies && !tls.client_ca) {
    fields.at().AddWarning(
        "takes clients whose certificate any authority of this system has "
        "signed: client_ca_file is not given");
  }
  const Reader* const sans = fields.Find("client_allowed_sans");
  if (sans != nullptr && !sans->IsNull() && auth != ClientAuth::kRequireAny &&
      auth != ClientAuth::kRequireAndVerify) {
    sans->AddFault(
        "has no effect where clients may come without a certificate: "
        "client_auth_type must be RequireAnyClientCert or "
        "RequireAndVerifyClientCert");
  }
}

}  // namespace

TlsServer ReadTlsServer(const Reader& at) {
  const Fields fields = at.Keys(
      {"cert", "key", "client_ca", "cert_file", "key_file", "client_auth_type",
       "client_ca_file", "cipher_suites", "curve_preferences", "min_version",
       "max_version", "prefer_server_cipher_suites", "client_allowed_sans"});
  TlsServer tls;
  const auto cert = ReadPem(fields, "cert", "cert_file", PemKind::kCertificate);
  if (!cert) at.AddFault("one of cert, cert_file must be given");
  const auto key = ReadPem(fields, "key", "key_file", PemKind::kKey);
  if (!key) at.AddFault("one of key, key_file must be given");
  tls.cert = cert.value_or(Pem());
  tls.key = key.value_or(Pem());
  tls.client_ca =
      ReadPem(fields, "client_ca", "client_ca_file", PemKind::kCertificate);
  tls.client_auth = ReadClientAuth(fields);
  if (const Reader* sans = fields.Find("client_allowed_sans")) {
    for (const Reader::Entry& san : sans->Texts()) {
      tls.client_allowed_sans.push_back(san.name);
    }
  }
  CheckClients(fields, tls);
  tls.min_version = ReadVersion(fields, "min_version", tls.min_version);
  tls.max_version = ReadVersion(fields, "max_version", tls.max_version);
  if (tls.min_version > tls.max_version) {
    at.AddFault("min_version is above max_version");
  }
  tls.cipher_suites =
      ReadNames(fields.Find("cipher_suites"), "cipher suite", kCipherSuites);
  tls.curves = ReadNames(fields.Find("curve_preferences"), "curve", kCurves);
  if (const Reader* prefer = fields.Find("prefer_server_cipher_suites")) {
    tls.prefer_server_cipher_suites = prefer->Flag().value_or(true);
  }
  return tls;
}

}  // namespace tocsin::config
