#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace tocsin::web {

// A text in PEM form, and what faults call it: its file.
struct Pem {
  std::string name{};
  std::string text{};
};

// What a client must show, in the order of Go's tls.ClientAuthType.
enum class ClientCertificate {
  kNone,
  kRequest,           // asked for, taken as it is
  kRequireAny,        // some certificate, by whomever
  kVerifyIfGiven,     // none, or one of the authorities'
  kRequireAndVerify,  // one of the authorities'
};

enum class TlsVersion { kTls10, kTls11, kTls12, kTls13 };

struct TlsOptions {
  Pem certificates;  // ours first, then those that lead to its root
  Pem key;
  Pem client_authorities{};  // no text: the system's
  ClientCertificate client_certificate = ClientCertificate::kNone;
  // Not empty: one of the alternative names of the client's certificate (DNS,
  // e-mail, address, URI) must be among them.
  std::vector<std::string> client_sans{};
  TlsVersion min_version = TlsVersion::kTls12;
  TlsVersion max_version = TlsVersion::kTls13;
  // OpenSSL's names, for TLS 1.2 and below; empty: those with forward secrecy
  // and authenticated encryption. The suites of TLS 1.3 cannot be chosen.
  std::vector<std::string> ciphers{};
  bool prefer_our_ciphers = true;
  // OpenSSL's names, in order of preference; empty: X25519, then NIST's.
  std::vector<std::string> curves{};
};

struct TlsResult;

// Certificates and rules of one version of the configuration. A connection
// takes the one of its beginning and keeps it; a reload makes another one.
// Renegotiation and compression are off. Where certificates of clients are
// asked for there are no session tickets: each connection shows its own.
// Immutable, thread-safe.
class TlsContext {
 public:
  static TlsResult Make(const TlsOptions& options);
  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

  // When our certificate expires.
  std::chrono::sys_seconds not_after() const;

  struct Library;  // OpenSSL's part, kept out of this header
  const Library& library() const { return *library_; }

 private:
  explicit TlsContext(std::unique_ptr<const Library> library);

  const std::unique_ptr<const Library> library_;
};

// Either a context and no faults, or no context and all faults, a sentence
// each.
struct TlsResult {
  std::shared_ptr<const TlsContext> context{};
  std::vector<std::string> faults{};
};

}  // namespace tocsin::web
