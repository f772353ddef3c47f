#include "web/listener.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include "tests/web/site.h"

namespace tocsin::web {

using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(listener)

BOOST_AUTO_TEST_CASE(a_connection_is_kept_without_being_asked) {
  Site site;
  Client client(site.port());
  for (const char* body : {"one", "two", "three"}) {
    const std::string answer = client.Ask(Echo(body));
    BOOST_TEST(StatusOf(answer) == "200");
    BOOST_TEST(BodyOf(answer) == body);
    BOOST_TEST(answer.find("Connection: close") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(pipelined_requests_are_answered_in_order) {
  Site site;
  Client client(site.port());
  client.Send(Echo("a") + Echo("b") + Echo("c"));
  for (const char* body : {"a", "b", "c"}) {
    BOOST_TEST(BodyOf(client.Receive()) == body);
  }
}

BOOST_AUTO_TEST_CASE(pipelined_input_waits_for_an_answer_from_another_thread) {
  Site site;
  Client client(site.port());
  client.Send(Compose("GET", "/hold") + Echo("behind") +
              Compose("GET", "/hold") + Echo("last"));
  const Reply first = site.Held();
  BOOST_TEST(site.seen().size() == 1);
  std::thread([&] { first.Send({.body = "first"}); }).join();
  BOOST_TEST(BodyOf(client.Receive()) == "first");
  BOOST_TEST(BodyOf(client.Receive()) == "behind");
  site.Held().Send({.body = "second"});
  BOOST_TEST(BodyOf(client.Receive()) == "second");
  BOOST_TEST(BodyOf(client.Receive()) == "last");
}

BOOST_AUTO_TEST_CASE(a_held_request_does_not_hold_other_connections) {
  Limits limits;
  limits.transport_threads = 1;
  Site site(limits);
  Client waiting(site.port());
  waiting.Send(Compose("GET", "/hold"));
  const Reply reply = site.Held();
  for (int i = 0; i < 20; ++i) {
    Client other(site.port());
    BOOST_TEST(BodyOf(other.Ask(Echo("quick"))) == "quick");
  }
  reply.Send({.body = "late"});
  BOOST_TEST(BodyOf(waiting.Receive()) == "late");
}

BOOST_AUTO_TEST_CASE(a_slow_reader_does_not_hold_other_connections) {
  Limits limits;
  limits.transport_threads = 1;
  Site site(limits);
  Client slow(site.port(), 4096);
  slow.Send(Compose("GET", "/big") + Echo("after"));
  for (int i = 0; i < 20; ++i) {
    Client other(site.port());
    BOOST_TEST(BodyOf(other.Ask(Echo("quick"))) == "quick");
  }
  BOOST_TEST(BodyOf(slow.Receive()).size() == (16u << 20));
  BOOST_TEST(BodyOf(slow.Receive()) == "after");
}

BOOST_AUTO_TEST_CASE(a_reader_that_never_reads_is_dropped) {
  Limits limits;
  limits.tick = milliseconds(10);
  limits.sending = milliseconds(50);
  Site site(limits);
  Client client(site.port(), 4096);
  client.Send(Compose("GET", "/big"));
  site.Expect("left");
  BOOST_TEST(BodyOf(client.ReceiveAll()).size() < (16u << 20));
  BOOST_TEST(site.Refused("sending_time") == 1);
}

BOOST_AUTO_TEST_CASE(a_client_that_left_is_counted_and_harms_nobody) {
  Site site;
  {
    Client client(site.port());
    client.Send(Compose("GET", "/hold"));
    const Reply reply = site.Held();
    client.Abort();
    site.Expect("left");
    // Whoever gets the freed descriptor number must not get this answer.
    Client next(site.port());
    BOOST_TEST(BodyOf(next.Ask(Echo("mine"))) == "mine");
    reply.Send({.body = "not yours"});
    BOOST_TEST(BodyOf(next.Ask(Echo("still mine"))) == "still mine");
  }
}

BOOST_AUTO_TEST_CASE(half_a_close_still_gets_its_answers) {
  Site site;
  Client client(site.port());
  client.Send(Compose("GET", "/hold") + Echo("second"));
  client.CloseWritingHalf();
  site.Held().Send({.body = "first"});
  const std::string all = client.ReceiveAll();
  BOOST_TEST(all.find("first") != std::string::npos);
  BOOST_TEST(all.find("second") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_reply_dropped_unanswered_is_a_500) {
  Site site;
  Client client(site.port());
  BOOST_TEST(StatusOf(client.Ask(Compose("GET", "/drop"))) == "500");
  BOOST_TEST(StatusOf(client.Ask(Echo("on"))) == "200");
}

BOOST_AUTO_TEST_CASE(an_exception_is_a_500_without_its_text) {
  Site site;
  Client client(site.port());
  const std::string answer = client.Ask(Compose("GET", "/throw"));
  BOOST_TEST(StatusOf(answer) == "500");
  BOOST_TEST(BodyOf(answer) == R"({"detail":"Internal error."})");
}

BOOST_AUTO_TEST_CASE(only_the_first_send_counts) {
  Site site;
  Client client(site.port());
  client.Send(Compose("GET", "/hold"));
  const Reply reply = site.Held();
  const Reply copy = reply;
  copy.Send({.body = "first"});
  reply.Send({.body = "second"});
  BOOST_TEST(BodyOf(client.Receive()) == "first");
  BOOST_TEST(BodyOf(client.Ask(Echo("third"))) == "third");
}

BOOST_AUTO_TEST_CASE(close_and_http_1_0_are_obeyed) {
  Site site;
  Client closing(site.port());
  const std::string answer =
      closing.Ask(Compose("POST", "/echo", "Connection: close\r\n", "x"));
  BOOST_TEST(answer.find("Connection: close") != std::string::npos);
  BOOST_TEST(closing.Closed());

  Client old(site.port());
  BOOST_TEST(old.Ask("GET /echo HTTP/1.0\r\n\r\n").substr(0, 12) ==
             "HTTP/1.0 200");
  BOOST_TEST(old.Closed());

  Client kept(site.port());
  const std::string twice =
      "GET /echo HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
  BOOST_TEST(kept.Ask(twice).find("Connection: keep-alive") !=
             std::string::npos);
  BOOST_TEST(StatusOf(kept.Ask(twice)) == "200");
}

BOOST_AUTO_TEST_CASE(head_gets_no_body) {
  Site site;
  Client client(site.port());
  client.Send(Compose("HEAD", "/hold") + Echo("next"));
  site.Held().Send({.body = "12345"});
  const std::string answer = client.Receive(true);
  BOOST_TEST(answer.find("Content-Length: 5\r\n") != std::string::npos);
  BOOST_TEST(BodyOf(client.Receive()) == "next");
}

BOOST_AUTO_TEST_CASE(a_body_is_invited_by_100_continue) {
  Site site;
  Client client(site.port());
  client.Send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
      "Content-Length: 4\r\n\r\n");
  BOOST_TEST(StatusOf(client.Receive()) == "100");
  BOOST_TEST(BodyOf(client.Ask("body")) == "body");
}

BOOST_AUTO_TEST_CASE(a_body_over_the_limit_is_refused_before_it_comes) {
  Limits limits;
  limits.body_bytes = 1000;
  Site site(limits);
  Client client(site.port());
  const std::string answer = client.Ask(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n");
  BOOST_TEST(StatusOf(answer) == "413");
  site.Expect("/echo refused");
  // What follows is not read as a request.
  client.Send(Echo("smuggled"));
  BOOST_TEST(client.Closed());
  BOOST_TEST(site.seen().empty());
}

BOOST_AUTO_TEST_CASE(slow_headers_and_bodies_get_a_408) {
  Limits limits;
  limits.tick = milliseconds(10);
  limits.header = limits.body = milliseconds(50);
  Site site(limits);
  Client head(site.port());
  BOOST_TEST(StatusOf(head.Ask("GET /echo HT")) == "408");
  BOOST_TEST(head.Closed());
  Client body(site.port());
  BOOST_TEST(StatusOf(body.Ask("POST /echo HTTP/1.1\r\nHost: x\r\n"
                               "Content-Length: 9\r\n\r\nabc")) == "408");
}

BOOST_AUTO_TEST_CASE(an_idle_connection_is_closed_without_a_word) {
  Limits limits;
  limits.tick = milliseconds(10);
  limits.idle = milliseconds(50);
  Site site(limits);
  Client client(site.port());
  BOOST_TEST(StatusOf(client.Ask(Echo("x"))) == "200");
  BOOST_TEST(client.ReceiveAll().empty());
}

BOOST_AUTO_TEST_CASE(all_buffers_together_have_a_limit) {
  Limits limits;
  limits.buffered_bytes = 100'000;
  Site site(limits);
  Client hoarder(site.port());
  const std::string part(90'000, 'x');
  hoarder.Send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 95000\r\n"
      "\r\n" +
      part);
  Client other(site.port());
  const std::string answer = other.Ask(Echo(std::string(50'000, 'y')));
  // One of the two has to go, whichever brought the last byte too many.
  BOOST_TEST((StatusOf(answer) == "503" || StatusOf(answer) == "200"));
  hoarder.Send(std::string(5'000, 'x'));
  BOOST_TEST(!hoarder.Receive().empty());
  Client later(site.port());
  BOOST_TEST(StatusOf(later.Ask(Echo(std::string(4'000, 'z')))) == "200");
}

BOOST_AUTO_TEST_CASE(a_flood_behind_a_held_request_is_cut_off) {
  Limits limits;
  limits.pipelined_bytes = 10'000;
  Site site(limits);
  Client client(site.port());
  client.Send(Compose("GET", "/hold"));
  const Reply reply = site.Held();
  client.Send(std::string(200'000, 'x'));
  BOOST_TEST(client.Closed());
  reply.Send({.body = "too late"});
}

BOOST_AUTO_TEST_CASE(a_header_value_cannot_make_a_second_answer) {
  Site site;
  Client client(site.port());
  client.Send(Compose("GET", "/hold"));
  site.Held().Send({.headers = {{"X-Name", "a\r\nHTTP/1.1 200 OK\r\n\r\n"}}});
  BOOST_TEST(client.Receive().find("\r\nX-Name: aHTTP/1.1 200 OK\r\n") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(stop_waits_for_requests_in_flight) {
  Site site;
  Client idle(site.port());
  BOOST_TEST(StatusOf(idle.Ask(Echo("x"))) == "200");
  Client client(site.port());
  client.Send(Compose("GET", "/hold"));
  const Reply reply = site.Held();
  auto stopped =
      std::async(std::launch::async, [&] { site.listener().Stop(); });
  BOOST_TEST(idle.Closed());
  Client late(site.port());
  BOOST_TEST(StatusOf(late.Ask(Echo("x"))) == "503");
  reply.Send({.body = "in time"});
  const std::string answer = client.Receive();
  BOOST_TEST(BodyOf(answer) == "in time");
  BOOST_TEST(answer.find("Connection: close") != std::string::npos);
  stopped.get();
}

BOOST_AUTO_TEST_CASE(stop_does_not_wait_for_ever) {
  Limits limits;
  limits.stopping = milliseconds(20);
  auto site = std::make_unique<Site>(limits);
  Client client(site->port());
  client.Send(Compose("GET", "/hold"));
  const Reply reply = site->Held();
  site.reset();
  BOOST_TEST(client.Closed());
  reply.Send({.body = "nobody there"});  // may outlive the listener
}

BOOST_AUTO_TEST_CASE(addresses_are_understood_or_named_in_the_error) {
  const auto pool = std::make_shared<WorkerPool>(1, 1);
  const auto start = [&](const std::string& address) {
    return Listener::Start({"127.0.0.1:0", address}, {}, {}, pool);
  };
  for (const char* bad : {"localhost", "127.0.0.1:", "127.0.0.1:65536",
                          "::1:80", "[::1:80", "1.2.3.4:http"}) {
    const auto listener = start(bad);
    BOOST_REQUIRE(!listener.ok());
    BOOST_TEST((listener.error().code == Code::kInvalid));
    BOOST_TEST(listener.error().message.find(bad) != std::string::npos);
  }
  Site site;
  const std::string taken = "127.0.0.1:" + std::to_string(site.port());
  const auto listener = start(taken);
  BOOST_REQUIRE(!listener.ok());
  BOOST_TEST((listener.error().code == Code::kUnavailable));
  BOOST_TEST(listener.error().message ==
             "cannot listen on " + taken + ": Address already in use");
  for (const char* good : {"[::1]:0", ":0", "0.0.0.0:0", "localhost:0"}) {
    const auto two = start(good);
    BOOST_REQUIRE_MESSAGE(two.ok(), good);
    BOOST_TEST(two.value()->ports().size() == 2);
    BOOST_TEST(two.value()->ports()[1] != 0);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
