#include "web/tls_session.h"

#include <openssl/bio.h>
#include <openssl/err.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "base/check.h"
#include "web/tls_openssl.h"

namespace tocsin::web {
namespace {

// At most one record at a time, so that the limits are looked at between them.
constexpr std::size_t kSliceBytes = 16u << 10;

// As much as the transport brings at once.
constexpr std::size_t kReadBytes = 4096;

// After the handshake nothing makes us speak but requests, and a client may ask
// for new keys now and then. One that asks again and again, and does not read,
// would fill our memory.
constexpr std::size_t kMaxChatterBytes = 16u << 10;
constexpr std::size_t kChatterShare = 64;  // of what the client said, 1 in 64

constexpr std::string_view kNoTls =
    "Client sent an HTTP request to an HTTPS server.\n";

// Both ends of the network: OpenSSL reads here what came and writes what is to
// go. Nothing stays in between, so an idle connection holds no buffer.
struct Wire {
  std::string_view in;
  std::string out;
};

Wire& WireOf(BIO* bio) { return *static_cast<Wire*>(BIO_get_data(bio)); }

int ReadWire(BIO* bio, char* data, int size) {
  Wire& wire = WireOf(bio);
  BIO_clear_retry_flags(bio);
  if (wire.in.empty()) {
    BIO_set_retry_read(bio);
    return -1;
  }
  const std::size_t length =
      std::min(wire.in.size(), static_cast<std::size_t>(size));
  std::memcpy(data, wire.in.data(), length);
  wire.in.remove_prefix(length);
  return static_cast<int>(length);
}

int WriteWire(BIO* bio, const char* data, int size) {
  WireOf(bio).out.append(data, static_cast<std::size_t>(size));
  return size;
}

long ControlWire(BIO*, int command, long, void*) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* MakeMethod() {
  BIO_METHOD* const method =
      BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire");
  TOCSIN_CHECK(method != nullptr);
  BIO_meth_set_read(method, ReadWire);
  BIO_meth_set_write(method, WriteWire);
  BIO_meth_set_ctrl(method, ControlWire);
  return method;
}

BIO* OpenWire(Wire& wire) {
  static const std::unique_ptr<BIO_METHOD, FreeBy<BIO_meth_free>> kMethod(
      MakeMethod());
  BIO* const bio = BIO_new(kMethod.get());
  if (bio == nullptr) return nullptr;
  BIO_set_data(bio, &wire);
  BIO_set_init(bio, 1);
  return bio;
}

// The first byte of TLS is never a letter, that of a method always is.
bool LooksLikeHttp(char first) { return first >= 'A' && first <= 'Z'; }

std::string PlainRefusal() {
  return "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; "
         "charset=utf-8\r\nConnection: close\r\nContent-Length: " +
         std::to_string(kNoTls.size()) + "\r\n\r\n" + std::string(kNoTls);
}

}  // namespace

struct TlsSession::Library {
  std::shared_ptr<const TlsContext> context;  // shared with other sessions
  Wire wire{};
  SslPtr ssl{};  // writes into `wire`
};

TlsSession::TlsSession(std::unique_ptr<Library> library)
    : library_(std::move(library)) {}
TlsSession::~TlsSession() = default;

std::unique_ptr<TlsSession> TlsSession::Open(
    std::shared_ptr<const TlsContext> context) {
  ERR_clear_error();
  auto library = std::make_unique<Library>();
  library->context = std::move(context);
  library->ssl.reset(SSL_new(library->context->library().context.get()));
  BIO* const bio = library->ssl ? OpenWire(library->wire) : nullptr;
  if (bio == nullptr) {
    ERR_clear_error();
    return nullptr;
  }
  SSL_set_bio(library->ssl.get(), bio, bio);  // takes it
  SSL_set_accept_state(library->ssl.get());
  return std::unique_ptr<TlsSession>(new TlsSession(std::move(library)));
}

Status TlsSession::Take(std::string_view wire, std::string& plain) {
  if (state_ == State::kFailed) {
    return Error{Code::kInvalid, "the TLS connection has failed"};
  }
  while (!wire.empty() && !closed()) {
    const Status taken = TakeSlice(wire.substr(0, kSliceBytes), plain);
    if (!taken.ok()) return taken;
    wire.remove_prefix(std::min(wire.size(), kSliceBytes));
  }
  return {};
}

Status TlsSession::TakeSlice(std::string_view wire, std::string& plain) {
  if (handshake_bytes_ == 0 && LooksLikeHttp(wire.front())) {
    library_->wire.out = PlainRefusal();
    return Fail("the client speaks HTTP without TLS");
  }
  ERR_clear_error();
  library_->wire.in = wire;
  if (handshaking()) {
    handshake_bytes_ += wire.size();
    const Status status = Handshake();
    if (!status.ok() || handshaking()) return status;
  }
  const std::size_t plain_before = plain.size();
  const std::size_t out_before = library_->wire.out.size();
  const Status status = Read(plain);
  library_->wire.in = {};
  if (!status.ok()) return status;
  plain_bytes_ += plain.size() - plain_before;
  chatter_bytes_ += library_->wire.out.size() - out_before;
  if (chatter_bytes_ > kMaxChatterBytes + plain_bytes_ / kChatterShare) {
    return Fail("the client keeps TLS busy");
  }
  return {};
}

Status TlsSession::Handshake() {
  SSL* const ssl = library_->ssl.get();
  const int result = SSL_do_handshake(ssl);
  if (result == 1) {
    state_ = State::kOpen;
    return {};
  }
  if (SSL_get_error(ssl, result) != SSL_ERROR_WANT_READ) {
    const long verified = SSL_get_verify_result(ssl);
    return Fail(verified == X509_V_OK
                    ? "the TLS handshake failed"
                    : X509_verify_cert_error_string(verified));
  }
  if (handshake_bytes_ >= kMaxHandshakeBytes) {
    return Fail("the TLS handshake is too long");
  }
  return {};
}

Status TlsSession::Read(std::string& plain) {
  SSL* const ssl = library_->ssl.get();
  std::array<char, kReadBytes> buffer{};
  while (true) {
    std::size_t length = 0;
    const int result = SSL_read_ex(ssl, buffer.data(), buffer.size(), &length);
    if (result == 1) {
      plain.append(buffer.data(), length);
      continue;
    }
    switch (SSL_get_error(ssl, result)) {
      case SSL_ERROR_WANT_READ:
      case SSL_ERROR_ZERO_RETURN:  // the client's close_notify
        return {};
      default:
        return Fail("TLS is broken");
    }
  }
}

Status TlsSession::Fail(const std::string& what) {
  state_ = State::kFailed;
  library_->wire.in = {};
  const std::string why = TakeSslError();
  return Error{Code::kInvalid, why.empty() ? what : what + ": " + why};
}

Status TlsSession::Seal(std::string_view plain) {
  if (state_ != State::kOpen || goodbye_said_) {
    return Error{Code::kUnavailable, "the TLS connection is not open"};
  }
  if (plain.empty()) return {};
  ERR_clear_error();
  std::size_t written = 0;
  SSL* const ssl = library_->ssl.get();
  if (SSL_write_ex(ssl, plain.data(), plain.size(), &written) == 1) return {};
  const Status failed = Fail("cannot encrypt");
  return Error{Code::kUnavailable, failed.error().message};
}

void TlsSession::SayGoodbye() {
  if (state_ != State::kOpen || goodbye_said_) return;
  goodbye_said_ = true;
  ERR_clear_error();
  SSL_shutdown(library_->ssl.get());
  ERR_clear_error();
}

std::string TlsSession::Output() {
  return std::exchange(library_->wire.out, {});
}

bool TlsSession::closed() const {
  return (SSL_get_shutdown(library_->ssl.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

}  // namespace tocsin::web
