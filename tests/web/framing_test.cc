#include "web/framing.h"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::web {
namespace {

// What comes of some bytes: the bodies of complete requests in brackets, and
// the status of a refusal.
std::string Outcome(Framing& framing) {
  std::string out;
  for (;;) {
    switch (framing.Advance()) {
      case Framing::Next::kNeedMore:
        return out;
      case Framing::Next::kHead:
        if (framing.ExpectsContinue()) out += "continue";
        break;
      case Framing::Next::kComplete: {
        Framing::Traits traits;
        out += "[" + framing.Take(traits).body + "]";
        break;
      }
      case Framing::Next::kRefused:
        return out + std::to_string(framing.refusal().status);
    }
  }
}

std::string Outcome(std::string_view bytes, const Limits& limits = {}) {
  Framing framing(limits);
  framing.Append(bytes);
  return Outcome(framing);
}

// A request with that line, a Host, and what else is given.
std::string Text(const std::string& headers, const std::string& body = "") {
  return "POST /x HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n" + body;
}

constexpr std::string_view kChunked =
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n6;extension=1\r\n world\r\n0\r\n\r\n";

}  // namespace

BOOST_AUTO_TEST_SUITE(framing)

BOOST_AUTO_TEST_CASE(a_chunked_body_may_be_split_at_every_byte) {
  for (std::size_t cut = 1; cut < kChunked.size(); ++cut) {
    Framing framing({});
    framing.Append(kChunked.substr(0, cut));
    std::string out = Outcome(framing);
    framing.Append(kChunked.substr(cut));
    out += Outcome(framing);
    BOOST_TEST(out == "[hello world]", "cut at " << cut << ": " << out);
  }
}

BOOST_AUTO_TEST_CASE(a_request_may_come_byte_by_byte) {
  Framing framing({});
  std::string out;
  for (const char c :
       std::string(kChunked) + Text("Content-Length: 2\r\n", "ok")) {
    framing.Append(std::string_view(&c, 1));
    out += Outcome(framing);
  }
  BOOST_TEST(out == "[hello world][ok]");
}

BOOST_AUTO_TEST_CASE(what_two_parsers_could_read_differently_is_refused) {
  const std::string length = "Content-Length: 4\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const std::string& headers : std::vector<std::string>{
           length + chunked, chunked + length, length + length,
           length + "Content-Length: 5\r\n", "Content-Length: +4\r\n",
           "Content-Length: 4,4\r\n", "Content-Length: 0x4\r\n",
           "Content-Length: -1\r\n", "Content-Length: 4 4\r\n",
           "Content-Length: 99999999999999999999999\r\n", "Host: b\r\n",
           "Bad Name: x\r\n", "Colon : x\r\n", "NoColon\r\n",
           std::string("Nul: a\0b\r\n", 10), "Bare: a\nX: b\r\n"}) {
    BOOST_TEST(Outcome(Text(headers, "abcd")) == "400", headers);
  }
}

