// What people do to a group, in every state.

#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

namespace {

constexpr const char* kLadder = "notify ada, wait 5m, notify bob";

// A group on which ada was paged two minutes ago.
class Paged : public Scenario {
 public:
  explicit Paged(std::string_view chain = kLadder) : Scenario(chain) {
    Fire("DiskFull");
    ExpectPaged({"ada by phone"});
    Advance(minutes(2));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(actions)

BOOST_AUTO_TEST_CASE(unacknowledge_starts_the_chain_again) {
  Paged s;
  BOOST_TEST(s.Acknowledge("ada").ok());
  s.Advance(hours(1));
  s.ExpectQuiet();
  BOOST_TEST(s.Unacknowledge("ada").ok());
  s.ExpectState("firing");
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline("unacknowledged by ada, escalation starts again");
  s.Advance(minutes(5));
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(a_restart_takes_the_chain_that_the_file_has_now) {
  Paged s;
  BOOST_TEST(s.Acknowledge("ada").ok());
  s.Advance(minutes(1));
  s.Policy("cyd", "phone");
  s.file().roster.chains["ladder"].steps = {
      paging::NotifyUsers{.users = {"cyd"}, .importance = std::nullopt}};
  s.Reload();
  BOOST_TEST(s.Unacknowledge("ada").ok());
  s.ExpectPaged({"cyd by phone"});
}

BOOST_AUTO_TEST_CASE(a_restart_runs_no_step_twice_within_a_minute) {
  Scenario s(kLadder);
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Advance(seconds(10));
  BOOST_TEST(s.Acknowledge("ada").ok());
  BOOST_TEST(s.Unacknowledge("ada").ok());
  s.ExpectState("firing");
  s.Advance(seconds(49));
  s.ExpectQuiet();
  s.Advance(seconds(1));
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_silence_ends_by_itself) {
  Paged s;
  BOOST_TEST(s.Silence("ada", hours(2)).ok());
  s.ExpectState("silenced");
  s.Fire("DiskSlow");
  s.ExpectTimeline("nobody is notified of it: the group is silenced");
  s.Advance(hours(2) - seconds(1));
  s.ExpectQuiet();
  s.Advance(seconds(1));
  s.ExpectState("firing");
  s.ExpectTimeline("the silence by ada is over, escalation starts again");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(a_silence_for_ever_ends_by_a_person_or_the_source) {
  Paged s;
  BOOST_TEST(s.Silence("ada", std::nullopt).ok());
  s.ExpectTimeline("silenced by ada until further notice");
  s.Advance(hours(24 * 30));
  s.ExpectQuiet();
  BOOST_TEST(s.Unsilence("bob").ok());
  s.ExpectPaged({"ada by phone"});
  BOOST_TEST(s.Silence("bob", std::nullopt).ok());
  s.ResolveAtSource("DiskFull");
  s.ExpectState("resolved");
}

BOOST_AUTO_TEST_CASE(a_second_silence_has_the_last_word) {
  Paged s;
  BOOST_TEST(s.Silence("ada", hours(2)).ok());
  BOOST_TEST(s.Silence("bob", minutes(10)).ok());
  s.Advance(minutes(10));
  s.ExpectState("firing");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(an_acknowledged_group_may_be_silenced_and_back) {
  Paged s;
  BOOST_TEST(s.Acknowledge("ada").ok());
  BOOST_TEST(s.Silence("ada", hours(1)).ok());
  s.ExpectState("silenced");
  BOOST_TEST(s.Acknowledge("bob").ok());
  s.ExpectState("acknowledged");
  s.ExpectTimeline("acknowledged by bob, no longer silenced");
  s.Advance(hours(2));
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(a_silence_withdraws_what_is_not_sent) {
  Scenario s(kLadder);
  s.SetLine("ada", "phone", Scenario::Line::kTemporary);
  s.Fire("DiskFull");
  s.Advance(seconds(5));
  BOOST_TEST(s.Silence("bob", hours(1)).ok());
  s.SetLine("ada", "phone", Scenario::Line::kWorks);
  s.ExpectTimeline("is withdrawn: silenced");
  s.Advance(minutes(30));
  s.ExpectQuiet();
  BOOST_TEST(s.store().outbox_size() == 0U);
}

BOOST_AUTO_TEST_CASE(unresolve_starts_the_chain_again) {
  Paged s;
  s.ResolveAtSource("DiskFull");
  s.Advance(hours(3));
  BOOST_TEST(s.Unresolve("bob").ok());
  s.ExpectState("firing");
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline("unresolved by bob, escalation starts again");
  s.Resend("DiskFull");  // resolved, says the source
  s.ExpectState("resolved");
}

BOOST_AUTO_TEST_CASE(what_does_not_apply_is_refused_and_recorded) {
  Paged s;
  BOOST_TEST(!s.Unacknowledge("ada").ok());
  s.ExpectTimeline("unacknowledge refused: the group is not acknowledged");
  BOOST_TEST(!s.Unsilence("ada").ok());
  s.ExpectTimeline("unsilence refused: the group is not silenced");
  BOOST_TEST(!s.Unresolve("ada").ok());
  s.ExpectTimeline("unresolve refused: the group is not resolved");
  BOOST_TEST(s.Acknowledge("ada").ok());
  BOOST_TEST(!s.Unsilence("bob").ok());
  s.ExpectTimeline("unsilence refused: the group is acknowledged");
  BOOST_TEST(s.ResolveBy("ada").ok());
  for (const Status& refused :
       {s.Acknowledge("bob"), s.Unacknowledge("bob"), s.ResolveBy("bob"),
        s.Silence("bob", hours(1)), s.Unsilence("bob"), s.Escalate("bob")}) {
    BOOST_TEST(!refused.ok());
  }
  s.ExpectTimeline("silence refused: the group is resolved");
  s.ExpectState("resolved");
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(escalate_now_ends_the_wait) {
  Paged s;
  BOOST_TEST(s.Escalate("bob", 3).ok());
  s.ExpectPaged({"bob by phone"});
  s.ExpectTimeline("escalated by bob, the wait ends");
  BOOST_TEST(!s.Escalate("bob").ok());  // the chain is used up
  s.ExpectTimeline("escalate refused: no chain is waiting");
}

BOOST_AUTO_TEST_CASE(escalate_now_skips_only_the_wait_that_was_seen) {
  Scenario s("notify ada, wait 5m, notify bob, wait 5m, notify cyd");
  s.Fire("DiskFull");
  s.Advance(minutes(5));
  s.ExpectPaged({"ada by phone", "bob by phone"});
  BOOST_TEST(!s.Escalate("ada", 3).ok());
  s.ExpectTimeline("escalate refused: the chain has moved on");
  s.ExpectQuiet();
  BOOST_TEST(s.Escalate("ada", 5).ok());
  s.ExpectPaged({"cyd by phone"});
}

BOOST_AUTO_TEST_CASE(all_of_it_survives_a_restart_of_the_daemon) {
  Paged s;
  BOOST_TEST(s.Silence("ada", hours(1)).ok());
  s.Restart();
  s.Sleep(hours(5));
  s.Restart();
  s.ExpectState("firing");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_SUITE_END()
