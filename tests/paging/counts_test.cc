#include <boost/test/unit_test.hpp>

#include "paging/alert_group.h"
#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

namespace {

// A scenario whose second step asks for more alerts than that.
struct Story : Scenario {
  Story(std::string_view chain, std::uint32_t more_than, Duration within)
      : Scenario(chain) {
    file().roster.chains["ladder"].steps.at(1) =
        paging::IfAlertCount{.more_than = more_than, .within = within};
  }
  std::size_t Remembered() const {
    return group().episodes ? group().episodes->at.size() : 0;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(counts)

BOOST_AUTO_TEST_CASE(a_chain_waits_until_enough_alerts_came) {
  Story s("notify ada, team count, notify bob", 2, minutes(30));
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline(
      "step 2 of chain ladder runs: goes on after more than 2 alerts within "
      "30m");
  s.ExpectTimeline("1 alert within 30m: chain ladder waits for the next alert");
  s.Advance(minutes(5));
  s.Fire("DiskSlow");
  s.ExpectQuiet();
  s.Restart();
  s.Advance(minutes(5));
  s.Fire("HostDown");
  s.ExpectPaged({"bob by phone"});
  s.ExpectTimeline("step 2 of chain ladder is fulfilled: 3 alerts within 30m");
  s.ExpectNoTimeline("(late by");
}

BOOST_AUTO_TEST_CASE(decision_14_resends_are_not_counted) {
  Story s("notify ada, team count, notify bob", 1, minutes(30));
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Fire("Other");
  s.ExpectPaged({"bob by phone"});

  Story again("notify ada, team count, notify bob", 1, minutes(30));
  again.Fire("DiskFull");
  again.ExpectPaged({"ada by phone"});
  for (int i = 0; i < 5; ++i) {
    again.Advance(minutes(2));
    again.Resend("DiskFull");
  }
  again.MoveStart("DiskFull", -minutes(1));  // a peer whose clock is behind
  again.Resend("DiskFull");
  again.ExpectQuiet();
  again.MoveStart("DiskFull", minutes(10));  // a new episode
  again.Resend("DiskFull");
  again.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(alerts_from_before_the_step_count) {
  Story s("wait 10m, team count, notify bob", 2, minutes(30));
  s.Fire("DiskFull");
  s.Fire("DiskSlow");
  s.Fire("HostDown");
  s.Advance(minutes(10));
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(alerts_that_are_too_old_do_not_count) {
  Story s("notify ada, team count, notify bob", 1, minutes(30));
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(30));
  s.Fire("DiskSlow");
  s.ExpectQuiet();
  s.Advance(minutes(30) - seconds(1));
  s.Fire("HostDown");
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(decision_14_no_more_times_are_kept_than_needed) {
  Story s("notify ada, team count, notify bob", 3, hours(10));
  s.Fire("A0");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(1));
  BOOST_TEST(s.Acknowledge("ada").ok());
  for (int i = 1; i < 10; ++i) s.Fire("A" + std::to_string(i));
  BOOST_TEST(s.Remembered() == 4u);

  Story endless("notify ada, team count, notify bob", 4'000'000, hours(10));
  endless.Fire("A0");
  BOOST_TEST(endless.group().episodes->limit == paging::kMaxEpisodes);

  Scenario none("notify ada, wait 5m, notify bob");
  none.Fire("A0");
  BOOST_TEST(!none.group().episodes.has_value());
}

BOOST_AUTO_TEST_CASE(what_came_while_acknowledged_counts) {
  Story s("notify ada, team count, notify bob", 1, hours(1));
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  BOOST_TEST(s.Acknowledge("ada").ok());
  s.Advance(minutes(5));
  s.Fire("DiskSlow");
  s.ExpectQuiet();
  BOOST_TEST(s.Unacknowledge("ada").ok());
  s.ExpectPaged({"ada by phone", "bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_dead_phone_does_not_stand_for_alerts) {
  Story s("notify ada, team count, notify bob", 1, hours(1));
  s.SetLine("ada", "phone", Scenario::Line::kPermanent);
  s.Fire("DiskFull");
  s.Advance(hours(2));
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(a_person_may_cut_the_wait_for_alerts) {
  Story s("notify ada, team count, notify bob", 9, hours(1));
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(5));
  BOOST_TEST(!s.Escalate("ada", 2).ok());
  BOOST_TEST(s.Escalate("ada", 3).ok());
  s.ExpectPaged({"bob by phone"});
  s.ExpectNoTimeline("(late by");
}

BOOST_AUTO_TEST_CASE(a_group_whose_chain_waits_for_alerts_sleeps) {
  Story s("notify ada, team count, notify bob", 9, hours(1));
  s.Fire("DiskFull");
  s.Advance(hours(48));
  BOOST_TEST(!WakeAt(s.group()).has_value());
  s.ResolveAtSource("DiskFull");
  s.ExpectState("resolved");
}

BOOST_AUTO_TEST_SUITE_END()