BOOST_AUTO_TEST_CASE(only_chunked_is_a_transfer_encoding) {
  for (const char* value : {"ch", "gzip", "gzip, chunked", "identity",
                            "chunked, chunked", "xchunked"}) {
    const std::string outcome = Outcome(
        Text("Transfer-Encoding: " + std::string(value) + "\r\n", "0\r\n\r\n"));
    BOOST_TEST((outcome == "501" || outcome == "400"), value << outcome);
  }
  BOOST_TEST(Outcome("POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "0\r\n\r\n")
                 .substr(0, 1) != "[");
}

// They would count as headers, and one could pass for a credential.
BOOST_AUTO_TEST_CASE(trailers_are_refused) {
  const std::string head =
      Text("Authorization: none\r\nTransfer-Encoding: chunked\r\n");
  for (const char* name : {"Authorization", "X-Other"}) {
    const std::string rest =
        std::string("1\r\nx\r\n0\r\n") + name + ": token\r\n\r\n";
    BOOST_TEST(Outcome(head + rest) == "400", name);
    Framing framing({});
    framing.Append(head);
    BOOST_TEST(Outcome(framing).empty());
    framing.Append(rest);
    BOOST_TEST(Outcome(framing) == "400", name);
    BOOST_TEST(framing.refusal().reason == "malformed");
    BOOST_TEST(framing.refusal().detail == "Trailers are not taken.");
  }
}

BOOST_AUTO_TEST_CASE(bad_chunks_are_refused) {
  for (const char* body : {"5\r\nhelloX\r\n0\r\n\r\n", "-1\r\n", "zz\r\n",
                           "5\nhello\r\n0\r\n\r\n", "fffffffffffffffff\r\nx"}) {
    const std::string outcome =
        Outcome(Text("Transfer-Encoding: chunked\r\n", body));
    BOOST_TEST((outcome == "400" || outcome == "413"), body << outcome);
  }
}

BOOST_AUTO_TEST_CASE(request_lines_are_read_strictly) {
  const auto line = [](const std::string& text) {
    return Outcome(text + "\r\nHost: a\r\n\r\n");
  };
  BOOST_TEST(line("GET / HTTP/1.1") == "[]");
  for (const char* bad :
       {"GET  / HTTP/1.1", "GET /", "GET / HTTP/2.0", "GET / HTTP/1.1 x",
        "G\tT / HTTP/1.1", "GET x HTTP/1.1", "GET * HTTP/1.1",
        "GET ftp://a/ HTTP/1.1", "GET http:///x HTTP/1.1",
        "GET http://me@a/ HTTP/1.1", "GET http:/a HTTP/1.1", "POST * HTTP/1.1",
        "OPTIONS *x HTTP/1.1", "CONNECT a:1 HTTP/1.1", " GET / HTTP/1.1",
        "\x16\x03\x01\x02"}) {
    BOOST_TEST(line(bad) == "400", bad << " gave " << line(bad));
  }
  BOOST_TEST(Outcome("GET / HTTP/1.1\r\n\r\n") == "400");  // no Host
  BOOST_TEST(Outcome("GET / HTTP/1.0\r\n\r\n") == "[]");
}

BOOST_AUTO_TEST_CASE(sizes_are_limited) {
  BOOST_TEST(Outcome("GET /" + std::string(2047, 'a') +
                     " HTTP/1.1\r\nHost: a\r\n\r\n") == "[]");
  BOOST_TEST(Outcome("GET /" + std::string(2048, 'a') +
                     " HTTP/1.1\r\nHost: a\r\n\r\n") == "414");
  BOOST_TEST(Outcome(Text("X: " + std::string(17000, 'x') + "\r\n")) == "431");
  BOOST_TEST(Outcome("GET /" + std::string(40000, 'a')) == "431");
  const Limits small{.body_bytes = 5};
  BOOST_TEST(Outcome(Text("Content-Length: 5\r\n", "12345"), small) ==
             "[12345]");
  BOOST_TEST(Outcome(Text("Content-Length: 6\r\n"), small) == "413");
  BOOST_TEST(Outcome(Text("Transfer-Encoding: chunked\r\n",
                          "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n"),
                     small) == "413");
}

BOOST_AUTO_TEST_CASE(the_limit_of_headers_is_exact_however_they_come) {
  const Limits limits{.header_bytes = 200};
  const auto request = [](std::size_t size) {
    const std::string start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
    return start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n";
  };
  for (const std::size_t size : {199u, 200u, 201u}) {
    const std::string text = request(size);
    const std::string expected = size <= 200 ? "[]" : "431";
    BOOST_TEST(Outcome(text, limits) == expected, size << " at once");
    Framing slow(limits);
    std::string out;
    for (const char c : text) {
      if (!out.empty()) break;
      slow.Append(std::string_view(&c, 1));
      out += Outcome(slow);
    }
    BOOST_TEST(out == expected, size << " byte by byte: " << out);
  }
}

BOOST_AUTO_TEST_CASE(the_limit_of_bodies_is_exact_in_chunks_too) {
  const Limits limits{.body_bytes = 6};
  const auto chunks = [](const std::string& last) {
    return Text("Transfer-Encoding: chunked\r\n",
                "3\r\nabc\r\n" + last + "0\r\n\r\n");
  };
  BOOST_TEST(Outcome(chunks("3\r\ndef\r\n"), limits) == "[abcdef]");
  BOOST_TEST(Outcome(chunks("4\r\ndefg\r\n"), limits) == "413");
}

BOOST_AUTO_TEST_CASE(a_whole_url_leads_to_its_path) {
  const auto target = [](const std::string& text) {
    Framing framing({});
    framing.Append("GET " + text + " HTTP/1.1\r\nHost: other\r\n\r\n");
    if (framing.Advance() != Framing::Next::kComplete) return std::string();
    Framing::Traits traits;
    const Request request = framing.Take(traits);
    return request.path + "|" + request.query;
  };
  BOOST_TEST(target("http://t.example:9876/a/b?c=d") == "/a/b|c=d");
  BOOST_TEST(target("HTTPS://[::1]/a") == "/a|");
  BOOST_TEST(target("http://a") == "/|");
  BOOST_TEST(target("http://a?q=http://b/c") == "/|q=http://b/c");
  BOOST_TEST(target("/http://a/b") == "/http://a/b|");
}

BOOST_AUTO_TEST_CASE(the_star_belongs_to_options) {
  BOOST_TEST(Outcome("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n") == "[]");
}

BOOST_AUTO_TEST_CASE(a_head_is_told_once_and_only_if_a_body_is_to_come) {
  Framing whole({});
  whole.Append(Text("Content-Length: 2\r\n", "ok"));
  BOOST_TEST((whole.Advance() == Framing::Next::kComplete));
  for (const char* length :
       {"Content-Length: 2\r\n", "Transfer-Encoding: chunked\r\n"}) {
    Framing parts({});
    parts.Append(Text(length));
    BOOST_TEST((parts.Advance() == Framing::Next::kHead));
    BOOST_TEST(parts.Understood().path == "/x");
    BOOST_TEST(!parts.ExpectsContinue());
    BOOST_TEST((parts.Advance() == Framing::Next::kNeedMore));
  }
}

BOOST_AUTO_TEST_CASE(a_head_is_one_also_between_its_lines) {
  Framing framing({});
  BOOST_TEST(!framing.InHead());
  for (const char* line : {"GET / HTTP/1.1\r\n", "Host: a\r\n", "X: "}) {
    framing.Append(line);
    BOOST_TEST((framing.Advance() == Framing::Next::kNeedMore));
    BOOST_TEST(framing.InHead());
  }
  BOOST_TEST(framing.Bytes() == 28u);
  framing.Append("x\r\n\r\n");
  BOOST_TEST(Outcome(framing) == "[]");
  BOOST_TEST(!framing.InHead());
  BOOST_TEST(framing.Bytes() == 0u);
}

BOOST_AUTO_TEST_CASE(an_endless_chunk_extension_is_refused) {
  Framing framing({});
  framing.Append(Text("Transfer-Encoding: chunked\r\n", "1;"));
  std::string out;
  for (int i = 0; i < 100 && out.empty(); ++i) {
    framing.Append(std::string(1000, 'e'));
    out = Outcome(framing);
  }
  BOOST_TEST(out == "400");
}

BOOST_AUTO_TEST_CASE(a_continue_is_asked_for_once_and_only_if_needed) {
  const std::string expect = "Expect: 100-continue\r\nContent-Length: 2\r\n";
  Framing framing({});
  framing.Append(Text(expect));
  BOOST_TEST(Outcome(framing) == "continue");
  framing.Append("ok");
  BOOST_TEST(Outcome(framing) == "[ok]");
  BOOST_TEST(Outcome(Text("Expect: 200-ok\r\n")) == "417");
}

BOOST_AUTO_TEST_CASE(the_head_of_a_refused_body_is_understood) {
  Framing framing({.body_bytes = 1});
  framing.Append(
      "POST /a?b=c HTTP/1.1\r\nHost: a\r\nAuthorization: t\r\n"
      "Content-Length: 9\r\n\r\n");
  BOOST_TEST(Outcome(framing) == "413");
  const Request head = framing.Understood();
  BOOST_TEST(head.path == "/a");
  BOOST_TEST(head.query == "b=c");
  BOOST_TEST(head.Header("authorization") == "t");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
