#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "base/current.h"
#include "tests/web/site.h"
#include "tests/web/tls_peer.h"

namespace tocsin::web {
namespace {

using std::chrono::milliseconds;

std::shared_ptr<const TlsContext> ContextOf(const test::Identity& identity) {
  const TlsResult made =
      TlsContext::Make({.certificates = {"server.crt", identity.certificate},
                        .key = {"server.key", identity.key}});
  BOOST_REQUIRE(made.context);
  return made.context;
}

// A site behind TLS.
class SecureSite {
 public:
  explicit SecureSite(const Limits& limits = {})
      : tls_(ContextOf(test::Authority().Issue())),
        site_(limits, {.rules = nullptr, .tls = &tls_}) {}

  Site& site() { return site_; }
  std::uint16_t port() const { return site_.port(); }
  void Use(const test::Identity& identity) { tls_.Set(ContextOf(identity)); }

 private:
  Current<TlsContext> tls_;
  Site site_;
};

// A client that speaks TLS over a socket.
class SecureClient {
 public:
  explicit SecureClient(std::uint16_t port, int receive_buffer = 0)
      : socket_(port, receive_buffer) {}

  // False: the server has closed.
  bool Connect() {
    peer_.Turn();
    Push();
    while (!peer_.connected()) {
      if (!Pull()) return false;
    }
    return true;
  }
  void Send(std::string_view plain) {
    peer_.Say(plain);
    Push();
  }
  void SayGoodbye() {
    peer_.SayGoodbye();
    Push();
  }
  // Decrypted, until it ends with that, or the server closes.
  const std::string& ReceiveUntil(std::string_view end) {
    while (!peer_.answered().ends_with(end) && Pull()) {
    }
    return peer_.answered();
  }
  const std::string& ReceiveAll() {
    while (Pull()) {
    }
    return peer_.answered();
  }
  test::TlsPeer& peer() { return peer_; }
  Client& socket() { return socket_; }

 private:
  void Push() { socket_.Send(peer_.TakeWire()); }
  bool Pull() {
    const std::string wire = socket_.ReceiveSome();
    if (wire.empty()) return false;
    peer_.Receive(wire);
    peer_.Turn();
    Push();
    return true;
  }

