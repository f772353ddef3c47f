#include "web/tls_session.h"

#include <openssl/ssl.h>

#include <boost/test/unit_test.hpp>
#include <random>
#include <string>

#include "tests/web/certificates.h"
#include "tests/web/tls_peer.h"

namespace tocsin::web {
namespace {

using test::Authority;
using test::Identity;
using test::PeerOptions;
using test::TlsPeer;

const char* const kHttp11 = "\x08http/1.1";

// A server's certificate, and the authority behind it.
struct World {
  TlsOptions Options() const {
    return {.certificates = {"server.crt", server.certificate},
            .key = {"server.key", server.key}};
  }
  static std::shared_ptr<const TlsContext> Make(const TlsOptions& options) {
    const TlsResult made = TlsContext::Make(options);
    for (const std::string& fault : made.faults) BOOST_TEST_MESSAGE(fault);
    BOOST_REQUIRE(made.context);
    return made.context;
  }
  std::unique_ptr<TlsSession> Open() const {
    return TlsSession::Open(Make(Options()));
  }
  std::unique_ptr<TlsSession> Open(const TlsOptions& options) const {
    return TlsSession::Open(Make(options));
  }

  Authority authority;
  Identity server = authority.Issue();
};

// A connection with its handshake done.
struct Connected : World {
  Connected() : session(Open()) { BOOST_REQUIRE(peer.Talk(*session)); }

