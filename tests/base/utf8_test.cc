#include "base/utf8.h"

#include <boost/test/unit_test.hpp>
#include <string>

namespace tocsin {
namespace {

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_AUTO_TEST_CASE(every_character_survives_the_way_there_and_back) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    if (c == 0xD800) c = 0xE000;
    std::string text;
    AppendUtf8(c, text);
    const std::optional<CodePoint> back = DecodeUtf8(text + "x");
    if (!back || back->value != c || back->length != text.size()) {
      BOOST_FAIL("character " << static_cast<unsigned long>(c));
    }
  }
}

BOOST_AUTO_TEST_CASE(malformed_text_is_told) {
  for (const char* text :
       {"\x80", "\xbf", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf", "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80", "\xf4\x90\x80\x80",
        "\xf5\x80\x80\x80", "\xff", "\xc3", "\xe2\x82", "\xf0\x9f\x99", "\xc3(",
        "\xe2(\xa1"}) {
    BOOST_TEST(!DecodeUtf8(text).has_value());
    BOOST_TEST(!IsValidUtf8(std::string("ok") + text));
  }
  BOOST_TEST(!DecodeUtf8("").has_value());
  BOOST_TEST(IsValidUtf8(""));
  BOOST_TEST(IsValidUtf8("grün \xF0\x9F\x99\x82"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin
