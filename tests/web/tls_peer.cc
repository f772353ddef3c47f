#include "tests/web/tls_peer.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>

#include <array>
#include <stdexcept>
#include <utility>

namespace tocsin::test {
namespace {

using BioPtr = std::unique_ptr<BIO, decltype(&BIO_free)>;

void Expect(bool good) {
  if (!good) throw std::runtime_error("OpenSSL refuses a step of the test");
}

BioPtr Open(const std::string& text) {
  return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
          BIO_free};
}

void Use(SSL_CTX* context, const Identity& identity) {
  X509* const certificate = PEM_read_bio_X509(Open(identity.certificate).get(),
                                              nullptr, nullptr, nullptr);
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(Open(identity.key).get(),
                                                nullptr, nullptr, nullptr);
  Expect(SSL_CTX_use_certificate(context, certificate) == 1);
  Expect(SSL_CTX_use_PrivateKey(context, key) == 1);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

}  // namespace

struct TlsPeer::Library {
  std::shared_ptr<SSL_CTX> context;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl{nullptr, SSL_free};

  void Begin() {
    ssl.reset(SSL_new(context.get()));
    SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl.get());
  }
};

TlsPeer::TlsPeer(const PeerOptions& options)
    : library_(std::make_unique<Library>()) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  library_->context.reset(context, SSL_CTX_free);
  // The client speaks what it is told to, however old.
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  SSL_CTX_set_max_proto_version(context, options.max_version);
  SSL_CTX_set_session_cache_mode(
      context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  if (!options.ciphers.empty()) {
    Expect(SSL_CTX_set_cipher_list(context, options.ciphers.c_str()) == 1);
  }
  if (!options.protocols.empty()) {
    Expect(SSL_CTX_set_alpn_protos(
               context,
               reinterpret_cast<const unsigned char*>(options.protocols.data()),
               static_cast<unsigned>(options.protocols.size())) == 0);
  }
  if (!options.identity.certificate.empty()) Use(context, options.identity);
  library_->Begin();
}

TlsPeer::TlsPeer(std::unique_ptr<Library> library)
    : library_(std::move(library)) {}
TlsPeer::~TlsPeer() = default;

std::unique_ptr<TlsPeer> TlsPeer::Again() const {
  auto next = std::make_unique<Library>();
  next->context = library_->context;
  next->Begin();
  SSL_SESSION* const session = SSL_get1_session(library_->ssl.get());
  SSL_set_session(next->ssl.get(), session);
  SSL_SESSION_free(session);
  return std::unique_ptr<TlsPeer>(new TlsPeer(std::move(next)));
}

bool TlsPeer::Talk(web::TlsSession& session, std::size_t piece) {
  for (int quiet = 0; quiet < 2; ++quiet) {
    Turn();
    std::string wire = TakeWire();
    if (!wire.empty()) quiet = 0;
    while (!wire.empty()) {
      const Status taken = session.Take(wire.substr(0, piece), heard_);
      wire.erase(0, piece);
      if (taken.ok()) continue;
      refusal_ = taken.error().message;
      Receive(session.Output());
      Turn();
      return false;
    }
    const std::string output = session.Output();
    if (!output.empty()) quiet = 0;
    Receive(output);
  }
  return true;
}

void TlsPeer::Turn() {
  ERR_clear_error();
  SSL* const ssl = library_->ssl.get();
  std::array<char, 4096> buffer{};
  std::size_t length = 0;
  int result = 1;
  while (result == 1) {
    result = SSL_read_ex(ssl, buffer.data(), buffer.size(), &length);
    if (result == 1) answered_.append(buffer.data(), length);
  }
  if (SSL_get_error(ssl, result) == SSL_ERROR_SSL && fault_.empty()) {
    const char* const why = ERR_reason_error_string(ERR_peek_last_error());
    fault_ = why == nullptr ? "unknown" : why;
  }
  ERR_clear_error();
}

void TlsPeer::Say(std::string_view plain) {
  std::size_t written = 0;
  Expect(SSL_write_ex(library_->ssl.get(), plain.data(), plain.size(),
                      &written) == 1);
}

void TlsPeer::SayGoodbye() { SSL_shutdown(library_->ssl.get()); }

void TlsPeer::AskForNewKeys() {
  SSL* const ssl = library_->ssl.get();
  Expect(SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED) == 1);
  Expect(SSL_do_handshake(ssl) == 1);
}

void TlsPeer::Renegotiate() {
  Expect(SSL_renegotiate(library_->ssl.get()) == 1);
  SSL_do_handshake(library_->ssl.get());
}

std::string TlsPeer::TakeWire() {
  BIO* const bio = SSL_get_wbio(library_->ssl.get());
  std::string wire(BIO_ctrl_pending(bio), '\0');
  if (!wire.empty()) {
    BIO_read(bio, wire.data(), static_cast<int>(wire.size()));
  }
  return wire;
}

void TlsPeer::Receive(std::string_view wire) {
  if (wire.empty()) return;
  BIO_write(SSL_get_rbio(library_->ssl.get()), wire.data(),
            static_cast<int>(wire.size()));
}

bool TlsPeer::connected() const {
  return SSL_is_init_finished(library_->ssl.get()) == 1 && fault_.empty();
}
bool TlsPeer::left() const {
  return (SSL_get_shutdown(library_->ssl.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}
bool TlsPeer::resumed() const {
  return SSL_session_reused(library_->ssl.get()) == 1;
}
std::string TlsPeer::version() const {
  return SSL_get_version(library_->ssl.get());
}
std::string TlsPeer::cipher() const {
  return SSL_get_cipher_name(library_->ssl.get());
}

std::string TlsPeer::protocol() const {
  const unsigned char* name = nullptr;
  unsigned length = 0;
  SSL_get0_alpn_selected(library_->ssl.get(), &name, &length);
  return {reinterpret_cast<const char*>(name), length};
}

std::string TlsPeer::certificate() const {
  X509* const certificate = SSL_get0_peer_certificate(library_->ssl.get());
  const BioPtr bio(BIO_new(BIO_s_mem()), BIO_free);
  Expect(PEM_write_bio_X509(bio.get(), certificate) == 1);
  char* data = nullptr;
  const long length = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(length)};
}

}  // namespace tocsin::test