  Client socket_;
  test::TlsPeer peer_;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(secure_listener)

BOOST_AUTO_TEST_CASE(requests_and_answers_go_through_tls) {
  SecureSite secure;
  SecureClient client(secure.port());
  BOOST_REQUIRE(client.Connect());
  client.Send(Echo("first") + Echo("second"));
  const std::string answer = client.ReceiveUntil("second");
  BOOST_TEST(StatusOf(answer) == "200");
  BOOST_TEST(answer.find("first") != std::string::npos);
  BOOST_TEST(secure.site().Refused("tls") == 0);
}

BOOST_AUTO_TEST_CASE(a_close_is_said_by_tls_too) {
  SecureSite secure;
  SecureClient client(secure.port());
  BOOST_REQUIRE(client.Connect());
  client.Send(Compose("POST", "/echo", "Connection: close\r\n", "bye"));
  BOOST_TEST(BodyOf(client.ReceiveAll()) == "bye");
  BOOST_TEST(client.peer().left());
}

BOOST_AUTO_TEST_CASE(a_goodbye_of_the_client_ends_it_after_the_answer) {
  SecureSite secure;
  SecureClient client(secure.port());
  BOOST_REQUIRE(client.Connect());
  client.Send(Compose("GET", "/hold"));
  const Reply reply = secure.site().Held();
  client.SayGoodbye();
  secure.site().Expect("left");
  reply.Send({.body = "after all"});
  BOOST_TEST(BodyOf(client.ReceiveAll()) == "after all");
}

BOOST_AUTO_TEST_CASE(a_large_answer_to_a_slow_reader_comes_whole) {
  SecureSite secure;
  SecureClient client(secure.port(), 4096);
  BOOST_REQUIRE(client.Connect());
  client.Send(Compose("GET", "/big") + Echo("the end"));
  const std::string answers = client.ReceiveUntil("the end");
  BOOST_TEST(answers.size() > (16u << 20));
  BOOST_TEST(answers.ends_with("the end"));
}

BOOST_AUTO_TEST_CASE(new_keys_while_an_answer_is_sent_keep_their_place) {
  SecureSite secure;
  SecureClient client(secure.port(), 4096);
  BOOST_REQUIRE(client.Connect());
  client.Send(Compose("GET", "/big"));
  client.peer().AskForNewKeys();
  client.Send(Echo("with new keys"));
  BOOST_TEST(client.ReceiveUntil("with new keys").ends_with("new keys"));
}

BOOST_AUTO_TEST_CASE(a_stream_goes_through_tls) {
  SecureSite secure;
  SecureClient client(secure.port());
  BOOST_REQUIRE(client.Connect());
  client.Send(Compose("GET", "/hold"));
  const Stream stream = secure.site().Held().Stream({});
  BOOST_TEST(stream.Write("event"));
  BOOST_TEST(client.ReceiveUntil("5\r\nevent\r\n").ends_with("5\r\nevent\r\n"));
  stream.End();
  BOOST_TEST(BodyOf(client.ReceiveAll()) == "5\r\nevent\r\n0\r\n\r\n");
  BOOST_TEST(client.peer().left());
}

BOOST_AUTO_TEST_CASE(a_silent_handshake_ends_and_holds_nobody) {
  Limits limits;
  limits.tick = milliseconds(5);
  limits.handshake = milliseconds(50);
  limits.transport_threads = 1;
  SecureSite secure(limits);
  Client silent(secure.port());
  Client half(secure.port());
  half.Send("\x16\x03\x01");
  SecureClient client(secure.port());
  BOOST_REQUIRE(client.Connect());
  client.Send(Echo("quick"));
  BOOST_TEST(client.ReceiveUntil("quick").ends_with("quick"));
  BOOST_TEST(silent.Closed());
  BOOST_TEST(half.Closed());
  BOOST_TEST(secure.site().Refused("handshake_time") == 2);
}

BOOST_AUTO_TEST_CASE(strangers_in_their_handshake_make_room) {
  Limits limits;
  limits.connections = 1;
  SecureSite secure(limits);
  Client silent(secure.port());
  BOOST_TEST(Eventually(
      [&] { return secure.site().Metric("tocsin_http_connections") == 1; }));
  SecureClient client(secure.port());
  BOOST_REQUIRE(client.Connect());
  client.Send(Echo("in"));
  BOOST_TEST(client.ReceiveUntil("in").ends_with("in"));
  BOOST_TEST(silent.Closed());
  SecureClient second(secure.port());
  BOOST_TEST(!second.Connect());
  BOOST_TEST(secure.site().Refused("connections") == 1);
}

BOOST_AUTO_TEST_CASE(what_is_no_tls_is_told_and_closed) {
  SecureSite secure;
  Client plain(secure.port());
  plain.Send(Compose("GET", "/echo"));
  BOOST_TEST(StatusOf(plain.ReceiveAll()) == "400");
  Client garbage(secure.port());
  garbage.Send("\x16\x03\x01\xff\xffthis record is too long");
  garbage.ReceiveAll();
  BOOST_TEST(secure.site().Refused("tls") == 2);
  BOOST_TEST(secure.site().seen().empty());
}

BOOST_AUTO_TEST_CASE(new_connections_see_a_new_certificate) {
  SecureSite secure;
  SecureClient old(secure.port());
  BOOST_REQUIRE(old.Connect());
  const test::Identity renewed = test::Authority("another").Issue();
  secure.Use(renewed);
  SecureClient fresh(secure.port());
  BOOST_REQUIRE(fresh.Connect());
  BOOST_TEST(fresh.peer().certificate() == renewed.certificate);
  BOOST_TEST(old.peer().certificate() != renewed.certificate);
  old.Send(Echo("still served"));
  BOOST_TEST(old.ReceiveUntil("served").ends_with("served"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
