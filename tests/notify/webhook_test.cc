#include "notify/webhook.h"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <future>
#include <iterator>
#include <string>

#include "tests/http/local_server.h"
#include "tests/notify/some_message.h"

using namespace std::chrono_literals;
using namespace tocsin;
using namespace tocsin::notify;
using test::HttpAnswer;
using test::LocalServer;
using test::SomeMessage;
using Kind = Attempt::Result;

namespace {

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

struct Fixture {
  Attempt Send(Webhook::Options options, bool permitted = true) {
    Webhook webhook(std::move(options), loop, clock);
    std::promise<Attempt> promise;
    webhook.Send(
        SomeMessage(), "+4915112345", [=] { return permitted; },
        [&](Attempt attempt) { promise.set_value(attempt); });
    return promise.get_future().get();
  }
  test::StillClock clock;
  http::Loop loop;
};

Attempt Answered(long status) {
  http::Response response;
  response.status = status;
  return AttemptFrom(response);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(webhook, Fixture)

BOOST_AUTO_TEST_CASE(the_address_stands_in_the_url_where_it_is_asked_for) {
  BOOST_TEST(UrlFor("https://n.example/a?b=c", "x") ==
             "https://n.example/a?b=c");
  BOOST_TEST(UrlFor("https://n.example/{{ address }}", "ada-7f3a") ==
             "https://n.example/ada-7f3a");
  BOOST_TEST(UrlFor("https://n.example/{{address}}/to?u={{ address }}&v=1",
                    "a/../b ?\xc3\xa4") ==
             "https://n.example/a%2F..%2Fb%20%3F%C3%A4/to"
             "?u=a%2F..%2Fb%20%3F%C3%A4&v=1");
  BOOST_TEST(UrlFor("https://n.example/{{", "x") == "https://n.example/");
}

BOOST_AUTO_TEST_CASE(a_page_goes_to_the_url_of_its_address) {
  std::string asked;
  LocalServer server([&](const std::string& request) {
    asked = request;
    return HttpAnswer("200 OK");
  });
  Webhook::Options options;
  options.url = server.Url("/to/{{ address }}");
  BOOST_TEST((Send(options).result == Kind::kDelivered));
  BOOST_TEST(asked.starts_with("POST /to/%2B4915112345 HTTP/1.1"), asked);
}

BOOST_AUTO_TEST_CASE(the_body_of_a_page_is_the_golden_one) {
  std::ifstream file("tests/testdata/notify/page.json");
  BOOST_REQUIRE(file.is_open());
  const auto golden =
      boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {}));
  const auto body = boost::json::parse(PageBody(SomeMessage(), "+4915112345",
                                                "https://tocsin.example.org",
                                                test::kSomeInstant));
  BOOST_TEST(body == golden);
}

BOOST_AUTO_TEST_CASE(without_an_external_url_there_is_no_link) {
  const auto body =
      boost::json::parse(PageBody(SomeMessage(), "x", "", test::kSomeInstant));
  BOOST_TEST(body.at("alert_group").at("url").is_null());
}

BOOST_AUTO_TEST_CASE(a_bundle_names_each_group_that_it_is_about) {
  engine::Message message = SomeMessage();
  message.bundled = {SomeMessage(), SomeMessage()};
  message.bundled[1].id = {paging::AlertGroupId(18), 1};
  message.bundled[1].title = "Load";
  const auto body = boost::json::parse(
      PageBody(message, "x", "https://tocsin", test::kSomeInstant));
  BOOST_TEST(body.at("id").as_string() == "17-3");
  const auto& bundled = body.at("bundled").as_array();
  BOOST_TEST_REQUIRE(bundled.size() == 2u);
  BOOST_TEST(bundled[1].at("id").as_string() == "18-1");
  const auto& group = bundled[1].at("alert_group");
  BOOST_TEST(group.at("id").as_string() == "18");
  BOOST_TEST(group.at("title").as_string() == "Load");
  BOOST_TEST(group.at("url").as_string() == "https://tocsin/#/alert-groups/18");
}

