#include "web/limits.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "tests/web/house.h"
#include "tests/web/site.h"

namespace tocsin::web {
namespace {

using std::chrono::milliseconds;

// A head that announces a body of that size.
std::string HeadFor(const std::string& path, std::size_t body,
                    const std::string& headers = "") {
  return "POST " + path + " HTTP/1.1\r\nHost: x\r\n" + headers +
         "Content-Length: " + std::to_string(body) + "\r\n\r\n";
}

Limits Ticking() {
  Limits limits;
  limits.tick = milliseconds(5);
  limits.transport_threads = 1;  // serves in the order in which bytes come
  return limits;
}

double Buffered(const Site& site) {
  return site.Metric("tocsin_http_buffered_bytes");
}

double Open(const Site& site) { return site.Metric("tocsin_http_connections"); }

}  // namespace

BOOST_AUTO_TEST_SUITE(limits)

BOOST_AUTO_TEST_CASE(known_clients_are_not_turned_out) {
  Limits limits;
  limits.connections = 2;
  Site site(limits);
  Client first(site.port());
  Client second(site.port());
  BOOST_TEST(StatusOf(first.Ask(Echo("x"))) == "200");
  BOOST_TEST(StatusOf(second.Ask(Echo("x"))) == "200");
  BOOST_TEST(Open(site) == 2);
  Client third(site.port());
  BOOST_TEST(StatusOf(third.Receive()) == "503");
  BOOST_TEST(third.Closed());
  BOOST_TEST(StatusOf(first.Ask(Echo("x"))) == "200");
  BOOST_TEST(site.Refused("connections") == 1);
  BOOST_TEST(site.Refused("displaced") == 0);
  BOOST_TEST(Open(site) == 2);
}

BOOST_AUTO_TEST_CASE(the_oldest_stranger_makes_room) {
  Limits limits = Ticking();
  limits.connections = 3;
  Site site(limits);
  Client good(site.port());
  BOOST_TEST(StatusOf(good.Ask(Echo("x"))) == "200");
  Client silent(site.port());
  BOOST_TEST(Eventually([&] { return Open(site) == 2; }));
  Client refused(site.port());
  BOOST_TEST(StatusOf(refused.Ask(Compose("GET", "/none"))) == "404");
  refused.Send("GET /ha");  // and in the middle of a head
  BOOST_TEST(site.Refused("displaced") == 0);

  Client fourth(site.port());
  BOOST_TEST(silent.Closed());
  BOOST_TEST(StatusOf(fourth.Ask(Echo("x"))) == "200");
  BOOST_TEST(site.Refused("displaced") == 1);
  Client fifth(site.port());
  BOOST_TEST(refused.Closed());
  BOOST_TEST(StatusOf(fifth.Ask(Echo("x"))) == "200");
  BOOST_TEST(StatusOf(good.Ask(Echo("x"))) == "200");
  BOOST_TEST(site.Refused("displaced") == 2);
  BOOST_TEST(site.Refused("connections") == 0);
}

BOOST_AUTO_TEST_CASE(a_stranger_who_is_being_served_stays) {
  Limits limits;
  limits.connections = 2;
  Site site(limits);
  Client asking(site.port());
  asking.Send(Compose("GET", "/hold"));
  const Reply reply = site.Held();
  Client sending(site.port());
  sending.Send(HeadFor("/echo", 4) + "bo");
  site.Expect("/echo judged");
  Client third(site.port());
  BOOST_TEST(StatusOf(third.Receive()) == "503");
  reply.Send({.body = "served"});
  BOOST_TEST(BodyOf(asking.Receive()) == "served");
  BOOST_TEST(BodyOf(sending.Ask("dy")) == "body");
}

using Crowd = std::vector<std::unique_ptr<Client>>;

// As many strangers as there is room for, behind a client with a token.
struct Besieged {
  Besieged() : known(house.port()) {
    BOOST_TEST(StatusOf(known.Ask(kList)) == "200");
    for (std::size_t i = 1; i < kRoom; ++i) {
      strangers.push_back(std::make_unique<Client>(house.port()));
    }
  }
  static Limits Few() {
    Limits limits = Ticking();
    limits.connections = kRoom;
    return limits;
  }
  // Whether a new client's webhook is taken, and the old client is still there.
  void Stands() {
    Client source(house.port());
    source.Send(Compose("POST", kIntake, "", kWebhook));
    house.Take().done({});
    BOOST_TEST(StatusOf(source.Receive()) == "200");
    BOOST_TEST(strangers.front()->Closed());
    BOOST_TEST(StatusOf(known.Ask(kList)) == "200");
  }

