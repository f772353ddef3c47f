#include "web/stream.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <thread>

#include "tests/web/site.h"

namespace tocsin::web {

using std::chrono::milliseconds;

BOOST_AUTO_TEST_SUITE(stream)

BOOST_AUTO_TEST_CASE(pieces_go_out_as_chunks_from_any_thread) {
  Site site;
  Client client(site.port());
  client.Send(Compose("GET", "/hold"));
  {
    const Stream stream = site.Held().Stream(
        {.body = "one", .content_type = "text/event-stream"});
    BOOST_TEST(stream.open());
    std::thread([&] { BOOST_TEST(stream.Write("second")); }).join();
    BOOST_TEST(stream.Write(""));  // would end the body
  }
  const std::string answer = client.ReceiveAll();
  BOOST_TEST(StatusOf(answer) == "200");
  for (const char* header :
       {"Content-Type: text/event-stream\r\n", "Transfer-Encoding: chunked\r\n",
        "Connection: close\r\n"}) {
    BOOST_TEST(answer.find(header) != std::string::npos, header);
  }
  BOOST_TEST(answer.find("Content-Length") == std::string::npos);
  BOOST_TEST(BodyOf(answer) == "3\r\none\r\n6\r\nsecond\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(http_1_0_gets_it_without_chunks) {
  Site site;
  Client client(site.port());
  client.Send("GET /hold HTTP/1.0\r\n\r\n");
  const Stream stream = site.Held().Stream({});
  BOOST_TEST(stream.Write("plain"));
  stream.End();
  stream.End();
  BOOST_TEST(!stream.Write("too late"));
  const std::string answer = client.ReceiveAll();
  BOOST_TEST(answer.find("Transfer-Encoding") == std::string::npos);
  BOOST_TEST(BodyOf(answer) == "plain");
}

BOOST_AUTO_TEST_CASE(head_gets_the_same_headers_and_no_stream) {
  Site site;
  Client client(site.port());
  client.Send(Compose("HEAD", "/hold"));
  const Stream stream = site.Held().Stream({.body = "x"});
  BOOST_TEST(!stream.open());
  BOOST_TEST(!stream.Write("y"));
  const std::string answer = client.ReceiveAll();
  BOOST_TEST(answer.find("Transfer-Encoding: chunked") != std::string::npos);
  BOOST_TEST(BodyOf(answer).empty());
}

BOOST_AUTO_TEST_CASE(an_answered_request_has_no_stream) {
  Site site;
  Client client(site.port());
  client.Send(Compose("GET", "/hold"));
  const Reply reply = site.Held();
  reply.Send({.body = "answered"});
  BOOST_TEST(!reply.Stream({}).open());
  BOOST_TEST(BodyOf(client.Receive()) == "answered");
  BOOST_TEST(!Stream().Write("x"));
}

BOOST_AUTO_TEST_CASE(a_reader_that_does_not_keep_up_is_dropped) {
  Site site;
  Client client(site.port(), 4096);
  client.Send(Compose("GET", "/hold"));
  const Stream stream = site.Held().Stream({});
  const std::string piece(1000, 'x');
  std::size_t written = 0;
  while (stream.Write(piece)) {
    written += piece.size();
    BOOST_REQUIRE(written < (64u << 20));  // more than any socket holds
  }
  BOOST_TEST(!stream.open());
  BOOST_TEST(site.Refused("stream_bytes") == 1);
  const std::string got = client.ReceiveAll();
  BOOST_TEST(got.find("0\r\n\r\n") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_slow_reader_within_the_limit_loses_nothing) {
  Limits limits;
  limits.stream_bytes = 32u << 20;
  Site site(limits);
  Client client(site.port(), 4096);
  client.Send("GET /hold HTTP/1.0\r\n\r\n");
  const Stream stream = site.Held().Stream({});
  std::string all;
  for (int i = 0; i < 4000; ++i) {
    const std::string piece(1000, static_cast<char>('a' + i % 26));
    BOOST_REQUIRE(stream.Write(piece));
    all += piece;
  }
  stream.End();
  BOOST_TEST((BodyOf(client.ReceiveAll()) == all));
}

BOOST_AUTO_TEST_CASE(it_ends_when_the_reader_leaves) {
  Limits limits;
  limits.tick = milliseconds(10);
  Site site(limits);
  Client client(site.port());
  client.Send(Compose("GET", "/hold"));
  const Stream stream = site.Held().Stream({});
  client.Abort();
  BOOST_TEST(Eventually([&] { return !stream.open(); }));
  BOOST_TEST(!stream.Write("x"));
  Client other(site.port());
  BOOST_TEST(StatusOf(other.Ask(Echo("x"))) == "200");
}

BOOST_AUTO_TEST_CASE(what_the_reader_says_is_thrown_away_and_limited) {
  Limits limits;
  limits.discarded_bytes = 1000;
  limits.transport_threads = 1;  // serves in the order in which bytes come
  Site site(limits);
  Client client(site.port());
  client.Send(Compose("GET", "/hold"));
  const Stream stream = site.Held().Stream({});
  client.Send(std::string(1000, 'x'));
  BOOST_TEST(StatusOf(Client(site.port()).Ask(Echo("x"))) == "200");
  BOOST_TEST(stream.open());
  client.Send("y");
  BOOST_TEST(Eventually([&] { return !stream.open(); }));
  BOOST_TEST(site.Refused("discarded_bytes") == 1);
}

BOOST_AUTO_TEST_CASE(a_stop_ends_it_and_does_not_wait_for_it) {
  Limits limits;
  limits.stopping = milliseconds(60'000);
  Site site(limits);
  Client client(site.port());
  client.Send(Compose("GET", "/hold"));
  const Stream stream = site.Held().Stream({.body = "begun"});
  site.listener().Stop();
  BOOST_TEST(!stream.open());
  BOOST_TEST(BodyOf(client.ReceiveAll()) == "5\r\nbegun\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(silence_is_no_reason_to_end_it) {
  Limits limits;
  limits.tick = milliseconds(5);
  limits.idle = limits.answer = limits.header = limits.body = milliseconds(10);
  Site site(limits);
  Client client(site.port());
  Client idle(site.port());
  client.Send(Compose("GET", "/hold"));
  const Stream stream = site.Held().Stream({});
  BOOST_TEST(StatusOf(idle.Ask(Echo("x"))) == "200");
  BOOST_TEST(idle.Closed());  // by then the stream has been silent as long
  BOOST_TEST(stream.Write("later"));
  stream.End();
  BOOST_TEST(BodyOf(client.ReceiveAll()) == "5\r\nlater\r\n0\r\n\r\n");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
