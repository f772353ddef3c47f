#include "base/log.h"

#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <string>

namespace tocsin::log {
namespace {

constexpr Instant kAt = FromMillis(1'795'413'237'123);

std::string Logfmt(std::string_view value) {
  const std::string line =
      FormatLine(Format::kLogfmt, Level::kInfo, kAt, "m", {{"k", value}});
  return line.substr(line.find(" k=") + 3);
}

std::string Json(std::string_view value) {
  const std::string line =
      FormatLine(Format::kJson, Level::kInfo, kAt, "m", {{"k", value}});
  return line.substr(line.find("\"k\":") + 4);
}

// Holds standard error in a pipe; what is written while it lives is short
// enough for the pipe's buffer.
class StderrCapture {
 public:
  StderrCapture() : saved_(dup(STDERR_FILENO)) {
    BOOST_TEST_REQUIRE(pipe(pipe_.data()) == 0);
    dup2(pipe_[1], STDERR_FILENO);
    close(pipe_[1]);
  }

  std::string Finish() {
    dup2(saved_, STDERR_FILENO);
    close(saved_);
    std::string text;
    std::array<char, 4096> buffer;
    for (;;) {
      const ssize_t got = read(pipe_[0], buffer.data(), buffer.size());
      if (got <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(got));
    }
    close(pipe_[0]);
    return text;
  }

 private:
  int saved_;
  std::array<int, 2> pipe_{};
};

BOOST_AUTO_TEST_SUITE(log)

BOOST_AUTO_TEST_CASE(a_line_holds_time_level_message_and_keys) {
  BOOST_TEST(FormatLine(Format::kLogfmt, Level::kWarn, kAt, "group resolved",
                        {{"group", 17}, {"team", "db"}}) ==
             "ts=2026-11-23T05:53:57.123Z level=warn msg=\"group resolved\" "
             "group=17 team=db");
  BOOST_TEST(FormatLine(Format::kJson, Level::kError, kAt, "group resolved",
                        {{"group", -17}}) ==
             "{\"ts\":\"2026-11-23T05:53:57.123Z\",\"level\":\"error\","
             "\"msg\":\"group resolved\",\"group\":\"-17\"}");
}

BOOST_AUTO_TEST_CASE(logfmt_quotes_what_could_be_misread) {
  BOOST_TEST(Logfmt("plain-1.2/x:y") == "plain-1.2/x:y");
  BOOST_TEST(Logfmt("") == "\"\"");
  BOOST_TEST(Logfmt("two words") == "\"two words\"");
  BOOST_TEST(Logfmt("a=b") == "\"a=b\"");
  BOOST_TEST(Logfmt("say \"hi\"") == "\"say \\\"hi\\\"\"");
  BOOST_TEST(Logfmt("c:\\x") == "\"c:\\\\x\"");
  BOOST_TEST(Logfmt("a\nlevel=error\tb\r") == "\"a\\nlevel=error\\tb\\r\"");
  BOOST_TEST(Logfmt("\x1b[31m") == "\"\\x1b[31m\"");
  BOOST_TEST(Logfmt("grün") == "\"grün\"");
  BOOST_TEST(Logfmt("bad\xff") == "\"bad\\xff\"");
}

BOOST_AUTO_TEST_CASE(json_stays_json_whatever_a_value_holds) {
  BOOST_TEST(Json("plain") == "\"plain\"}");
  BOOST_TEST(Json("a\"\\\n\x01") == "\"a\\\"\\\\\\n\\u0001\"}");
  BOOST_TEST(Json(std::string_view("\0", 1)) == "\"\\u0000\"}");
  BOOST_TEST(Json("bad\xff") == "\"bad\xEF\xBF\xBD\"}");
}

BOOST_AUTO_TEST_CASE(levels_and_formats_have_names) {
  BOOST_TEST((ParseLevel("debug").value() == Level::kDebug));
  BOOST_TEST((ParseLevel("error").value() == Level::kError));
  BOOST_TEST(!ParseLevel("trace").ok());
  BOOST_TEST((ParseFormat("json").value() == Format::kJson));
  BOOST_TEST(!ParseFormat("xml").ok());
}

BOOST_AUTO_TEST_CASE(lines_below_the_level_are_not_written) {
  StderrCapture capture;
  Configure(Level::kWarn, Format::kLogfmt);
  Info("too quiet");
  Warn("loud", {{"n", 1}});
  Error("with {} braces %v");
  Configure(Level::kDebug, Format::kJson);
  Debug("now json");
  Configure(Level::kInfo, Format::kLogfmt);
  const std::string text = capture.Finish();
  BOOST_TEST(text.find("too quiet") == std::string::npos);
  BOOST_TEST(text.find(" level=warn msg=loud n=1\n") != std::string::npos);
  BOOST_TEST(text.find("msg=\"with {} braces %v\"\n") != std::string::npos);
  BOOST_TEST(text.find("\"msg\":\"now json\"}\n") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::log
