#include "metrics/process.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>

using namespace tocsin::metrics;

BOOST_AUTO_TEST_SUITE(process)

BOOST_AUTO_TEST_CASE(the_process_started_in_the_last_minutes) {
  const auto start = ProcessStartSeconds();
  BOOST_REQUIRE(start.has_value());
  const double now = std::chrono::duration<double>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
  // btime has whole seconds
  BOOST_TEST(*start < now + 2);
  BOOST_TEST(*start > now - 600);
}

BOOST_AUTO_TEST_CASE(memory_is_more_than_a_page_and_less_than_the_machine) {
  const auto bytes = ResidentBytes();
  BOOST_REQUIRE(bytes.has_value());
  BOOST_TEST(*bytes > 4096);
  BOOST_TEST(*bytes < 1e12);
}

BOOST_AUTO_TEST_CASE(each_open_descriptor_counts) {
  const auto before = OpenFileDescriptors();
  BOOST_REQUIRE(before.has_value());
  const int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
  BOOST_TEST(*OpenFileDescriptors() == *before + 1);
  close(fd);
  BOOST_TEST(*OpenFileDescriptors() == *before);
}

BOOST_AUTO_TEST_SUITE_END()
