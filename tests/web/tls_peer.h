#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "tests/web/certificates.h"
#include "web/tls_session.h"

namespace tocsin::test {

struct PeerOptions {
  Identity identity{};  // of the client; empty: none
  int max_version = 0;  // OpenSSL's number, 0: any
  std::string ciphers{};
  std::string protocols{};  // of ALPN, as on the wire: "\x08http/1.1"
};

// A TLS client over memory, OpenSSL's, on the other side of a TlsSession.
class TlsPeer {
 public:
  explicit TlsPeer(const PeerOptions& options = {});
  ~TlsPeer();
  TlsPeer(const TlsPeer&) = delete;
  TlsPeer& operator=(const TlsPeer&) = delete;

  // Carries bytes both ways until nobody has more to say, `piece` bytes at a
  // time towards the session. What the session understood is in `heard()`;
  // false: it has refused the client.
  bool Talk(web::TlsSession& session, std::size_t piece = 1u << 20);

  // Encrypts; the next Talk brings it over.
  void Say(std::string_view plain);
  void SayGoodbye();
  void AskForNewKeys();
  void Renegotiate();

  // The bytes for the session, for tests that carry or spoil them themselves.
  std::string TakeWire();
  void Receive(std::string_view wire);
  // Goes on as far as what was received allows.
  void Turn();

  bool connected() const;
  // "", or why the handshake failed on this side.
  const std::string& fault() const { return fault_; }
  const std::string& heard() const { return heard_; }        // by the session
  const std::string& answered() const { return answered_; }  // by it, decrypted
  const std::string& refusal() const { return refusal_; }    // the session's
  bool left() const;     // the session said close_notify
  bool resumed() const;  // an earlier session of this client
  std::string version() const;
  std::string cipher() const;
  std::string protocol() const;     // chosen by ALPN
  std::string certificate() const;  // the server's, in PEM form

  // Another connection of the same client, which tries to resume this one.
  std::unique_ptr<TlsPeer> Again() const;

 private:
  struct Library;
  explicit TlsPeer(std::unique_ptr<Library> library);

  std::unique_ptr<Library> library_;
  std::string fault_, heard_, answered_, refusal_;
};

}  // namespace tocsin::test
