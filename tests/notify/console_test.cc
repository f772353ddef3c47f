#include "notify/console.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <string>

#include "tests/notify/some_message.h"

using namespace tocsin::notify;
using tocsin::test::SomeMessage;
using Kind = Attempt::Result;

namespace {

struct Pipe {
  Pipe() { BOOST_REQUIRE(pipe2(fds.data(), O_CLOEXEC) == 0); }
  ~Pipe() {
    for (const int fd : fds) close(fd);
  }
  // What was written so far.
  std::string Read() {
    fcntl(fds[0], F_SETFL, O_NONBLOCK);
    std::array<char, 4096> buffer;
    const ssize_t got = read(fds[0], buffer.data(), buffer.size());
    return got <= 0 ? ""
                    : std::string(buffer.data(), static_cast<std::size_t>(got));
  }
  Attempt Send(bool permitted) {
    Console console(fds[1]);
    Attempt last;
    int calls = 0;
    console.Send(
        SomeMessage(), "+49", [=] { return permitted; },
        [&](const Attempt& attempt) { ++calls, last = attempt; });
    BOOST_TEST(calls == 1);
    return last;
  }
  std::array<int, 2> fds{};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(console, Pipe)

BOOST_AUTO_TEST_CASE(a_page_is_one_line) {
  BOOST_TEST((Send(true).result == Kind::kDelivered));
  BOOST_TEST(Read() ==
             "PAGE bob at +49 [important] platform: DiskFull \"db-1\" - Platte "
             "fast voll: 97 %, noch 3\u202fGB auf /var (critical), firing "
             "alerts: 2, group 17, notification 17-3, attempt 2, step 1 of "
             "chain platform-default\n");
}

BOOST_AUTO_TEST_CASE(an_alert_cannot_forge_lines_or_steer_the_terminal) {
  auto message = SomeMessage();
  message.title = "a\nPAGE eve\x1b[2J\x7f\r";
  const std::string line = PageLine(message, "bob");
  BOOST_TEST(line.find('\n') == line.size() - 1);
  BOOST_TEST(line.find_first_of("\x1b\x7f\r") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_bundle_is_one_line) {
  auto message = SomeMessage();
  message.bundled = {SomeMessage()};
  message.bundled[0].id = {tocsin::paging::AlertGroupId(18), 1};
  message.bundled[0].title = "Load";
  const std::string line = PageLine(message, "bob");
  BOOST_TEST(line.find("PAGE bob [important] platform: DiskFull") == 0u);
  BOOST_TEST(
      line.ends_with("; and platform: Load, group 18, notification 18-1\n"));
}

BOOST_AUTO_TEST_CASE(a_refused_permit_writes_nothing) {
  BOOST_TEST((Send(false).result == Kind::kWithdrawn));
  BOOST_TEST(Read() == "");
}

BOOST_AUTO_TEST_CASE(a_console_that_is_gone_is_a_temporary_failure) {
  std::signal(SIGPIPE, SIG_IGN);
  close(fds[0]);
  fds[0] = -1;
  const Attempt attempt = Send(true);
  BOOST_TEST((attempt.result == Kind::kTemporary));
  BOOST_TEST(attempt.detail == "cannot write to the console: Broken pipe");
}

BOOST_AUTO_TEST_SUITE_END()
