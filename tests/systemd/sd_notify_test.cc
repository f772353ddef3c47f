#include "systemd/sd_notify.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/test/unit_test.hpp>
#include <cstddef>
#include <cstdlib>
#include <string>

using namespace tocsin::systemd;

namespace {

// Stands in for systemd: a bound datagram socket that NOTIFY_SOCKET names.
class Supervisor {
 public:
  // '@' at the start of `path` means the abstract namespace.
  explicit Supervisor(std::string path) : path_(std::move(path)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(path_.begin(), path_.end(), address.sun_path);
    if (path_[0] == '@') address.sun_path[0] = '\0';
    fd_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const auto length =
        static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path_.size());
    BOOST_REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), length) ==
                  0);
    setenv("NOTIFY_SOCKET", path_.c_str(), 1);
  }
  ~Supervisor() {
    close(fd_);
    if (path_[0] == '/') unlink(path_.c_str());
    unsetenv("NOTIFY_SOCKET");
  }
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // The next datagram; empty if none is there.
  std::string Next() {
    std::array<char, 1024> buffer;
    const ssize_t got = recv(fd_, buffer.data(), buffer.size(), MSG_DONTWAIT);
    return got < 0 ? ""
                   : std::string(buffer.data(), static_cast<std::size_t>(got));
  }

 private:
  const std::string path_;
  int fd_ = -1;
};

std::string AbstractPath() {
  return "@tocsin-test-" + std::to_string(getpid());
}
std::string FilePath() {
  return "/tmp/tocsin-test-" + std::to_string(getpid()) + ".sock";
}

struct CleanEnvironment {
  CleanEnvironment() {
    for (const char* name :
         {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) {
      unsetenv(name);
    }
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sd_notify, CleanEnvironment)

BOOST_AUTO_TEST_CASE(without_systemd_nothing_happens_and_all_is_well) {
  BOOST_TEST(NotifyReady().ok());
  BOOST_TEST(NotifyReloading().ok());
  BOOST_TEST(NotifyStopping().ok());
  BOOST_TEST(NotifyStatus("x").ok());
  BOOST_TEST(NotifyWatchdog().ok());
  BOOST_TEST(!WatchdogInterval().has_value());
}

BOOST_AUTO_TEST_CASE(each_message_arrives_as_one_datagram) {
  Supervisor supervisor(FilePath());
  BOOST_TEST(NotifyReady().ok());
  BOOST_TEST(NotifyStatus("3 open\nalert groups").ok());
  BOOST_TEST(NotifyWatchdog().ok());
  BOOST_TEST(NotifyStopping().ok());
  BOOST_TEST(supervisor.Next() == "READY=1");
  BOOST_TEST(supervisor.Next() == "STATUS=3 open alert groups");
  BOOST_TEST(supervisor.Next() == "WATCHDOG=1");
  BOOST_TEST(supervisor.Next() == "STOPPING=1");
  BOOST_TEST(supervisor.Next() == "");
}

BOOST_AUTO_TEST_CASE(abstract_sockets_are_reached) {
  Supervisor supervisor(AbstractPath());
  BOOST_TEST(NotifyReady().ok());
  BOOST_TEST(supervisor.Next() == "READY=1");
}

BOOST_AUTO_TEST_CASE(a_reload_carries_the_monotonic_time) {
  Supervisor supervisor(AbstractPath());
  BOOST_TEST(NotifyReloading().ok());
  const std::string message = supervisor.Next();
  const std::string start = "RELOADING=1\nMONOTONIC_USEC=";
  BOOST_REQUIRE(message.starts_with(start));
  BOOST_TEST(std::stoll(message.substr(start.size())) > 0);
}

BOOST_AUTO_TEST_CASE(a_socket_that_is_not_there_is_an_error_that_says_so) {
  setenv("NOTIFY_SOCKET", FilePath().c_str(), 1);
  const auto status = NotifyReady();
  BOOST_REQUIRE(!status.ok());
  BOOST_TEST(status.error().message.starts_with("cannot notify systemd: "));
}

BOOST_AUTO_TEST_CASE(a_name_that_is_no_socket_path_is_refused) {
  for (const std::string& name :
       {std::string("relative"), std::string("/"), std::string("@"),
        "/" + std::string(200, 'x'), std::string("vsock:2:1")}) {
    setenv("NOTIFY_SOCKET", name.c_str(), 1);
    BOOST_TEST(!NotifyReady().ok(), name);
  }
}

BOOST_AUTO_TEST_CASE(the_watchdog_is_fed_at_half_its_time) {
  setenv("WATCHDOG_USEC", "30000000", 1);
  BOOST_REQUIRE(WatchdogInterval().has_value());
  BOOST_TEST(WatchdogInterval()->count() == 15'000'000);
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  BOOST_TEST(WatchdogInterval().has_value());
}

BOOST_AUTO_TEST_CASE(a_watchdog_for_another_process_is_not_ours) {
  setenv("WATCHDOG_USEC", "30000000", 1);
  setenv("WATCHDOG_PID", std::to_string(getppid()).c_str(), 1);
  BOOST_TEST(!WatchdogInterval().has_value());
}

BOOST_AUTO_TEST_CASE(a_watchdog_time_that_is_none_is_ignored) {
  for (const char* text : {"", "0", "-5", "12s", "99999999999999999999"}) {
    setenv("WATCHDOG_USEC", text, 1);
    BOOST_TEST(!WatchdogInterval().has_value(), text);
  }
}

BOOST_AUTO_TEST_SUITE_END()