  static constexpr std::size_t kRoom = 5;
  const std::string kList = Compose("GET", "/api/v1/alert_groups/",
                                    "Authorization: viewer-token\r\n");
  House house{{}, Few()};
  Client known;
  Crowd strangers;
};

BOOST_AUTO_TEST_CASE(half_bodies_do_not_lock_out_a_source) {
  Besieged besieged;
  for (const auto& stranger : besieged.strangers) {
    BOOST_TEST(StatusOf(stranger->Ask(HeadFor(
                   "/-/reload", 10, "Expect: 100-continue\r\n"))) == "100");
    stranger->Send("half ");
  }
  besieged.Stands();
}

BOOST_AUTO_TEST_CASE(a_health_check_without_users_proves_nothing) {
  Besieged besieged;
  for (const auto& stranger : besieged.strangers) {
    BOOST_TEST(StatusOf(stranger->Ask(Compose("GET", "/-/healthy"))) == "200");
  }
  besieged.Stands();
}

BOOST_AUTO_TEST_CASE(a_source_in_its_first_body_stays) {
  Besieged besieged;
  for (const auto& stranger : besieged.strangers) {
    BOOST_TEST(StatusOf(stranger->Ask(
                   HeadFor(kIntake, std::string_view(kWebhook).size(),
                           "Expect: 100-continue\r\n"))) == "100");
  }
  Client late(besieged.house.port());
  BOOST_TEST(StatusOf(late.Receive()) == "503");
  for (const auto& source : besieged.strangers) {
    source->Send(kWebhook);
    besieged.house.Take().done({});
    BOOST_TEST(StatusOf(source->Receive()) == "200");
  }
}

BOOST_AUTO_TEST_CASE(a_stranger_who_does_not_read_makes_room) {
  Limits limits = Ticking();
  limits.connections = 1;
  Site site(limits);
  Client stranger(site.port(), 4096);
  stranger.Send(Compose("GET", "/big"));
  BOOST_TEST(!stranger.ReceiveSome().empty());
  Client client(site.port());
  BOOST_TEST(StatusOf(client.Ask(Echo("x"))) == "200");
  BOOST_TEST(site.Refused("displaced") == 1);
}

BOOST_AUTO_TEST_CASE(many_strangers_do_not_lock_out_a_client) {
  Limits limits;
  limits.connections = 20;
  Site site(limits);
  std::vector<std::unique_ptr<Client>> strangers;
  for (int i = 0; i < 200; ++i) {
    strangers.push_back(std::make_unique<Client>(site.port()));
    strangers.back()->Send("GET / HT");
    if (i % 20 != 0) continue;
    Client client(site.port());
    BOOST_TEST(StatusOf(client.Ask(Echo("x"))) == "200");
  }
  BOOST_TEST(Open(site) <= 20);
}

BOOST_AUTO_TEST_CASE(a_closed_connection_makes_room_at_once) {
  Limits limits;
  limits.connections = 1;
  Site site(limits);
  for (int i = 0; i < 10; ++i) {
    Client client(site.port());
    BOOST_TEST(StatusOf(client.Ask(Compose(
                   "POST", "/echo", "Connection: close\r\n", "x"))) == "200");
    BOOST_TEST(client.Closed());
    client.Abort();
    BOOST_TEST(Eventually([&] { return Open(site) == 0; }));
  }
  BOOST_TEST(site.Refused("connections") == 0);
}

BOOST_AUTO_TEST_CASE(all_buffers_together_are_limited) {
  Limits limits = Ticking();
  limits.buffered_bytes = 1000;
  Site site(limits);
  Client client(site.port());
  const std::string head = HeadFor("/echo", 2000);
  client.Send(head + std::string(1000 - head.size(), 'x'));
  BOOST_TEST(Eventually([&] { return Buffered(site) == 1000; }));
  BOOST_TEST(site.Refused("buffered_bytes") == 0);
  BOOST_TEST(StatusOf(client.Ask("y")) == "503");
  BOOST_TEST(site.Refused("buffered_bytes") == 1);
  site.Expect("/echo refused");
  BOOST_TEST(Eventually([&] { return Buffered(site) == 0; }));
}

BOOST_AUTO_TEST_CASE(what_waits_behind_a_request_is_limited) {
  Limits limits = Ticking();
  limits.pipelined_bytes = 1000;
  Site site(limits);
  Client client(site.port());
  client.Send(Compose("GET", "/hold"));
  const Reply reply = site.Held();
  client.Send(std::string(1000, 'x'));
  BOOST_TEST(Eventually([&] { return Buffered(site) == 1000; }));
  BOOST_TEST(site.Refused("pipelined_bytes") == 0);
  client.Send("y");
  BOOST_TEST(client.Closed());
  BOOST_TEST(site.Refused("pipelined_bytes") == 1);
}

BOOST_AUTO_TEST_CASE(what_comes_after_a_refusal_is_limited) {
  Limits limits = Ticking();
  limits.discarded_bytes = 1000;
  Site site(limits);
  Client client(site.port());
  BOOST_TEST(StatusOf(client.Ask("nonsense\r\n\r\n")) == "400");
  client.Send(std::string(1000, 'x'));
  BOOST_TEST(StatusOf(Client(site.port()).Ask(Echo("x"))) == "200");
  BOOST_TEST(site.Refused("discarded_bytes") == 0);
  client.Send("y");
  BOOST_TEST(Eventually([&] { return site.Refused("discarded_bytes") == 1; }));
}

BOOST_AUTO_TEST_CASE(sizes_of_requests_are_limited_and_counted) {
  Limits limits;
  limits.header_bytes = 300;
  limits.target_bytes = 100;
  limits.body_bytes = 10;
  Site site(limits);
  const auto status = [&](const std::string& request) {
    return StatusOf(Client(site.port()).Ask(request));
  };
  const auto target = [](std::size_t size) {
    return Compose("GET", "/" + std::string(size - 1, 'a'));
  };
  const auto headers = [](std::size_t size) {
    const std::size_t rest = Compose("GET", "/", "X: \r\n").size();
    return Compose("GET", "/", "X: " + std::string(size - rest, 'x') + "\r\n");
  };
  BOOST_TEST(status(target(100)) == "200");
  BOOST_TEST(status(target(101)) == "414");
  BOOST_TEST(status(headers(300)) == "200");
  BOOST_TEST(status(headers(301)) == "431");
  BOOST_TEST(status(Echo("0123456789")) == "200");
  BOOST_TEST(status(Echo("0123456789a")) == "413");
  BOOST_TEST(status("nonsense\r\n\r\n") == "400");
  BOOST_TEST(status(Compose("GET", "/", "Transfer-Encoding: x\r\n")) == "501");
  for (const char* reason : {"target_bytes", "header_bytes", "body_bytes",
                             "malformed", "unsupported"}) {
    BOOST_TEST(site.Refused(reason) == 1, reason);
    BOOST_TEST(site.Noted(reason) == 1, reason);
  }
}

BOOST_AUTO_TEST_CASE(times_of_requests_are_limited_and_counted) {
  Limits limits = Ticking();
  limits.header = limits.body = limits.idle = limits.linger = milliseconds(30);
  Site site(limits);
  Client head(site.port());
  BOOST_TEST(StatusOf(head.Ask("GET /echo HTTP/1.1\r\n")) == "408");
  Client body(site.port());
  BOOST_TEST(StatusOf(body.Ask(HeadFor("/echo", 9) + "abc")) == "408");
  Client idle(site.port());
  BOOST_TEST(idle.ReceiveAll().empty());
  for (const char* reason : {"header_time", "body_time", "idle_time"}) {
    BOOST_TEST(site.Refused(reason) == 1, reason);
  }
  BOOST_TEST(site.Noted("header_time") == 1);
  BOOST_TEST(site.Noted("body_time") == 1);
  BOOST_TEST(site.Noted("idle_time") == 0);  // nothing was asked
  BOOST_TEST(Eventually([&] { return Open(site) == 0; }));
}

BOOST_AUTO_TEST_CASE(an_answer_that_does_not_come_is_a_503) {
  Limits limits = Ticking();
  limits.answer = milliseconds(30);
  Site site(limits);
  Client client(site.port());
  BOOST_TEST(StatusOf(client.Ask(Compose("GET", "/hold"))) == "503");
  const Reply late = site.Held();
  BOOST_TEST(site.Refused("answer_time") == 1);
  client.Send(Compose("GET", "/hold"));
  const Reply next = site.Held();
  late.Send({.body = "not for this one"});
  next.Send({.body = "for this one"});
  BOOST_TEST(BodyOf(client.Receive()) == "for this one");
  BOOST_TEST(site.Metric("tocsin_http_answers_dropped_total") == 1);
}

BOOST_AUTO_TEST_CASE(a_stop_does_not_wait_for_what_was_given_up) {
  Limits limits = Ticking();
  limits.answer = milliseconds(10);
  limits.stopping = milliseconds(60'000);
  Site site(limits);
  Client client(site.port());
  BOOST_TEST(StatusOf(client.Ask(Compose("GET", "/hold"))) == "503");
  const Reply late = site.Held();
  site.listener().Stop();
  late.Send({});
  BOOST_TEST(client.Closed());
}

BOOST_AUTO_TEST_CASE(a_large_body_is_handled_by_a_worker) {
  Limits limits;
  limits.transport_threads = 1;
  limits.workers = 1;
  limits.inline_bytes = 1000;
  Site site(limits);
  Client client(site.port());
  const std::string small(1000, 's');
  const std::string large(1001, 'l');
  BOOST_TEST(BodyOf(client.Ask(Echo(small))) == small);
  BOOST_TEST(BodyOf(client.Ask(Echo(small))) == small);
  BOOST_TEST(site.threads().size() == 1);
  BOOST_TEST(BodyOf(client.Ask(Echo(large))) == large);
  BOOST_TEST(site.threads().size() == 2);
  client.Send(Echo(large) + Echo(small) + Echo(large));
  for (const std::string& body : {large, small, large}) {
    BOOST_TEST(BodyOf(client.Receive()) == body);
  }
}

BOOST_AUTO_TEST_CASE(work_that_waits_for_a_worker_is_limited) {
  Limits limits = Ticking();
  limits.workers = 1;
  limits.waiting_reads = 1;
  limits.inline_bytes = 0;
  Site site(limits);
  Client working(site.port());
  working.Send(Compose("POST", "/block", "", "x"));
  BOOST_TEST(Eventually([&] { return !site.seen().empty(); }));
  Client waiting(site.port());
  waiting.Send(Echo("y"));
  Client one_more(site.port());
  BOOST_TEST(StatusOf(one_more.Ask(Echo("z"))) == "503");
  BOOST_TEST(site.Refused("waiting_reads") == 1);
  BOOST_TEST(site.Noted("/echo refused") == 1);
  site.Unblock();
  BOOST_TEST(StatusOf(working.Receive()) == "200");
  BOOST_TEST(BodyOf(waiting.Receive()) == "y");
  BOOST_TEST(StatusOf(one_more.Ask(Echo("z"))) == "200");  // it was kept
}

BOOST_AUTO_TEST_CASE(a_body_is_judged_before_it_comes) {
  Site site;
  Client client(site.port());
  const std::string answer = client.Ask(HeadFor("/private", 1u << 20));
  BOOST_TEST(StatusOf(answer) == "403");
  BOOST_TEST(BodyOf(answer) == "not you");
  BOOST_TEST(answer.find("Connection: close\r\n") != std::string::npos);
  client.Send(Echo("smuggled"));
  BOOST_TEST(client.Closed());
  BOOST_TEST(site.seen().empty());
  // It was the application that refused it, and it knows.
  BOOST_TEST(site.Noted("/private judged") == 1);
  BOOST_TEST(site.Noted("/private refused") == 0);
  BOOST_TEST(site.Metric("tocsin_http_requests_total{code=\"4xx\"}") == 1);
}

BOOST_AUTO_TEST_CASE(a_request_that_came_whole_is_not_judged_twice) {
  Site site;
  Client client(site.port());
  BOOST_TEST(StatusOf(client.Ask(Compose("POST", "/private", "", "x"))) ==
             "200");
  BOOST_TEST(site.Noted("/private judged") == 0);
  BOOST_TEST(site.Metric("tocsin_http_requests_total{code=\"2xx\"}") == 1);
}

BOOST_AUTO_TEST_CASE(only_who_is_admitted_is_asked_for_a_body) {
  Site site;
  const std::string expect = "Expect: 100-continue\r\n";
  Client stranger(site.port());
  BOOST_TEST(StatusOf(stranger.Ask(HeadFor("/private", 4, expect))) == "403");
  Client friendly(site.port());
  BOOST_TEST(StatusOf(friendly.Ask(HeadFor("/echo", 4, expect))) == "100");
  BOOST_TEST(BodyOf(friendly.Ask("body")) == "body");
  BOOST_TEST(site.Noted("/echo judged") == 1);
}

BOOST_AUTO_TEST_CASE(a_chunked_body_is_judged_as_well) {
  Site site;
  Client client(site.port());
  const std::string head =
      Compose("POST", "/private", "Transfer-Encoding: chunked\r\n");
  BOOST_TEST(StatusOf(client.Ask(head)) == "403");
}

BOOST_AUTO_TEST_CASE(while_draining_no_body_is_taken) {
  Site site(Ticking());
  Client held(site.port());
  held.Send(Compose("GET", "/hold"));
  const Reply reply = site.Held();
  Client late(site.port());
  late.Send("POST /echo HTTP/1.1\r\n");
  BOOST_TEST(Eventually([&] { return Buffered(site) > 0; }));
  Client idle(site.port());
  BOOST_TEST(StatusOf(idle.Ask(Echo("x"))) == "200");
  std::thread stopping([&] { site.listener().Stop(); });
  BOOST_TEST(idle.Closed());
  BOOST_TEST(StatusOf(late.Ask("Host: x\r\nContent-Length: 9\r\n\r\n")) ==
             "503");
  site.Expect("/echo refused");
  BOOST_TEST(site.Refused("draining") == 1);
  BOOST_TEST(site.Noted("draining") == 1);
  reply.Send({});
  stopping.join();
}

BOOST_AUTO_TEST_CASE(a_sender_is_known_by_his_address) {
  Site site;
  BOOST_TEST(BodyOf(Client(site.port()).Ask(Compose("GET", "/who"))) ==
             "127.0.0.1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
