#include "web/guard.h"

#include <pistache/endpoint.h>
#include <pistache/peer.h>
#include <pistache/version.h>
#include <sys/socket.h>

#include <charconv>
#include <chrono>
#include <exception>
#include <optional>
#include <string_view>
#include <utility>

#include "base/log.h"

// Pistache's own HTTP side must not face a network: it can be crashed, wedged
// and made to send an answer to the wrong client. What is sound in it is used
// here: accept, epoll, read. Its private virtuals onConnection and onInput are
// overridden, so its parser, its writers and its timers are never reached.
static_assert(
    Pistache::Version::Major == 0 && Pistache::Version::Minor == 0 &&
        Pistache::Version::Patch == 5,
    "guard.cc relies on private virtuals of Pistache 0.0.5; read "
    "another version's http.cc and transport.cc before changing this");

namespace tocsin::web {
namespace {

namespace pistache = Pistache;

// Pistache's idle scan can write into a connection and does not know about
// requests in flight; deadlines are ours. It cannot be switched off, so it is
// set beyond any life of a process.
constexpr std::chrono::hours kNever{24 * 365 * 20};

// Connections that wait to be accepted; Options::backlog is ignored by 0.0.5.
constexpr int kBacklog = 1024;

constexpr const char* kConnection = "tocsin";

std::shared_ptr<Connection> ConnectionOf(
    const std::shared_ptr<pistache::Tcp::Peer>& peer) {
  return std::static_pointer_cast<Connection>(peer->tryGetData(kConnection));
}

// Runs on transport threads; each has its own copy. An exception that left
// these functions would end the process.
class Handler final : public pistache::Http::Handler {
 public:
  HTTP_PROTOTYPE(Handler)

  explicit Handler(std::shared_ptr<Traffic> traffic)
      : traffic_(std::move(traffic)) {}

  void onRequest(const pistache::Http::Request&,
                 pistache::Http::ResponseWriter) override {}

  void onDisconnection(
      const std::shared_ptr<pistache::Tcp::Peer>& peer) override {
    Guarded(peer, [](Connection& connection) { connection.OnLeft(); });
  }

 private:
  void onConnection(const std::shared_ptr<pistache::Tcp::Peer>& peer) override {
    // The idle scan reads the parser's clock.
    peer->putData(ParserData,
                  std::make_shared<pistache::Http::RequestParser>(1));
    peer->setIdle(true);
    try {
      peer->putData(kConnection, Connection::Open(traffic_, peer->fd()));
    } catch (const std::exception& fault) {
      log::Error("connection refused", {{"err", fault.what()}});
      ::shutdown(peer->fd(), SHUT_RDWR);
    }
  }

  void onInput(const char* bytes, std::size_t size,
               const std::shared_ptr<pistache::Tcp::Peer>& peer) override {
    Guarded(peer, [&](Connection& connection) {
      connection.OnInput({bytes, size});
    });
  }

  template <typename Work>
  void Guarded(const std::shared_ptr<pistache::Tcp::Peer>& peer, Work work) {
    const auto connection = ConnectionOf(peer);
    if (!connection) return;
    try {
      work(*connection);
    } catch (const std::exception& fault) {  // no memory
      log::Error("connection dropped", {{"err", fault.what()}});
      ::shutdown(peer->fd(), SHUT_RDWR);
    }
  }

  std::shared_ptr<Traffic> traffic_;  // shared with all connections
};

struct HostPort {
  std::string host;
  std::uint16_t port = 0;
};

std::optional<HostPort> Split(std::string_view address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  HostPort result{.host = std::string(address.substr(0, colon))};
  const std::string_view port = address.substr(colon + 1);
  const auto [end, fault] =
      std::from_chars(port.data(), port.data() + port.size(), result.port);
  if (fault != std::errc() || end != port.data() + port.size()) {
    return std::nullopt;
  }
  const bool bracketed = result.host.starts_with('[');
  if (bracketed != result.host.ends_with(']')) return std::nullopt;
  if (!bracketed && result.host.find(':') != std::string::npos) {
    return std::nullopt;  // IPv6 without brackets
  }
  if (result.host.empty()) {
    result.host = pistache::Ipv6::supported() ? "[::]" : "0.0.0.0";
  }
  return result;
}

}  // namespace

class Guard::Impl {
 public:
  Impl(const HostPort& where, const std::shared_ptr<Traffic>& traffic)
      : endpoint_(std::in_place,
                  pistache::Address(where.host, pistache::Port(where.port))) {
    const auto flags = pistache::Tcp::Options::ReuseAddr |
                       pistache::Tcp::Options::CloseOnExec |
                       pistache::Tcp::Options::NoDelay;
    const int threads = traffic->limits().transport_threads;
    endpoint_->init(pistache::Http::Endpoint::options()
                        .threads(threads)
                        .flags(flags)
                        .headerTimeout(kNever)
                        .bodyTimeout(kNever)
                        .keepaliveTimeout(kNever));
    // Once more, as this is the only way to the backlog.
    endpoint_->initArgs(static_cast<std::size_t>(threads),
                        pistache::Flags<pistache::Tcp::Options>(flags),
                        std::string("http"), kBacklog);
    endpoint_->setHandler(pistache::Http::make_handler<Handler>(traffic));
    endpoint_->serveThreaded();
    port_ = endpoint_->getPort();
  }

  std::uint16_t port() const { return port_; }

  void Close() {
    if (!endpoint_) return;
    endpoint_->shutdown();
    endpoint_.reset();  // joins its threads
  }

 private:
  std::optional<pistache::Http::Endpoint> endpoint_;
  std::uint16_t port_ = 0;
};

Guard::Guard(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Guard::~Guard() { Close(); }

Result<std::unique_ptr<Guard>> Guard::Open(
    const std::string& address, const std::shared_ptr<Traffic>& traffic) {
  const std::optional<HostPort> where = Split(address);
  if (!where) {
    return Error{Code::kInvalid, "cannot listen on '" + address +
                                     "': not of the form host:port"};
  }
  try {
    return std::unique_ptr<Guard>(
        new Guard(std::make_unique<Impl>(*where, traffic)));
  } catch (const std::exception& fault) {
    return Error{Code::kUnavailable,
                 "cannot listen on " + address + ": " + fault.what()};
  }
}

std::uint16_t Guard::port() const { return impl_->port(); }
void Guard::Close() { impl_->Close(); }

}  // namespace tocsin::web
