#include "web/tls_context.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <ctime>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "web/tls_client_check.h"
#include "web/tls_openssl.h"

namespace tocsin::web {
namespace {

using BioPtr = std::unique_ptr<BIO, FreeBy<BIO_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeBy<EVP_PKEY_free>>;

// Against RSA below 2048 bits and SHA-1; TLS below 1.2 needs both its hashes,
// so who asks for it gets no such floor.
constexpr int kSecurityLevel = 2;
constexpr int kOldSecurityLevel = 0;

constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kOldCiphers =
    "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:!aNULL";
constexpr const char* kCurves = "X25519:P-256:P-384:P-521";

// Chains of certificates are two or three long.
constexpr int kMaxChain = 10;
constexpr long kMaxClientChainBytes = 32L << 10;

constexpr std::string_view kProtocol = "http/1.1";  // as ALPN has it

int VersionOf(TlsVersion version) {
  switch (version) {
    case TlsVersion::kTls10:
      return TLS1_VERSION;
    case TlsVersion::kTls11:
      return TLS1_1_VERSION;
    case TlsVersion::kTls12:
      return TLS1_2_VERSION;
    case TlsVersion::kTls13:
      return TLS1_3_VERSION;
  }
  return TLS1_3_VERSION;
}

std::string Joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    if (!text.empty()) text += ':';
    text += name;
  }
  return text;
}

BioPtr Open(const std::string& text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// Nobody is there to type a passphrase.
int NoPassphrase(char*, int, int, void*) { return -1; }

// All certificates of the text, in their order; none if one cannot be read.
std::vector<CertificatePtr> ReadCertificates(const std::string& text) {
  std::vector<CertificatePtr> all;
  const BioPtr bio = Open(text);
  while (X509* one =
             PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)) {
    all.emplace_back(one);
  }
  const bool at_end =
      ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  if (!at_end) all.clear();
  return all;
}

// http/1.1, or nothing in common: RFC 7301 wants that said.
int ChooseProtocol(SSL*, const unsigned char** out, unsigned char* length,
                   const unsigned char* offered, unsigned offered_length,
                   void*) {
  std::string_view rest(reinterpret_cast<const char*>(offered), offered_length);
  while (!rest.empty()) {
    const auto size = static_cast<unsigned char>(rest.front());
    const std::string_view name = rest.substr(1, size);
    if (name == kProtocol) {
      *out = reinterpret_cast<const unsigned char*>(name.data());
      *length = size;
      return SSL_TLSEXT_ERR_OK;
    }
    rest.remove_prefix(1 + name.size());
  }
  return SSL_TLSEXT_ERR_ALERT_FATAL;
}

// Puts the options into a context and gathers what does not fit.
class Builder {
 public:
  explicit Builder(const TlsOptions& options) : options_(options) {
    library_->context.reset(SSL_CTX_new(TLS_server_method()));
    TOCSIN_CHECK(library_->context != nullptr);
  }

