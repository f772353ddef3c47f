#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using std::chrono::hours;
using std::chrono::minutes;
using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

namespace {

// The file calls this person by another name, and knows the old one.
void Rename(Scenario& s, const std::string& from, const std::string& to) {
  auto user = s.file().roster.users.extract(from);
  user.key() = to;
  user.mapped().name = to;
  s.file().roster.users.insert(std::move(user));
  s.file().roster.user_aliases[from] = to;
  s.Reload();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(aliases)

BOOST_AUTO_TEST_CASE(a_step_of_a_snapshot_finds_the_new_name) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  Rename(s, "bob", "robert");
  s.Advance(minutes(5));
  s.ExpectPaged({"ada by phone", "robert by phone"});
  s.ExpectTimeline("step 3 of chain ladder runs: notify bob (now robert)");
}

BOOST_AUTO_TEST_CASE(a_policy_under_way_goes_on_under_the_new_name) {
  Scenario s("notify ada, wait 1h, notify bob");
  s.Policy("ada", "chat, wait 2m, phone");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by chat"});
  Rename(s, "ada", "ada.l");
  s.Advance(minutes(2));
  s.ExpectPaged({"ada.l by phone"});
  s.ExpectTimeline("notify ada by chat");  // as it was then
  s.ExpectTimeline("notify ada (now ada.l) by phone");
}

BOOST_AUTO_TEST_CASE(both_names_are_one_person_with_one_run) {
  Scenario s("notify ada, wait 5m, notify ada.l");
  s.Policy("ada", "chat, wait 30m, phone");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by chat"});
  s.file().roster.users.erase("ada.l");
  Rename(s, "ada", "ada.l");
  s.Advance(minutes(5));
  s.ExpectQuiet();
  s.ExpectTimeline("ada.l is already being notified");
  s.Advance(minutes(25));
  s.ExpectPaged({"ada.l by phone"});
}

BOOST_AUTO_TEST_CASE(a_rename_does_not_make_somebody_unheard_of) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  Rename(s, "ada", "ada.l");
  s.Fire("DiskSlow");  // the group is looked at again
  s.Advance(minutes(4));
  s.ExpectQuiet();
  s.ExpectNoTimeline("ends early");
}

BOOST_AUTO_TEST_CASE(one_person_acknowledges_once_under_both_names) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  BOOST_CHECK(s.Acknowledge("ada").ok());
  Rename(s, "ada", "ada.l");
  BOOST_CHECK(!s.Acknowledge("ada.l").ok());
  BOOST_CHECK(s.Acknowledge("bob").ok());
}

BOOST_AUTO_TEST_CASE(somebody_without_an_alias_is_gone) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Fire("DiskFull");
  s.ExpectPaged({"ada by phone"});
  s.Remove("bob");
  s.Advance(hours(1));
  s.ExpectQuiet();
  s.ExpectTimeline("bob is no longer in the configuration");
}

BOOST_AUTO_TEST_CASE(a_team_step_finds_the_new_name_of_the_team) {
  Scenario s("notify ada, wait 5m, team web");
  s.AddTeam("web", {"eve"});
  s.Fire("DiskFull");
  s.file().roster.teams.erase("web");
  s.AddTeam("front", {"eve"});
  s.file().roster.team_aliases["web"] = "front";
  s.Reload();
  s.Advance(minutes(5));
  s.ExpectPaged({"ada by phone", "eve by phone"});
  s.ExpectTimeline("runs: notify team web (now front)");
}

BOOST_AUTO_TEST_SUITE_END()