  std::unique_ptr<TlsSession> session;
  TlsPeer peer;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tls_session, World)

BOOST_AUTO_TEST_CASE(both_sides_hear_each_other) {
  const auto session = Open();
  TlsPeer peer({.protocols = kHttp11});
  BOOST_TEST(session->handshaking());
  BOOST_TEST(peer.Talk(*session));
  BOOST_TEST(!session->handshaking());
  BOOST_TEST(peer.version() == "TLSv1.3");
  BOOST_TEST(peer.protocol() == "http/1.1");
  BOOST_TEST(peer.certificate() == server.certificate);
  peer.Say("question");
  BOOST_TEST(peer.Talk(*session));
  BOOST_TEST(peer.heard() == "question");
  BOOST_TEST(session->Seal("answer").ok());
  BOOST_TEST(peer.Talk(*session));
  BOOST_TEST(peer.answered() == "answer");
}

BOOST_AUTO_TEST_CASE(bytes_may_come_one_by_one) {
  const auto session = Open();
  TlsPeer peer;
  BOOST_TEST(peer.Talk(*session, 1));
  peer.Say("question");
  BOOST_TEST(peer.Talk(*session, 1));
  BOOST_TEST(peer.heard() == "question");
}

BOOST_AUTO_TEST_CASE(much_may_be_said_both_ways) {
  const auto session = Open();
  TlsPeer peer;
  BOOST_REQUIRE(peer.Talk(*session));
  const std::string question(300'000, 'q');
  const std::string answer(5'000'000, 'a');
  peer.Say(question);
  BOOST_TEST(session->Seal(answer).ok());
  BOOST_TEST(peer.Talk(*session));
  BOOST_TEST((peer.heard() == question));
  BOOST_TEST((peer.answered() == answer));
}

// A request right behind the last word of the handshake, in one packet.
BOOST_AUTO_TEST_CASE(what_comes_with_the_end_of_the_handshake_is_heard) {
  const auto session = Open();
  TlsPeer peer;
  std::string plain;
  peer.Receive("");
  BOOST_TEST(!peer.connected());
  while (!peer.connected()) {
    const std::string wire = peer.TakeWire();
    BOOST_REQUIRE(session->Take(wire, plain).ok());
    peer.Receive(session->Output());
    try {
      peer.Say(std::string(100'000, 'q'));
    } catch (const std::exception&) {
      continue;  // not yet
    }
  }
  BOOST_TEST(session->handshaking());
  const std::string wire = peer.TakeWire();
  BOOST_TEST(wire.size() > TlsSession::kMaxHandshakeBytes);
  BOOST_TEST(session->Take(wire, plain).ok());
  BOOST_TEST((plain == std::string(100'000, 'q')));
}

BOOST_AUTO_TEST_CASE(goodbyes_are_said_both_ways) {
  Connected here;
  here.peer.SayGoodbye();
  BOOST_TEST(here.peer.Talk(*here.session));
  BOOST_TEST(here.session->closed());
  BOOST_TEST(here.session->Seal("the last answer").ok());
  here.session->SayGoodbye();
  here.session->SayGoodbye();
  BOOST_TEST(!here.session->Seal("more").ok());
  BOOST_TEST(here.peer.Talk(*here.session));
  BOOST_TEST(here.peer.left());
  BOOST_TEST(here.peer.answered() == "the last answer");
  std::string plain;
  BOOST_TEST(here.session->Take("what follows does not count", plain).ok());
  BOOST_TEST(plain == "");
}

BOOST_AUTO_TEST_CASE(nothing_is_sealed_before_the_handshake) {
  const auto session = Open();
  BOOST_TEST((session->Seal("early").error().code == Code::kUnavailable));
  session->SayGoodbye();
  BOOST_TEST(session->Output() == "");
}

BOOST_AUTO_TEST_CASE(http_without_tls_gets_a_plain_answer) {
  const auto session = Open();
  std::string plain;
  const Status taken = session->Take("GET / HTTP/1.1\r\n", plain);
  BOOST_TEST((taken.error().code == Code::kInvalid));
  const std::string answer = session->Output();
  BOOST_TEST(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"));
  BOOST_TEST(answer.ends_with(
      "\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"));
  BOOST_TEST(plain == "");
  BOOST_TEST(!session->Take("Host: a\r\n\r\n", plain).ok());
  BOOST_TEST(session->Output() == "");
}

BOOST_AUTO_TEST_CASE(garbage_ends_the_connection) {
  for (const std::string& garbage :
       {std::string(5, '\0'), std::string("\x16\x03\x01\xff\xff", 5),
        std::string(1000, '\xff')}) {
    const auto session = Open();
    std::string plain;
    BOOST_TEST((session->Take(garbage, plain).error().code == Code::kInvalid));
    BOOST_TEST(plain == "");
  }
}

// A fatal alert is an end of its own kind: no goodbye in good order.
BOOST_AUTO_TEST_CASE(nothing_is_taken_after_an_alert) {
  const auto session = Open();
  const std::string alert("\x15\x03\x01\x00\x02\x02\x28", 7);
  std::string plain;
  BOOST_TEST(!session->Take(alert, plain).ok());
  BOOST_TEST(!session->Take(alert, plain).ok());
  BOOST_TEST(plain == "");
}

BOOST_AUTO_TEST_CASE(a_spoilt_record_ends_the_connection) {
  Connected here;
  here.peer.Say("question");
  std::string wire = here.peer.TakeWire();
  wire.back() = static_cast<char>(wire.back() ^ 1);
  std::string plain;
  BOOST_TEST(!here.session->Take(wire, plain).ok());
  BOOST_TEST(plain == "");
  BOOST_TEST(here.session->Output() != "");  // an alert
  BOOST_TEST(!here.session->Seal("answer").ok());
}

// One byte of what a client says, anywhere from its first word to its last
// request, comes other than it was sent: it is refused, or waits for more, or
// it made no difference to anybody, but nothing wrong is ever heard.
BOOST_AUTO_TEST_CASE(no_spoilt_byte_is_ever_heard) {
  const auto context = Make(Options());
  std::minstd_rand random(17);
  std::size_t refused = 0;
  for (int round = 0; round < 300; ++round) {
    const auto session = TlsSession::Open(context);
    TlsPeer peer({.max_version = round % 2 == 0 ? TLS1_2_VERSION : 0});
    const std::size_t position = random() % 900;
    const auto flip = static_cast<char>(1U << (random() % 8));
    std::string plain;
    std::size_t carried = 0;
    for (int turn = 0; turn < 6; ++turn) {
      peer.Turn();
      if (peer.connected() && turn >= 3) peer.Say("question");
      std::string wire = peer.TakeWire();
      if (position >= carried && position < carried + wire.size()) {
        char& byte = wire[position - carried];
        byte = static_cast<char>(byte ^ flip);
      }
      carried += wire.size();
      if (!session->Take(wire, plain).ok()) {
        ++refused;
        break;
      }
      peer.Receive(session->Output());
    }
    const std::string all = "questionquestionquestion";
    BOOST_TEST(all.starts_with(plain), round);
  }
  BOOST_TEST(refused > 100U);
}

// A client hello of nothing but length: pieces of one message without an end.
BOOST_AUTO_TEST_CASE(a_handshake_without_end_is_cut) {
  const auto session = Open();
  std::string record("\x16\x03\x01\x04\x00", 5);
  record += std::string("\x01\x01\xff\xff\x03\x03", 6);
  record.resize(5 + 1024, 'x');
  std::string plain;
  std::size_t taken = 0;
  while (session->Take(record, plain).ok()) {
    taken += record.size();
    BOOST_REQUIRE(taken <= TlsSession::kMaxHandshakeBytes);
    record.replace(5, 6, "xxxxxx");
  }
  BOOST_TEST(taken > TlsSession::kMaxHandshakeBytes / 2);
}

BOOST_AUTO_TEST_CASE(a_client_that_keeps_tls_busy_is_dropped) {
  Connected here;
  int rounds = 0;
  bool goes_on = true;
  while (goes_on && rounds < 10'000) {
    here.peer.AskForNewKeys();
    goes_on = here.peer.Talk(*here.session);
    ++rounds;
  }
  BOOST_TEST(!goes_on);
  BOOST_TEST(rounds > 100);
  BOOST_TEST(here.peer.refusal() == "the client keeps TLS busy");
}

BOOST_AUTO_TEST_CASE(new_keys_now_and_then_are_fine) {
  Connected here;
  for (int i = 0; i < 2'000; ++i) {
    here.peer.Say(std::string(4'000, 'q'));
    here.peer.AskForNewKeys();
    BOOST_REQUIRE(here.peer.Talk(*here.session));
  }
  BOOST_TEST(here.peer.heard().size() == 2'000U * 4'000U);
}

BOOST_AUTO_TEST_CASE(nobody_renegotiates) {
  const auto session = Open();
  TlsPeer peer({.max_version = TLS1_2_VERSION});
  BOOST_REQUIRE(peer.Talk(*session));
  BOOST_TEST(peer.version() == "TLSv1.2");
  peer.Renegotiate();
  peer.Talk(*session);
  BOOST_TEST(peer.fault() == "no renegotiation");
}

BOOST_AUTO_TEST_CASE(a_client_that_speaks_only_http2_is_refused) {
  const auto session = Open();
  TlsPeer peer({.protocols = "\x02h2"});
  BOOST_TEST(!peer.Talk(*session));
  BOOST_TEST(peer.fault() == "tlsv1 alert no application protocol");
}

BOOST_AUTO_TEST_CASE(tickets_open_the_context_that_gave_them_only) {
  const auto first = Make(Options());
  const auto session = TlsSession::Open(first);
  TlsPeer peer;
  BOOST_REQUIRE(peer.Talk(*session));
  const auto again = peer.Again();
  BOOST_TEST(again->Talk(*TlsSession::Open(first)));
  BOOST_TEST(again->resumed());
  const auto elsewhere = peer.Again();
  BOOST_TEST(elsewhere->Talk(*Open()));
  BOOST_TEST(!elsewhere->resumed());
}

BOOST_AUTO_TEST_CASE(open_connections_outlive_their_context) {
  auto context = Make(Options());
  const auto session = TlsSession::Open(context);
  context.reset();
  TlsPeer peer;
  BOOST_TEST(peer.Talk(*session));
  peer.Say("question");
  BOOST_TEST(peer.Talk(*session));
  BOOST_TEST(peer.heard() == "question");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
