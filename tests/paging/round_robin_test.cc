#include "paging/round_robin.h"

#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using std::chrono::minutes;
using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

namespace {

using List = std::vector<std::string>;

paging::Step NextOf(const List& users) {
  return paging::NotifyRoundRobin{.users = users, .importance = std::nullopt};
}

// A scenario whose first step notifies the next of ada, bob and cyd.
struct Story : Scenario {
  explicit Story(std::string_view chain = "team next") : Scenario(chain) {
    for (const char* name : {"ada", "bob", "cyd", "dee"}) Policy(name, "phone");
    Steps().at(0) = NextOf({"ada", "bob", "cyd"});
    file().route.group_by = {"alertname"};  // each alert is a group
  }
  std::vector<paging::Step>& Steps() {
    return file().roster.chains["ladder"].steps;
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(round_robin)

BOOST_AUTO_TEST_CASE(groups_take_turns_in_the_order_of_the_list) {
  Story s;
  s.Fire("A");
  s.ExpectPaged({"ada by phone"});
  s.ExpectTimeline("step 1 of chain ladder runs: notify the next of ada, bob");
  s.Fire("B");
  s.ExpectPaged({"bob by phone"});
  s.Restart();  // the pointer is a row
  s.Fire("C");
  s.ExpectPaged({"cyd by phone"});
  s.Advance(minutes(1));  // else her second page is folded
  s.Fire("D");
  s.ExpectPaged({"ada by phone"});
}

BOOST_AUTO_TEST_CASE(decision_15_groups_of_one_turn_see_each_others_turns) {
  Story s("wait 1m, team next");
  s.Steps().at(0) = paging::Wait{minutes(1)};
  s.Steps().at(1) = NextOf({"ada", "bob", "cyd"});
  s.Fire("A");
  s.Fire("B");
  s.Fire("C");
  s.Advance(minutes(1));  // due at once, in one turn
  s.ExpectPaged({"ada by phone", "bob by phone", "cyd by phone"});
}

BOOST_AUTO_TEST_CASE(decision_15_a_turn_that_was_not_committed_moves_nothing) {
  Story s("notify ada, team next");
  s.Steps().at(0) = paging::Wait{minutes(1)};
  s.Steps().at(1) = NextOf({"ada", "bob"});
  s.Fire("A");
  int conflicts = 3;
  s.store().fault = [&conflicts] {
    return conflicts-- > 0 ? testing::ModelStore::Fault::kConflict
                           : testing::ModelStore::Fault::kNone;
  };
  s.Advance(minutes(1));
  s.ExpectPaged({"ada by phone"});
  s.Fire("B");
  s.Advance(minutes(1));
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(two_steps_of_a_chain_share_its_pointer) {
  Story s("team next, wait 5m, team next");
  s.Steps().at(2) = NextOf({"ada", "bob", "cyd"});
  s.Fire("A");
  s.ExpectPaged({"ada by phone"});
  s.Advance(minutes(5));
  s.ExpectPaged({"bob by phone"});
  s.Fire("B");
  s.ExpectPaged({"cyd by phone"});
}

BOOST_AUTO_TEST_CASE(two_lists_of_a_chain_go_round_each) {
  Story s("team next, team next");
  s.Steps().at(0) = NextOf({"ada", "bob"});
  s.Steps().at(1) = NextOf({"cyd", "dee"});
  s.Fire("A");
  s.ExpectPaged({"ada by phone", "cyd by phone"});
  s.Fire("B");
  s.ExpectPaged({"bob by phone", "dee by phone"});
  s.Advance(minutes(1));  // else their second pages are folded
  s.Fire("C");
  s.ExpectPaged({"ada by phone", "cyd by phone"});
}

BOOST_AUTO_TEST_CASE(who_is_gone_is_passed_over_with_a_record) {
  Story s("wait 1m, team next");
  s.Steps().at(0) = paging::Wait{minutes(1)};
  s.Steps().at(1) = NextOf({"ada", "bob", "cyd"});
  s.Fire("A");
  s.Remove("ada");
  s.Advance(minutes(1));
  s.ExpectPaged({"bob by phone"});
  s.ExpectTimeline("ada is no longer in the configuration");
}

BOOST_AUTO_TEST_CASE(a_list_of_people_who_are_all_gone_fails_the_step) {
  Story s("wait 1m, team next, notify dee");
  s.Steps().at(0) = paging::Wait{minutes(1)};
  s.Steps().at(1) = NextOf({"ada"});
  s.Fire("A");
  s.Remove("ada");
  s.Advance(minutes(1));
  s.ExpectPaged({"dee by phone"});
  s.ExpectTimeline("step 2 of chain ladder could notify nobody");
}

BOOST_AUTO_TEST_CASE(a_new_name_keeps_its_place) {
  Story s;
  s.Fire("A");
  s.ExpectPaged({"ada by phone"});
  s.file().roster.users["lovelace"] = s.file().roster.users.at("ada");
  s.file().roster.users["lovelace"].name = "lovelace";
  s.file().roster.users.erase("ada");
  s.file().roster.user_aliases["ada"] = "lovelace";
  s.Steps().at(0) = NextOf({"lovelace", "bob", "cyd"});
  s.Reload();
  s.Fire("B");
  s.ExpectPaged({"bob by phone"});
}

BOOST_AUTO_TEST_CASE(who_waited_longest_is_next) {
  paging::Roster roster;
  for (const char* name : {"ada", "bob", "cyd", "dee"}) {
    roster.users[name].name = name;
  }
  BOOST_TEST(paging::InTurn({"ada", "bob", "cyd"}, {}, roster) ==
             (List{"ada", "bob", "cyd"}));
  BOOST_TEST(paging::InTurn({"ada", "bob", "cyd"}, {"bob", "ada"}, roster) ==
             (List{"cyd", "bob", "ada"}));
  BOOST_TEST(paging::InTurn({}, {"bob"}, roster) == List{});
  BOOST_TEST(paging::AfterTurnOf("bob", {"bob", "gone", "ada"}, roster) ==
             (List{"ada", "bob"}));
}

BOOST_AUTO_TEST_SUITE_END()
