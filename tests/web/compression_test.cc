#include "web/compression.h"

#include <zlib.h>

#include <boost/test/unit_test.hpp>
#include <string>

#include "web/etag.h"
#include "web/representation.h"

namespace tocsin::web {
namespace {

const char* Chosen(std::string_view accept, bool worthwhile = true) {
  const auto coding = ChooseCoding(accept, worthwhile);
  if (!coding) return "none";
  return *coding == Coding::kGzip ? "gzip" : "identity";
}

std::string Unzip(const std::string& bytes) {
  z_stream stream{};
  BOOST_REQUIRE(::inflateInit2(&stream, 15 + 16) == Z_OK);
  std::string out(4u << 20, '\0');
  std::string in = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  BOOST_REQUIRE(::inflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(stream.total_out);
  ::inflateEnd(&stream);
  return out;
}

std::string HeaderOf(const Response& response, std::string_view name) {
  for (const auto& [other, value] : response.headers) {
    if (other == name) return value;
  }
  return "";
}

Request Asking(Headers headers) {
  Request request;
  request.method = "GET";
  request.headers = std::move(headers);
  return request;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(compression)

BOOST_AUTO_TEST_CASE(a_coding_is_what_the_client_likes_best) {
  for (const char* gzip :
       {"gzip", "GZip", "x-gzip", "deflate, gzip", "gzip;q=1.0", "gzip;q=0.001",
        "*", "br;q=1, gzip ; Q=0.5", "gzip, identity", "identity;q=0.5, *",
        "*;q=0.1", "gzip;q=0.5, identity;q=0.5", " gzip\t;q=0.5 ,, "}) {
    BOOST_TEST(Chosen(gzip) == "gzip", gzip);
  }
  for (const char* identity :
       {"", "identity", "br", "gzip;q=0", "gzip;q=0.000", "deflate;q=1",
        "gzip;q=0.5, identity", "gzip;q=0, *", "gzip;q=0.4, *;q=0.5",
        "gzip;q=2", "gzip;q=1.1", "gzip;q=", "gzip;q=0.1234", "gzip;q=-1",
        "gzip;level=1", "gzipped", "gzip;q=a", ";q=1", "gzip;;q=1"}) {
    BOOST_TEST(Chosen(identity) == "identity", identity);
  }
}

BOOST_AUTO_TEST_CASE(what_is_not_worthwhile_is_compressed_only_if_it_must) {
  BOOST_TEST(Chosen("gzip", false) == "identity");
  BOOST_TEST(Chosen("gzip, identity;q=0", false) == "gzip");
  BOOST_TEST(Chosen("gzip, *;q=0", false) == "gzip");
}

BOOST_AUTO_TEST_CASE(who_refuses_both_gets_neither) {
  for (const char* none :
       {"identity;q=0", "*;q=0", "gzip;q=0, identity;q=0", "br, *;q=0",
        "gzip;q=0, *;q=0", "br, identity;q=0.000"}) {
    BOOST_TEST(Chosen(none) == "none", none);
  }
  const Response refused = Represent(
      Asking({{"Accept-Encoding", "identity;q=0"}}), {}, Validator::kEtag);
  BOOST_TEST(refused.status == 406);
}

BOOST_AUTO_TEST_CASE(what_is_compressed_comes_back) {
  std::string body;
  for (int i = 0; i < 20000; ++i) body += "group " + std::to_string(i * i);
  const auto bytes = Gzip(body);
  BOOST_REQUIRE(bytes.has_value());
  BOOST_TEST(bytes->size() < body.size() / 2);
  BOOST_TEST((Unzip(*bytes) == body));
  BOOST_TEST((Gzip(body) == bytes));
  BOOST_TEST(Unzip(Gzip("").value()) == "");
  std::string noise(100'000, '\0');  // grows, if anything
  unsigned state = 1;
  for (char& c : noise)
    c = static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
  BOOST_TEST((Unzip(Gzip(noise).value()) == noise));
}

BOOST_AUTO_TEST_CASE(tags_are_of_the_body_and_its_coding) {
  const std::string tag = EtagOf("abc", Coding::kIdentity);
  BOOST_TEST(tag == "\"ba7816bf8f01cfea414140de5dae2223\"");
  BOOST_TEST(EtagOf("abc", Coding::kGzip) ==
             "\"ba7816bf8f01cfea414140de5dae2223-gzip\"");
  BOOST_TEST(EtagOf("abd", Coding::kIdentity) != tag);
}

BOOST_AUTO_TEST_CASE(tags_are_found_in_lists) {
  for (const char* named : {"\"a\"", "W/\"a\"", " \"a\" ", "\"x,y\", \"a\"",
                            "*", " * ", "W/\"x\",W/\"a\",\"z\""}) {
    BOOST_TEST(NamesTag(named, "\"a\""), named);
  }
  for (const char* other : {"", "a", "\"b\"", "\"a", "\"aa\"", "\"x\", \"",
                            "\"A\"", "\"x*\"", "\"b, \"a-gzip\""}) {
    BOOST_TEST(!NamesTag(other, "\"a\""), other);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_goes_by_what_the_client_takes_and_has) {
  const std::string body(5000, 'x');
  const Request plain = Asking({});
  Response whole = Represent(plain, {.body = body}, Validator::kEtag);
  BOOST_TEST(whole.body == body);
  BOOST_TEST(HeaderOf(whole, "Vary") == "Accept-Encoding");
  BOOST_TEST(HeaderOf(whole, "Content-Encoding") == "");
  const std::string tag = HeaderOf(whole, "ETag");
  BOOST_TEST(tag == EtagOf(body, Coding::kIdentity));

  // Two headers are one list.
  Headers gzip = {{"accept-encoding", "br"}, {"Accept-Encoding", "gzip"}};
  const Response small =
      Represent(Asking(gzip), {.body = body}, Validator::kEtag);
  BOOST_TEST(HeaderOf(small, "Content-Encoding") == "gzip");
  BOOST_TEST(HeaderOf(small, "Vary") == "Accept-Encoding");
  BOOST_TEST((Unzip(small.body) == body));
  const std::string gzip_tag = HeaderOf(small, "ETag");
  BOOST_TEST(gzip_tag != tag);

  // The tag is that of the form which would be sent.
  gzip.emplace_back("If-None-Match", tag);
  BOOST_TEST(Represent(Asking(gzip), {.body = body}, Validator::kEtag).status ==
             200);
  gzip.back().second += ", " + gzip_tag;
  const Response same =
      Represent(Asking(gzip), {.body = body}, Validator::kEtag);
  BOOST_TEST(same.status == 304);
  BOOST_TEST(same.body == "");
  BOOST_TEST(HeaderOf(same, "ETag") == gzip_tag);
  BOOST_TEST(HeaderOf(same, "Vary") == "Accept-Encoding");
  BOOST_TEST(HeaderOf(same, "Content-Encoding") == "");
}

BOOST_AUTO_TEST_CASE(small_answers_and_faults_stay_as_they_are) {
  const Request gzip =
      Asking({{"Accept-Encoding", "gzip"}, {"If-None-Match", "*"}});
  const std::string edge(1024, 'x');
  BOOST_TEST(Represent(gzip, {.body = edge}, Validator::kNone).body == edge);
  BOOST_TEST(
      Represent(gzip, {.body = edge + "x"}, Validator::kNone).body.size() <
      100u);
  const Response fault = Represent(
      gzip, {.status = 404, .body = std::string(5000, 'x')}, Validator::kEtag);
  BOOST_TEST(fault.status == 404);
  BOOST_TEST(fault.body.size() == 5000u);
  BOOST_TEST(fault.headers.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
