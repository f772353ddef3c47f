#include "web/wire.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace tocsin::web {
namespace {

bool Has(const std::string& wire, const std::string& part) {
  return wire.find(part) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(wire)

BOOST_AUTO_TEST_CASE(dates_are_as_rfc_9110_has_them) {
  BOOST_TEST(FormatHttpDate(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT");
  BOOST_TEST(FormatHttpDate(0) == "Thu, 01 Jan 1970 00:00:00 GMT");
  BOOST_TEST(FormatHttpDate(1709251199) == "Thu, 29 Feb 2024 23:59:59 GMT");
  BOOST_TEST(FormatHttpDate(4107542400) == "Mon, 01 Mar 2100 00:00:00 GMT");
}

BOOST_AUTO_TEST_CASE(each_answer_has_one_date) {
  const std::string wire = Serialize({.body = "x"}, {}, false, {});
  const std::size_t at = wire.find("\r\nDate: ");
  BOOST_REQUIRE(at != std::string::npos);
  BOOST_TEST(wire.substr(at + 33, 6) == " GMT\r\n");
  BOOST_TEST(wire.rfind("\r\nDate: ") == at);
  BOOST_TEST(Has(SerializeStreamHead({}, {}, {}), "\r\nDate: "));
}

BOOST_AUTO_TEST_CASE(a_value_cannot_break_the_line) {
  Response response{.body = "x", .content_type = "a\r\nB: c"};
  response.headers = {{"Location", std::string("1\r\n\r\n2\0", 6)}};
  const std::string wire = Serialize(response, {}, false, {{"X", "y\nz"}});
  BOOST_TEST(Has(wire, "\r\nContent-Type: aB: c\r\n"));
  BOOST_TEST(Has(wire, "\r\nLocation: 12\r\n"));
  BOOST_TEST(Has(wire, "\r\nX: yz\r\n"));
}

BOOST_AUTO_TEST_CASE(some_answers_have_no_body) {
  for (const int status : {204, 304}) {
    const std::string wire =
        Serialize({.status = status, .body = "x"}, {}, false, {});
    BOOST_TEST(wire.ends_with("\r\n\r\n"));
    BOOST_TEST(!Has(wire, "Content-Length"));
  }
  const std::string head =
      Serialize({.body = "12345"}, {.head = true}, true, {});
  BOOST_TEST(head.ends_with("\r\n\r\n"));
  BOOST_TEST(Has(head, "\r\nContent-Length: 5\r\n"));
  BOOST_TEST(Has(head, "\r\nConnection: close\r\n"));
}

BOOST_AUTO_TEST_CASE(pieces_of_a_stream_are_chunks) {
  BOOST_TEST(StreamPiece(std::string(26, 'x'), {}) ==
             "1a\r\n" + std::string(26, 'x') + "\r\n");
  BOOST_TEST(StreamEnd({}) == "0\r\n\r\n");
  BOOST_TEST(StreamPiece("x", {.http10 = true}) == "x");
  BOOST_TEST(StreamEnd({.http10 = true}).empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::web
