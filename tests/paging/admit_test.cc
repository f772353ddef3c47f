#include "paging/admit.h"

#include <boost/test/unit_test.hpp>
#include <chrono>

namespace tocsin::paging {
namespace {

using namespace std::chrono_literals;

const Instant kNow = FromMillis(1'800'000'000'000);

BOOST_AUTO_TEST_SUITE(admit)

BOOST_AUTO_TEST_CASE(the_first_message_leaves_at_once) {
  const Admission first = Admit(std::nullopt, kNow, kFoldWithin);
  BOOST_TEST((first.leaves_at == kNow));
  BOOST_TEST(!first.folded);
}

BOOST_AUTO_TEST_CASE(what_follows_within_a_minute_waits_for_its_end) {
  for (const Duration after :
       {Duration(0ms), Duration(1ms), kFoldWithin - 1ms}) {
    const Admission next = Admit(kNow, kNow + after, kFoldWithin);
    BOOST_TEST((next.leaves_at == kNow + kFoldWithin));
    BOOST_TEST(next.folded);
  }
}

BOOST_AUTO_TEST_CASE(a_minute_later_the_next_one_leaves_at_once) {
  const Admission next = Admit(kNow, kNow + kFoldWithin, kFoldWithin);
  BOOST_TEST((next.leaves_at == kNow + kFoldWithin));
  BOOST_TEST(!next.folded);
}

BOOST_AUTO_TEST_CASE(a_bundle_takes_all_until_it_leaves) {
  const Instant leaves_at = Admit(kNow, kNow + 5s, kFoldWithin).leaves_at;
  const Admission third = Admit(leaves_at, kNow + 59s, kFoldWithin);
  BOOST_TEST((third.leaves_at == leaves_at));
  BOOST_TEST(third.folded);
}

BOOST_AUTO_TEST_CASE(a_bundle_that_left_begins_the_next_minute) {
  const Instant leaves_at = Admit(kNow, kNow + 5s, kFoldWithin).leaves_at;
  const Admission after = Admit(leaves_at, leaves_at + 1s, kFoldWithin);
  BOOST_TEST((after.leaves_at == leaves_at + kFoldWithin));
  BOOST_TEST(after.folded);
}

BOOST_AUTO_TEST_CASE(in_a_storm_there_is_one_message_a_minute) {
  std::optional<Instant> last;
  int left = 0;
  std::optional<Instant> counted;
  for (Instant now = kNow; now < kNow + 10min; now += 700ms) {
    const Admission admission = Admit(last, now, kFoldWithin);
    BOOST_TEST((admission.leaves_at >= now));
    BOOST_TEST((admission.leaves_at - now <= kFoldWithin));
    if (counted != admission.leaves_at) ++left;
    counted = admission.leaves_at;
    last = admission.leaves_at;
  }
  BOOST_TEST(left == 11);  // the first one, then one at each minute's end
}

BOOST_AUTO_TEST_CASE(an_instant_that_a_wrong_clock_left_holds_nobody_up) {
  const Admission now = Admit(kNow + 24h, kNow, kFoldWithin);
  BOOST_TEST((now.leaves_at == kNow));
  BOOST_TEST(!now.folded);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::paging
