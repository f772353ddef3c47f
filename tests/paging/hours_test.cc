#include <boost/test/unit_test.hpp>

#include "paging/conditions.h"
#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::minutes;
using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

namespace {

constexpr int kHour = 60;

paging::IfTimeBetween Times(int start, int end) {
  return {.start = start * kHour,
          .end = end * kHour,
          .weekdays = {},
          .time_zone = "Europe/Zurich",
          .outside = paging::Outside::kWait};
}

paging::IfTimeBetween Skipping(int start, int end) {
  paging::IfTimeBetween condition = Times(start, end);
  condition.outside = paging::Outside::kSkip;
  return condition;
}

// A scenario whose second step is the condition.
struct Story : Scenario {
  Story(std::string_view chain, const paging::IfTimeBetween& condition)
      : Scenario(chain) {
    file().roster.chains["ladder"].steps.at(1) = condition;
  }
};

std::string NextBegin(const paging::IfTimeBetween& condition,
                      std::string_view at) {
  const Zone zone = Zone::Find(condition.time_zone).value();
  const Instant now = ParseRfc3339(at).value();
  BOOST_TEST(!IsBetween(condition, zone, now));
  const Instant begin = paging::NextBegin(condition, zone, now);
  BOOST_TEST(IsBetween(condition, zone, begin));
  BOOST_TEST(!IsBetween(condition, zone, begin - Duration(1)));
  return FormatRfc3339(begin).substr(0, 16);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(hours_of_a_chain)

BOOST_AUTO_TEST_CASE(within_its_times_a_chain_goes_on_at_once) {
  Story s("notify ada, team hours, notify bob", Times(9, 17));
  s.StartAt("2026-11-20T08:00:00Z");  // 09:00 in Zurich
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone", "bob by phone"});
  s.ExpectTimeline(
      "step 2 of chain ladder runs: goes on between 09:00 and 17:00 in "
      "Europe/Zurich");
}

BOOST_AUTO_TEST_CASE(outside_of_its_times_a_chain_waits_until_they_begin) {
  Story s("notify ada, team hours, notify bob", Times(9, 17));
  s.StartAt("2026-11-20T16:00:00Z");  // 17:00 in Zurich: over
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline(
      "outside of these times: chain ladder waits until "
      "2026-11-21T08:00:00");
  BOOST_CHECK_NE(s.metrics().Serialize().find("reason=\"outside_hours\"} 1"),
                 std::string::npos);
  const std::size_t lines = s.TimelineLength();
  s.Restart();  // the timer is a row
  s.UntilAt("2026-11-21T07:59:59Z");
  s.ExpectQuiet();
  BOOST_TEST(s.TimelineLength() == lines);  // and nothing runs hot
  s.UntilAt("2026-11-21T08:00:00Z");
  s.ExpectPaged({"bob by phone"});
  s.ExpectNoTimeline("(late by");
}

BOOST_AUTO_TEST_CASE(what_began_while_the_daemon_was_down_is_not_missed) {
  Story s("notify ada, team hours, notify bob", Times(9, 10));
  s.StartAt("2026-11-20T16:00:00Z");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Sleep(hours(20));  // over again
  s.ExpectPaged({"bob by phone"});
  s.ExpectTimeline("runs: notify bob (late by 4h)");
}

BOOST_AUTO_TEST_CASE(outside_of_its_times_a_condition_may_skip_a_step) {
  Story s("notify ada, team hours, notify bob, wait 5m, notify cyd",
          Skipping(9, 17));
  s.StartAt("2026-11-20T20:00:00Z");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline(
      "outside of these times: step 3 of chain ladder is skipped, "
      "notify_users");
  s.Advance(minutes(5));
  s.ExpectPaged({"cyd by phone"});
}

BOOST_AUTO_TEST_CASE(what_is_skipped_with_a_step_are_the_conditions_between) {
  Story s("notify ada, team hours, team hours, notify bob, notify cyd",
          Skipping(9, 17));
  s.file().roster.chains["ladder"].steps.at(2) = Times(20, 22);
  s.StartAt("2026-11-20T20:00:00Z");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone", "cyd by phone"});
}

BOOST_AUTO_TEST_CASE(a_wait_behind_a_skipped_step_is_waited) {
  Story s("wait 1s, team hours, notify bob, wait 5m, notify cyd",
          Skipping(9, 17));
  s.StartAt("2026-11-20T20:00:00Z");
  s.Fire("DiskFull");
  s.Advance(minutes(5));
  s.ExpectQuiet();
  s.Advance(minutes(1));
  s.ExpectPaged({"cyd by phone"});
}

BOOST_AUTO_TEST_CASE(a_dead_phone_does_not_begin_the_times) {
  Story s("notify ada, team hours, notify bob", Times(9, 17));
  s.SetLine("ada", "phone", Scenario::Line::kPermanent);
  s.StartAt("2026-11-20T20:00:00Z");
  s.Fire("DiskFull");
  s.UntilAt("2026-11-21T07:59:00Z");
  s.ExpectQuiet();
  s.UntilAt("2026-11-21T08:00:00Z");
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_person_may_cut_the_wait_for_the_times) {
  Story s("notify ada, team hours, notify bob", Times(9, 17));
  s.StartAt("2026-11-20T20:00:00Z");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  BOOST_TEST(s.Escalate("ada", 3).ok());
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(an_acknowledge_ends_the_wait_for_the_times) {
  Story s("notify ada, team hours, notify bob", Times(9, 17));
  s.StartAt("2026-11-20T20:00:00Z");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  BOOST_TEST(s.Acknowledge("ada").ok());
  s.Advance(hours(48));
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(a_zone_that_is_gone_fails_the_step_and_the_chain_goes_on) {
  paging::IfTimeBetween condition = Times(9, 17);
  condition.time_zone = "Mars/Olympus";
  Story s("notify ada, team hours, notify bob", condition);
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone", "bob by phone"});
  s.ExpectTimeline("step 2 of chain ladder failed: there is no time zone");
}

BOOST_AUTO_TEST_CASE(a_loop_over_a_skipped_step_does_not_run_hot) {
  Story s("wait 1s, team hours, notify bob, repeat forever", Skipping(9, 17));
  s.StartAt("2026-11-20T20:00:00Z");
  s.Fire("DiskFull");
  s.Advance(hours(1));
  s.ExpectQuiet();
  BOOST_TEST(s.TimelineLength() < 3u * 61u + 5u);
}

BOOST_AUTO_TEST_CASE(times_begin_by_the_clock_on_the_wall) {
  BOOST_TEST(NextBegin(Times(9, 17), "2026-03-28T17:00:00Z") ==
             "2026-03-29T07:00");  // summer time has begun
  BOOST_TEST(NextBegin(Times(9, 17), "2026-10-24T16:00:00Z") ==
             "2026-10-25T08:00");  // and is over
  // 02:00 to 03:00 is left out on one day.
  BOOST_TEST(NextBegin(Times(2, 3), "2026-03-28T23:00:00Z") ==
             "2026-03-30T00:00");
  // What begins in the hour that is left out begins when the clocks go on.
  BOOST_TEST(NextBegin(Times(2, 5), "2026-03-28T23:00:00Z") ==
             "2026-03-29T01:00");
  // Of an hour that comes twice, the first.
  BOOST_TEST(NextBegin(Times(2, 3), "2026-10-24T22:00:00Z") ==
             "2026-10-25T00:00");
}

BOOST_AUTO_TEST_CASE(a_night_belongs_to_the_day_on_which_it_begins) {
  paging::IfTimeBetween night = Times(22, 6);
  night.weekdays = {{5, 5}};  // friday
  const Zone zone = Zone::Find(night.time_zone).value();
  const auto holds = [&](std::string_view at) {
    return IsBetween(night, zone, ParseRfc3339(at).value());
  };
  BOOST_TEST(!holds("2026-11-20T04:00:00Z"));  // friday, 05:00
  BOOST_TEST(holds("2026-11-20T21:00:00Z"));   // friday, 22:00
  BOOST_TEST(holds("2026-11-21T04:59:00Z"));   // saturday, 05:59
  BOOST_TEST(!holds("2026-11-21T05:00:00Z"));
  BOOST_TEST(!holds("2026-11-21T21:30:00Z"));
  BOOST_TEST(NextBegin(night, "2026-11-21T05:00:00Z") == "2026-11-27T21:00");
}

BOOST_AUTO_TEST_CASE(the_begin_is_found_as_minute_by_minute) {
  using std::chrono::seconds;
  const std::vector<std::vector<routing::Range>> weekdays = {
      {}, {{1, 5}}, {{0, 0}}, {{6, 6}, {1, 1}}};
  const Zone zone = Zone::Find("Europe/Zurich").value();
  for (const char* from : {"2026-03-27T00:00:07Z", "2026-10-23T00:00:07Z"}) {
    for (const auto& days : weekdays) {
      for (const int start : {0, 125, 1430}) {
        paging::IfTimeBetween condition = Times(0, 3);
        condition.weekdays = days;
        condition.start = start;
        condition.end = (start + 170) % (24 * kHour);
        for (int step = 0; step < 12; ++step) {
          const Instant at =
              ParseRfc3339(from).value() + step * minutes(7 * kHour + 13);
          if (IsBetween(condition, zone, at)) continue;
          Instant slow = at + seconds(53);
          while (!IsBetween(condition, zone, slow)) slow += minutes(1);
          const Instant begin = paging::NextBegin(condition, zone, at);
          BOOST_TEST(FormatRfc3339(begin) == FormatRfc3339(slow));
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
