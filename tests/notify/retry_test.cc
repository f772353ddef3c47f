#include "notify/retry.h"

#include <boost/test/unit_test.hpp>
#include <limits>

using namespace std::chrono_literals;
using namespace tocsin;
using namespace tocsin::notify;
using Kind = Attempt::Result;

namespace {

const Instant kIssued = FromMillis(1'000'000);

Duration Pause(std::uint32_t attempts,
               std::optional<std::chrono::seconds> retry_after = {}) {
  const Instant now = kIssued + 1min;
  return *NextAttempt(attempts, retry_after, now, kIssued) - now;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retry)

BOOST_AUTO_TEST_CASE(pauses_double_up_to_a_minute) {
  const Duration expected[] = {1s, 2s, 4s, 8s, 16s, 32s, 60s, 60s};
  std::uint32_t attempts = 0;
  for (const Duration pause : expected) {
    BOOST_TEST(Pause(++attempts).count() == pause.count());
  }
  BOOST_TEST(Pause(std::numeric_limits<std::uint32_t>::max()).count() ==
             Duration(60s).count());
}

BOOST_AUTO_TEST_CASE(the_longer_of_retry_after_and_our_pause_counts) {
  BOOST_TEST(Pause(1, 7s).count() == Duration(7s).count());
  BOOST_TEST(Pause(6, 7s).count() == Duration(32s).count());
  BOOST_TEST(Pause(1, 10min).count() == Duration(10min).count());
}

BOOST_AUTO_TEST_CASE(no_attempt_is_put_off_beyond_the_time_to_live) {
  const Instant end = kIssued + 1h;
  BOOST_TEST((NextAttempt(1, 2h, kIssued, kIssued) == end));
  BOOST_TEST(
      (NextAttempt(1, std::chrono::seconds::max(), kIssued, kIssued) == end));
  BOOST_TEST((NextAttempt(9, {}, end - 1ms, kIssued) == end));
}

BOOST_AUTO_TEST_CASE(a_failure_at_the_end_of_the_time_to_live_is_final) {
  BOOST_TEST(!NextAttempt(9, {}, kIssued + 1h, kIssued).has_value());
  BOOST_TEST(!NextAttempt(1, 1s, kIssued + 2h, kIssued).has_value());
}

BOOST_AUTO_TEST_CASE(a_status_decides_between_delivered_later_and_never) {
  const std::pair<long, Kind> table[] = {
      {200, Kind::kDelivered}, {204, Kind::kDelivered}, {299, Kind::kDelivered},
      {301, Kind::kPermanent}, {304, Kind::kPermanent}, {400, Kind::kPermanent},
      {401, Kind::kPermanent}, {404, Kind::kPermanent}, {408, Kind::kTemporary},
      {410, Kind::kPermanent}, {425, Kind::kTemporary}, {429, Kind::kTemporary},
      {500, Kind::kTemporary}, {503, Kind::kTemporary}, {599, Kind::kTemporary},
      {101, Kind::kPermanent}};
  for (const auto& [status, expected] : table) {
    BOOST_TEST((AfterHttpStatus(status) == expected), status);
  }
}

BOOST_AUTO_TEST_CASE(an_error_decides_too) {
  BOOST_TEST((AfterError(Code::kUnavailable) == Kind::kTemporary));
  BOOST_TEST((AfterError(Code::kExhausted) == Kind::kTemporary));
  BOOST_TEST((AfterError(Code::kInternal) == Kind::kTemporary));
  BOOST_TEST((AfterError(Code::kInvalid) == Kind::kPermanent));
  BOOST_TEST((AfterError(Code::kNotFound) == Kind::kPermanent));
  BOOST_TEST((AfterError(Code::kConflict) == Kind::kWithdrawn));
}

BOOST_AUTO_TEST_SUITE_END()