BOOST_AUTO_TEST_CASE(a_page_is_posted_with_its_headers) {
  LocalServer server([](const std::string&) { return HttpAnswer("200 OK"); });
  const Attempt attempt =
      Send({.url = server.Url("/hook?x=1"),
            .bearer_token = "s3cret",
            .headers = {{"X-Title", "Tocsin"}, {"content-type", "text/plain"}},
            .external_url = "",
            .version = "0.1.0"});
  BOOST_TEST((attempt.result == Kind::kDelivered));
  BOOST_TEST(attempt.detail == "HTTP 200");
  const auto requests = server.Requests();
  BOOST_REQUIRE(requests.size() == 1u);
  for (const char* part :
       {"POST /hook?x=1 HTTP/1.1\r\n", "\r\nContent-Type: application/json\r\n",
        "\r\nUser-Agent: Tocsin/0.1.0\r\n", "\r\nIdempotency-Key: 17-3\r\n",
        "\r\nAuthorization: Bearer s3cret\r\n", "\r\nX-Title: Tocsin\r\n",
        "\"sent_at\":\"2026-11-23T05:53:57.123Z\""}) {
    BOOST_TEST(Contains(requests[0], part), part);
  }
  BOOST_TEST(!Contains(requests[0], "text/plain"));
}

BOOST_AUTO_TEST_CASE(without_a_token_there_is_no_authorization_of_ours) {
  LocalServer server([](const std::string&) { return HttpAnswer("200 OK"); });
  Webhook::Options options;
  options.url = server.Url("/");
  Send(options);
  options.headers = {{"Authorization", "Basic YTpi"}};
  Send(options);
  const auto requests = server.Requests();
  BOOST_REQUIRE(requests.size() == 2u);
  BOOST_TEST(!Contains(requests[0], "Authorization"));
  BOOST_TEST(Contains(requests[1], "\r\nAuthorization: Basic YTpi\r\n"));
}

BOOST_AUTO_TEST_CASE(a_busy_server_is_a_temporary_failure_with_its_wish) {
  LocalServer server([](const std::string&) {
    return HttpAnswer("429 Too Many Requests", "Retry-After: 30\r\n");
  });
  Webhook::Options options;
  options.url = server.Url("/");
  const Attempt attempt = Send(options);
  BOOST_TEST((attempt.result == Kind::kTemporary));
  BOOST_TEST(attempt.detail == "HTTP 429");
  BOOST_TEST((attempt.retry_after == 30s));
}

BOOST_AUTO_TEST_CASE(a_redirect_is_permanent_and_says_why) {
  BOOST_TEST((Answered(302).result == Kind::kPermanent));
  BOOST_TEST(Answered(302).detail ==
             "HTTP 302, a redirect, which is never followed");
}

BOOST_AUTO_TEST_CASE(no_connection_is_temporary_and_a_bad_url_permanent) {
  Webhook::Options options;
  options.url =
      "http://127.0.0.1:" + std::to_string(test::FreePort()) + "/s3cret";
  const Attempt refused = Send(options);
  BOOST_TEST((refused.result == Kind::kTemporary));
  BOOST_TEST(!Contains(refused.detail, "s3cret"));
  options.url = "gopher://127.0.0.1/s3cret";
  const Attempt bad = Send(options);
  BOOST_TEST((bad.result == Kind::kPermanent));
  BOOST_TEST(!Contains(bad.detail, "s3cret"));
}

BOOST_AUTO_TEST_CASE(a_refused_permit_withdraws_the_page) {
  LocalServer server([](const std::string&) { return HttpAnswer("200 OK"); });
  Webhook::Options options;
  options.url = server.Url("/");
  BOOST_TEST((Send(options, false).result == Kind::kWithdrawn));
  BOOST_TEST(server.bytes_received() == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
