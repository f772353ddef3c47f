#include "http/loop.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <future>
#include <optional>
#include <string>
#include <thread>

#include "tests/http/local_server.h"

namespace {

using namespace std::chrono_literals;
using tocsin::Code;
using tocsin::Result;
using tocsin::http::Loop;
using tocsin::http::Request;
using tocsin::http::Response;
using tocsin::test::FreePort;
using tocsin::test::HttpAnswer;
using tocsin::test::LocalServer;

LocalServer::Respond Always(std::string answer) {
  return [answer = std::move(answer)](const std::string&) { return answer; };
}

Result<Response> Run(Loop& loop, Request request, Loop::Permit permit = {}) {
  auto promise = std::make_shared<std::promise<Result<Response>>>();
  auto future = promise->get_future();
  loop.Start(std::move(request), std::move(permit),
             [promise](Result<Response> result) {
               promise->set_value(std::move(result));
             });
  return future.get();
}

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(http_loop)

BOOST_AUTO_TEST_CASE(sends_method_path_headers_and_body) {
  LocalServer server(Always(HttpAnswer("200 OK", "", "thanks")));
  Loop loop;
  const auto result =
      Run(loop, {.method = "POST",
                 .url = server.Url("/page?x=1"),
                 .headers = {{"X-Key", "17-3"}, {"X-Empty", ""}},
                 .body = "hello"});
  BOOST_REQUIRE(result.ok());
  BOOST_TEST(result.value().status == 200);
  BOOST_TEST(result.value().body == "thanks");
  BOOST_TEST(!result.value().retry_after.has_value());
  const auto requests = server.Requests();
  BOOST_REQUIRE(requests.size() == 1u);
  BOOST_TEST(requests[0].starts_with("POST /page?x=1 HTTP/1.1\r\n"));
  BOOST_TEST(Contains(requests[0], "\r\nX-Key: 17-3\r\n"));
  BOOST_TEST(Contains(requests[0], "\r\nX-Empty:\r\n"));
  BOOST_TEST(!Contains(requests[0], "Expect:"));
  BOOST_TEST(requests[0].ends_with("\r\n\r\nhello"));
}

BOOST_AUTO_TEST_CASE(get_and_put_keep_their_method) {
  LocalServer server(Always(HttpAnswer("200 OK")));
  Loop loop;
  BOOST_TEST(Run(loop, {.method = "GET", .url = server.Url("/")}).ok());
  BOOST_TEST(
      Run(loop, {.method = "PUT", .url = server.Url("/"), .body = "b"}).ok());
  const auto requests = server.Requests();
  BOOST_REQUIRE(requests.size() == 2u);
  BOOST_TEST(requests[0].starts_with("GET / "));
  BOOST_TEST(requests[1].starts_with("PUT / "));
}

BOOST_AUTO_TEST_CASE(a_connection_is_kept_for_the_next_request) {
  LocalServer server(Always(HttpAnswer("200 OK")));
  Loop loop;
  for (int i = 0; i < 5; ++i) {
    BOOST_TEST(Run(loop, {.url = server.Url("/")}).ok());
  }
  BOOST_TEST(server.connections() == 1);
  BOOST_TEST(server.Requests().size() == 5u);
}

BOOST_AUTO_TEST_CASE(a_server_that_never_answers_runs_into_the_time_out) {
  LocalServer server(Always(""));
  Loop loop;
  const auto result =
      Run(loop, {.url = server.Url("/secret"), .timeout = 50ms});
  BOOST_REQUIRE(!result.ok());
  BOOST_TEST((result.error().code == Code::kUnavailable));
  BOOST_TEST(Contains(result.error().message, "127.0.0.1"));
  BOOST_TEST(!Contains(result.error().message, "secret"));
}

BOOST_AUTO_TEST_CASE(a_slow_server_holds_up_nobody_else) {
  LocalServer slow(Always(""));
  LocalServer quick(Always(HttpAnswer("200 OK")));
  std::atomic<bool> slow_ended = false;
  {
    Loop loop;
    loop.Start({.url = slow.Url("/"), .timeout = 60s}, {},
               [&](Result<Response>) { slow_ended = true; });
    BOOST_TEST(Run(loop, {.url = quick.Url("/")}).ok());
    BOOST_TEST(!slow_ended);
  }
  BOOST_TEST(slow_ended);
}

BOOST_AUTO_TEST_CASE(a_refused_connection_is_unavailable) {
  Loop loop;
  const auto result = Run(
      loop, {.url = "http://127.0.0.1:" + std::to_string(FreePort()) + "/tok"});
  BOOST_REQUIRE(!result.ok());
  BOOST_TEST((result.error().code == Code::kUnavailable));
  BOOST_TEST(!Contains(result.error().message, "tok"));
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_not_http_is_unavailable) {
  LocalServer server(Always("hello, who is there?\r\n\r\n"));
  Loop loop;
  const auto result = Run(loop, {.url = server.Url("/")});
  BOOST_REQUIRE(!result.ok());
  BOOST_TEST((result.error().code == Code::kUnavailable));
}

BOOST_AUTO_TEST_CASE(a_url_that_is_none_is_invalid) {
  Loop loop;
  for (const char* url :
       {"", "http://", "ftp://127.0.0.1/x", "file:///etc/x", "http://a b/"}) {
    const auto result = Run(loop, {.url = url});
    BOOST_REQUIRE(!result.ok());
    BOOST_TEST_CONTEXT(url) {
      BOOST_TEST((result.error().code == Code::kInvalid));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_redirect_is_an_answer_and_is_not_followed) {
  LocalServer server([](const std::string&) {
    return HttpAnswer("302 Found", "Location: /elsewhere\r\n");
  });
  Loop loop;
  const auto result = Run(loop, {.url = server.Url("/")});
  BOOST_REQUIRE(result.ok());
  BOOST_TEST(result.value().status == 302);
  BOOST_TEST(server.Requests().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_refused_permit_sends_no_byte) {
  LocalServer server(Always(HttpAnswer("200 OK")));
  Loop loop;
  const auto result = Run(loop, {.url = server.Url("/")}, [] { return false; });
  BOOST_REQUIRE(!result.ok());
  BOOST_TEST((result.error().code == Code::kConflict));
  BOOST_TEST(server.bytes_received() == 0u);
  // Also where a kept connection would be there at once.
  BOOST_TEST(Run(loop, {.url = server.Url("/first")}).ok());
  const std::size_t before = server.bytes_received();
  BOOST_TEST(
      !Run(loop, {.url = server.Url("/2nd")}, [] { return false; }).ok());
  BOOST_TEST(
      Run(loop, {.url = server.Url("/third")}, [] { return true; }).ok());
  const auto requests = server.Requests();
  BOOST_REQUIRE(requests.size() == 2u);
  BOOST_TEST(requests[1].starts_with("POST /third "));
  BOOST_TEST(server.bytes_received() == before + requests[1].size());
}

BOOST_AUTO_TEST_CASE(retry_after_is_handed_on) {
  LocalServer server(
      Always(HttpAnswer("429 Too Many Requests", "Retry-After: 7\r\n")));
  Loop loop;
  const auto result = Run(loop, {.url = server.Url("/")});
  BOOST_REQUIRE(result.ok());
  BOOST_TEST(result.value().status == 429);
  BOOST_REQUIRE(result.value().retry_after.has_value());
  BOOST_TEST(result.value().retry_after->count() == 7);
}

BOOST_AUTO_TEST_CASE(only_the_first_64_kib_of_an_answer_are_kept) {
  const std::string body(300'000, 'x');
  LocalServer server(Always(HttpAnswer("200 OK", "", body)));
  Loop loop;
  const auto result = Run(loop, {.url = server.Url("/")});
  BOOST_REQUIRE(result.ok());
  BOOST_TEST(result.value().status == 200);
  BOOST_TEST(result.value().body.size() == 65'536u);
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_died_is_replaced) {
  std::atomic<int> requests = 0;
  LocalServer server([&](const std::string&) {
    ++requests;
    return HttpAnswer("200 OK", "Connection: close\r\n");
  });
  Loop loop;
  BOOST_TEST(Run(loop, {.url = server.Url("/")}).ok());
  BOOST_TEST(Run(loop, {.url = server.Url("/")}).ok());
  BOOST_TEST(requests == 2);
  BOOST_TEST(server.connections() == 2);
}

BOOST_AUTO_TEST_CASE(the_destructor_ends_each_request_exactly_once) {
  LocalServer server(Always(""));
  std::atomic<int> cancelled = 0;
  {
    Loop loop;
    for (int i = 0; i < 100; ++i) {
      loop.Start({.url = server.Url("/")}, {}, [&](Result<Response> result) {
        if (!result.ok() && result.error().code == Code::kUnavailable) {
          ++cancelled;
        }
      });
    }
  }
  BOOST_TEST(cancelled == 100);
}

BOOST_AUTO_TEST_CASE(many_threads_may_start_requests) {
  LocalServer server(Always(HttpAnswer("200 OK")));
  Loop loop;
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 50; ++i) {
        if (Run(loop, {.url = server.Url("/")}).ok()) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  BOOST_TEST(good == 200);
  BOOST_TEST(server.connections() <= 4);
}

BOOST_AUTO_TEST_CASE(fetch_waits_for_the_answer) {
  LocalServer server(Always(HttpAnswer("404 Not Found", "", "no such page")));
  const auto result =
      tocsin::http::Fetch({.method = "GET", .url = server.Url("/")});
  BOOST_REQUIRE(result.ok());
  BOOST_TEST(result.value().status == 404);
  BOOST_TEST(result.value().body == "no such page");
}

BOOST_AUTO_TEST_CASE(a_thread_that_hangs_is_noticed) {
  LocalServer server(Always(HttpAnswer("200 OK")));
  Loop loop;
  std::promise<void> release;
  auto released = release.get_future();
  std::promise<void> done;
  loop.Start({.url = server.Url("/")}, {}, [&](const Result<Response>&) {
    released.get();
    done.set_value();
  });
  while (loop.SinceLook() < 50ms) std::this_thread::yield();
  release.set_value();
  done.get_future().get();
  while (loop.SinceLook() >= 50ms) {  // a request makes it look again
    BOOST_REQUIRE(Run(loop, {.url = server.Url("/")}).ok());
  }
}

BOOST_AUTO_TEST_SUITE_END()
