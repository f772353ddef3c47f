#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/check.h"
#include "tests/web/certificates.h"
#include "tests/web/tls_peer.h"
#include "web/tls_session.h"

namespace {

using tocsin::test::Authority;
using tocsin::test::Identity;
using tocsin::test::TlsPeer;
using tocsin::web::TlsContext;
using tocsin::web::TlsSession;

constexpr std::string_view kQuestion = "GET /metrics HTTP/1.1\r\n\r\n";

std::shared_ptr<const TlsContext> MakeContext() {
  const Authority authority;
  const Identity identity = authority.Issue();
  auto made = TlsContext::Make(
      {.certificates = {"crt", identity.certificate},
       .key = {"key", identity.key},
       .client_authorities = {"ca", authority.certificate()},
       .client_certificate = tocsin::web::ClientCertificate::kVerifyIfGiven});
  TOCSIN_CHECK(made.context != nullptr);
  return made.context;
}

// What the fuzzer lets happen, byte by byte of its input; 0 when it is used up.
class Script {
 public:
  explicit Script(std::string_view text) : text_(text) {}

  bool empty() const { return text_.empty(); }
  std::uint8_t Next() {
    if (text_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(text_.front());
    text_.remove_prefix(1);
    return byte;
  }
  std::string_view Take(std::size_t length) {
    const std::string_view taken = text_.substr(0, length);
    text_.remove_prefix(taken.size());
    return taken;
  }

 private:
  std::string_view text_;
};

// A client and a session, and the network between them, which the script
// spoils.
class Line {
 public:
  explicit Line(const std::shared_ptr<const TlsContext>& context)
      : session_(TlsSession::Open(context)) {}

  void Step(Script& script) {
    switch (script.Next() % 6) {
      case 0:
        return Bring(peer_.TakeWire());
      case 1:
        return Bring(Spoilt(peer_.TakeWire(), script));
      case 2:
        return Bring(std::string(script.Take(script.Next())));
      case 3:
        if (session_->Seal("answer").ok()) TOCSIN_CHECK(good_);
        return;
      case 4:
        return session_->SayGoodbye();
      default:
        return Say();
    }
  }

  // Only what was said is ever heard, whatever the network did to it.
  void Check() const {
    TOCSIN_CHECK(std::string_view(said_).starts_with(heard_));
  }

 private:
  static std::string Spoilt(std::string wire, Script& script) {
    if (wire.empty()) return wire;
    const std::size_t position =
        (std::size_t{script.Next()} * 256 + script.Next()) % wire.size();
    wire[position] = static_cast<char>(wire[position] ^ script.Next());
    return wire;
  }

  void Bring(const std::string& wire) {
    const std::size_t before = heard_.size();
    const bool taken = session_->Take(wire, heard_).ok();
    TOCSIN_CHECK(heard_.size() - before <= wire.size());
    TOCSIN_CHECK(good_ || !taken || wire.empty());
    good_ = good_ && taken;
    peer_.Receive(session_->Output());
    TOCSIN_CHECK(session_->Output().empty());
    peer_.Turn();
  }

  void Say() {
    peer_.Turn();
    if (!peer_.connected() || peer_.left()) return;
    peer_.Say(kQuestion);
    said_ += kQuestion;
  }

  const std::unique_ptr<TlsSession> session_;
  TlsPeer peer_;
  std::string said_, heard_;
  bool good_ = true;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const std::shared_ptr<const TlsContext> kContext = MakeContext();
  Script script({reinterpret_cast<const char*>(data), size});
  Line line(kContext);
  while (!script.empty()) line.Step(script);
  line.Check();
  return 0;
}
