// How reads look over HTTP: compressed, unchanged, without a body.
#include "web/representation.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "tests/web/house.h"

namespace tocsin::web {
namespace {

constexpr const char* kList = "/api/v1/alert_groups/";

std::string HeaderOf(const std::string& answer, const std::string& name) {
  const std::size_t at = answer.find("\r\n" + name + ": ");
  if (at == std::string::npos) return "";
  const std::size_t from = at + name.size() + 4;
  return answer.substr(from, answer.find("\r\n", from) - from);
}

// The status line and all headers but the date, sorted.
std::vector<std::string> HeadOf(const std::string& answer) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t end; (end = answer.find("\r\n", from)) != from;) {
    if (end == std::string::npos) break;
    const std::string line = answer.substr(from, end - from);
    if (!line.starts_with("Date: ")) lines.push_back(line);
    from = end + 2;
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(representation)

BOOST_AUTO_TEST_CASE(lists_and_metrics_are_compressed_for_who_asks) {
  House house;
  for (const char* path : {kList, "/metrics"}) {
    const std::string plain = house.Get(path);
    BOOST_TEST(StatusOf(plain) == "200", path);
    BOOST_TEST(HeaderOf(plain, "Vary") == "Accept-Encoding", path);
    BOOST_TEST(HeaderOf(plain, "Content-Encoding") == "", path);
    const std::string small = house.Get(path, "Accept-Encoding: gzip\r\n");
    BOOST_TEST(StatusOf(small) == "200", path);
    BOOST_TEST(HeaderOf(small, "Content-Encoding") == "gzip", path);
    BOOST_TEST(BodyOf(small).size() < BodyOf(plain).size() / 2, path);
    BOOST_TEST(BodyOf(small).starts_with("\x1f\x8b"), path);
    const std::string none =
        house.Get(path, "Accept-Encoding: identity;q=0\r\n");
    BOOST_TEST(StatusOf(none) == "406", path);
  }
}

BOOST_AUTO_TEST_CASE(what_a_client_has_is_not_sent_again) {
  House house;
  for (const char* path :
       {kList, "/api/v1/alert_groups/1/", "/api/v1/alert_groups/1/timeline/",
        "/api/v1/intake/refusals/"}) {
    const std::string whole = house.Get(path);
    const std::string tag = HeaderOf(whole, "ETag");
    BOOST_TEST(tag.size() > 10u, path);
    BOOST_TEST(HeaderOf(whole, "Cache-Control") == "private, no-cache", path);
    Client kept(house.port());
    kept.Send(Compose(
        "GET", path,
        "Authorization: viewer-token\r\nIf-None-Match: " + tag + "\r\n"));
    const std::string same = kept.Receive();
    BOOST_TEST(StatusOf(same) == "304", path);
    BOOST_TEST(HeaderOf(same, "ETag") == tag, path);
    BOOST_TEST(same.find("Content-Length") == std::string::npos, path);
    // Nothing of a body: the next answer is whole.
    kept.Send(Compose("GET", path, "Authorization: viewer-token\r\n"));
    BOOST_TEST(BodyOf(kept.Receive()) == BodyOf(whole), path);
    BOOST_TEST(
        StatusOf(house.Get(path, "If-None-Match: \"other\"\r\n")) == "200",
        path);
  }
  // Who must not see it does not learn that it is the same.
  const std::string tag = HeaderOf(house.Get(kList), "ETag");
  BOOST_TEST(StatusOf(Client(house.port())
                          .Ask(Compose("GET", kList,
                                       "If-None-Match: " + tag + "\r\n"))) ==
             "401");
}

BOOST_AUTO_TEST_CASE(metrics_have_no_tag) {
  House house;
  BOOST_TEST(HeaderOf(house.Get("/metrics"), "ETag") == "");
  BOOST_TEST(StatusOf(house.Get("/metrics", "If-None-Match: *\r\n")) == "200");
}

BOOST_AUTO_TEST_CASE(head_has_the_headers_of_get) {
  House house;
  for (const char* path :
       {kList, "/api/v1/alert_groups/1/", "/api/v1/alert_groups/7/",
        "/api/v1/alert_groups/1/timeline/", "/api/v1/intake/refusals/",
        "/-/healthy", "/-/ready", "/nowhere"}) {
    for (const char* encoding : {"", "Accept-Encoding: gzip\r\n"}) {
      const std::string headers =
          "Authorization: viewer-token\r\n" + std::string(encoding);
      const std::string whole =
          Client(house.port()).Ask(Compose("GET", path, headers));
      Client client(house.port());
      client.Send(Compose("HEAD", path, headers));
      const std::string head = client.Receive(true);
      BOOST_TEST(HeadOf(head) == HeadOf(whole), path << " " << encoding);
      BOOST_TEST(HeadOf(head).size() > 2u, path);
      // No body comes behind it: the next answer is one.
      BOOST_TEST(Answer(client.Ask(Compose("GET", "/-/healthy"))) == "200 OK",
                 path);
    }
  }
  // Its figures move from one time to the next.
  Client client(house.port());
  client.Send(Compose("HEAD", "/metrics"));
  BOOST_TEST(HeaderOf(client.Receive(true), "Content-Type")
                 .starts_with("text/plain; version=0.0.4"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