  void SetProtocol() {
    const bool old = options_.min_version < TlsVersion::kTls12;
    SSL_CTX_set_security_level(context(),
                               old ? kOldSecurityLevel : kSecurityLevel);
    SSL_CTX_set_options(context(),
                        SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    if (options_.prefer_our_ciphers) {
      SSL_CTX_set_options(context(), SSL_OP_CIPHER_SERVER_PREFERENCE);
    }
    // An idle connection holds no buffers.
    SSL_CTX_set_mode(context(), SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_max_early_data(context(), 0);  // it could be played again
    Expect(SSL_CTX_set_min_proto_version(context(),
                                         VersionOf(options_.min_version)),
           "min_version");
    Expect(SSL_CTX_set_max_proto_version(context(),
                                         VersionOf(options_.max_version)),
           "max_version");
    const std::string by_default = old ? kOldCiphers : kCiphers;
    const std::string ciphers =
        options_.ciphers.empty() ? by_default : Joined(options_.ciphers);
    Expect(SSL_CTX_set_cipher_list(context(), ciphers.c_str()),
           "cipher_suites");
    std::string curves =
        options_.curves.empty() ? kCurves : Joined(options_.curves);
    Expect(SSL_CTX_set1_groups_list(context(), curves.data()),
           "curve_preferences");
    SSL_CTX_set_alpn_select_cb(context(), ChooseProtocol, nullptr);
  }

  void SetCertificate() {
    auto chain = ReadCertificates(options_.certificates.text);
    if (chain.empty()) {
      return AddFault(options_.certificates, "is no certificate");
    }
    const CertificatePtr own = std::move(chain.front());
    chain.erase(chain.begin());
    Expect(SSL_CTX_use_certificate(context(), own.get()),
           options_.certificates.name);
    for (CertificatePtr& above : chain) {
      if (SSL_CTX_add0_chain_cert(context(), above.get()) == 1) {
        static_cast<void>(above.release());
      } else {
        AddFault(options_.certificates, "has a chain that cannot be used");
      }
    }
    std::tm end{};
    if (ASN1_TIME_to_tm(X509_get0_notAfter(own.get()), &end) == 1) {
      library_->not_after =
          std::chrono::sys_seconds(std::chrono::seconds(timegm(&end)));
    }
    SetKey(own.get());
  }

  void SetClients() {
    const ClientCertificate asked = options_.client_certificate;
    library_->verifies = asked == ClientCertificate::kVerifyIfGiven ||
                         asked == ClientCertificate::kRequireAndVerify;
    library_->client_sans = options_.client_sans;
    // What sessions are told apart by; those of another context open nothing.
    constexpr std::string_view kId = "tocsin";
    SSL_CTX_set_session_id_context(
        context(), reinterpret_cast<const unsigned char*>(kId.data()),
        static_cast<unsigned>(kId.size()));
    SSL_CTX_set_session_cache_mode(context(), SSL_SESS_CACHE_OFF);
    if (asked == ClientCertificate::kNone) {
      return SSL_CTX_set_verify(context(), SSL_VERIFY_NONE, nullptr);
    }
    SSL_CTX_set_options(context(), SSL_OP_NO_TICKET);
    SSL_CTX_set_num_tickets(context(), 0);
    const bool required = asked == ClientCertificate::kRequireAny ||
                          asked == ClientCertificate::kRequireAndVerify;
    SSL_CTX_set_verify(
        context(),
        SSL_VERIFY_PEER | (required ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0),
        nullptr);
    SSL_CTX_set_verify_depth(context(), kMaxChain);
    SSL_CTX_set_max_cert_list(context(), kMaxClientChainBytes);
    SSL_CTX_set_cert_verify_callback(context(), CheckClient, library_.get());
    SetAuthorities();
  }

  std::unique_ptr<const TlsContext::Library> Take() {
    return std::move(library_);
  }
  std::vector<std::string>& faults() { return faults_; }

 private:
  SSL_CTX* context() { return library_->context.get(); }

  void AddFault(const Pem& pem, const std::string& what) {
    const std::string why = TakeSslError();
    faults_.push_back(pem.name + " " + what +
                      (why.empty() ? "" : " (" + why + ")"));
  }

  void Expect(int result, const std::string& what) {
    if (result == 1) return;
    faults_.push_back(what + " cannot be used: " + TakeSslError());
  }

  void SetKey(X509* certificate) {
    const BioPtr bio = Open(options_.key.text);
    const KeyPtr key(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
    if (!key) return AddFault(options_.key, "is no private key");
    if (X509_check_private_key(certificate, key.get()) != 1) {
      return AddFault(options_.key, "does not belong to the certificate " +
                                        options_.certificates.name);
    }
    Expect(SSL_CTX_use_PrivateKey(context(), key.get()), options_.key.name);
  }

  void SetAuthorities() {
    if (options_.client_authorities.text.empty()) {
      return Expect(SSL_CTX_set_default_verify_paths(context()),
                    "the system's authorities");
    }
    const auto all = ReadCertificates(options_.client_authorities.text);
    if (all.empty()) {
      return AddFault(options_.client_authorities, "has no authority");
    }
    X509_STORE* const store = SSL_CTX_get_cert_store(context());
    // Whoever stands in the file is trusted, root or not, as with Go.
    X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
    for (const CertificatePtr& one : all) {
      Expect(X509_STORE_add_cert(store, one.get()),
             options_.client_authorities.name);
      Expect(SSL_CTX_add_client_CA(context(), one.get()),
             options_.client_authorities.name);
    }
  }

  const TlsOptions& options_;
  std::unique_ptr<TlsContext::Library> library_ =
      std::make_unique<TlsContext::Library>();
  std::vector<std::string> faults_;
};

}  // namespace

std::string TakeSslError() {
  const char* const reason = ERR_reason_error_string(ERR_peek_last_error());
  std::string text = reason == nullptr ? "" : reason;
  ERR_clear_error();
  return text;
}

TlsResult TlsContext::Make(const TlsOptions& options) {
  ERR_clear_error();
  Builder builder(options);
  builder.SetProtocol();
  builder.SetCertificate();
  builder.SetClients();
  ERR_clear_error();
  TlsResult result{.faults = std::move(builder.faults())};
  if (result.faults.empty()) {
    result.context =
        std::shared_ptr<const TlsContext>(new TlsContext(builder.Take()));
  }
  return result;
}

TlsContext::TlsContext(std::unique_ptr<const Library> library)
    : library_(std::move(library)) {}
TlsContext::~TlsContext() = default;

std::chrono::sys_seconds TlsContext::not_after() const {
  return library_->not_after;
}

}  // namespace tocsin::web
