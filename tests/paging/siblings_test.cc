#include <boost/test/unit_test.hpp>

#include "tests/support/scenario.h"

using namespace tocsin;  // scenarios speak the domain
using testing::Scenario;

namespace {

routing::RouteSpec Node(const char* name, const char* team,
                        const char* pattern) {
  routing::RouteSpec route;
  route.name = name;
  route.team = team;
  route.matchers.push_back(
      routing::Matcher::Make(routing::MatchOp::kRegex, "alertname", pattern)
          .value());
  return route;
}

// Alerts that begin with Web are web's, those with Both also web's, all else is
// ops'.
struct TwoTeams : Scenario {
  TwoTeams() : Scenario("notify ada, wait 5m, notify bob") {
    AddTeam("web", {"eve"});
    file().roster.chains["web"] = {
        .name = "web", .steps = {paging::NotifyUsers{{"eve"}, std::nullopt}}};
    file().roster.teams["web"].standard =
        paging::WayOut{.chain = "web", .chat_channels = {}};
    file().route.routes = {Node("both", "web", "Both.*"),
                           Node("web", "web", "Web.*"),
                           Node("ops", "ops", ".*")};
    file().route.routes[0].continue_matching = true;
  }

  const paging::AlertGroup& Group(std::int64_t id) {
    return store().groups().at(paging::AlertGroupId(id));
  }
  std::vector<std::int64_t> SiblingsOf(std::int64_t id) {
    std::vector<std::int64_t> ids;
    for (const auto sibling : Group(id).siblings)
      ids.push_back(sibling.value());
    return ids;
  }
  bool Says(std::int64_t id, const std::string& text) {
    for (const auto& entry :
         store().Timeline(paging::AlertGroupId(id)).value()) {
      if (entry.text == text) return true;
    }
    return false;
  }
};

using Ids = std::vector<std::int64_t>;

}  // namespace

BOOST_AUTO_TEST_SUITE(siblings)

BOOST_AUTO_TEST_CASE(the_groups_of_one_webhook_know_each_other) {
  TwoTeams s;
  s.FireTogether({"Disk", "WebDown"});
  BOOST_TEST(s.SiblingsOf(1) == Ids{2});
  BOOST_TEST(s.SiblingsOf(2) == Ids{1});
  BOOST_TEST(s.Says(1, "came in one webhook with alert group 2 (team web)"));
  BOOST_TEST(s.Says(2, "came in one webhook with alert group 1 (team ops)"));
}

BOOST_AUTO_TEST_CASE(a_continue_copy_is_a_sibling) {
  TwoTeams s;
  s.Fire("BothDown");
  BOOST_TEST(s.SiblingsOf(1) == Ids{2});
}

BOOST_AUTO_TEST_CASE(an_episode_that_joins_a_group_ties_it_to_the_other) {
  TwoTeams s;
  s.Fire("Disk");
  s.Fire("WebDown");
  BOOST_TEST(s.SiblingsOf(1).empty());
  s.Fire("BothDown");
  BOOST_TEST(s.SiblingsOf(1) == Ids{3});
  BOOST_TEST(s.SiblingsOf(3) == Ids{1});
  BOOST_TEST(s.SiblingsOf(2).empty());
}

BOOST_AUTO_TEST_CASE(what_only_comes_again_makes_no_siblings) {
  TwoTeams s;
  s.Fire("BothDown");
  const std::size_t entries = s.TimelineLength();
  s.Resend("BothDown");
  BOOST_TEST(s.TimelineLength() == entries);
  TwoTeams apart;
  apart.Fire("Disk");
  apart.FireTogether({"Disk", "WebDown"});
  BOOST_TEST(apart.SiblingsOf(2).empty());
}

BOOST_AUTO_TEST_CASE(acknowledge_takes_the_siblings_along) {
  TwoTeams s;
  s.FireTogether({"Disk", "WebDown"});
  const engine::Answer answer = s.AcknowledgeAll("ada");
  BOOST_TEST((answer.status.ok() && !answer.refusal));
  BOOST_TEST_REQUIRE(answer.siblings.size() == 1u);
  BOOST_TEST(answer.siblings[0].group.value() == 1);
  BOOST_TEST((answer.siblings[0].found && !answer.siblings[0].refusal));
  s.ExpectStates({"acknowledged", "acknowledged"});
  BOOST_TEST(s.Says(2, "acknowledged by ada, escalation stops"));
  BOOST_TEST(s.Says(1,
                    "acknowledged by ada along with alert group 2, escalation "
                    "stops"));
  const std::size_t entries = s.Group(1).timeline_length;
  s.Advance(std::chrono::hours(1));
  BOOST_TEST(s.Group(1).timeline_length == entries);
}

BOOST_AUTO_TEST_CASE(without_being_asked_a_sibling_stays_as_it_is) {
  TwoTeams s;
  s.FireTogether({"Disk", "WebDown"});
  BOOST_TEST(s.Acknowledge("ada").ok());
  s.ExpectStates({"firing", "acknowledged"});
}

BOOST_AUTO_TEST_CASE(a_refusal_of_one_does_not_undo_the_others) {
  TwoTeams s;
  s.FireTogether({"Disk", "WebDown"});
  BOOST_TEST(s.Acknowledge("ada").ok());
  const engine::Answer again = s.AcknowledgeAll("ada");
  BOOST_TEST((again.refusal == paging::Refusal::kAcknowledged));
  BOOST_TEST(!again.siblings.at(0).refusal.has_value());
  s.ExpectStates({"acknowledged", "acknowledged"});

  TwoTeams t;
  t.FireTogether({"Disk", "WebDown"});
  t.ResolveAtSource("Disk");
  const engine::Answer answer = t.AcknowledgeAll("ada");
  BOOST_TEST(!answer.refusal.has_value());
  BOOST_TEST((answer.siblings.at(0).refusal == paging::Refusal::kResolved));
  t.ExpectStates({"resolved", "acknowledged"});
  BOOST_TEST(t.Says(1,
                    "acknowledge along with alert group 2 refused: the group "
                    "is resolved"));
}

BOOST_AUTO_TEST_CASE(siblings_outlive_a_restart) {
  TwoTeams s;
  s.FireTogether({"Disk", "WebDown"});
  s.Restart();
  s.AcknowledgeAll("ada");
  s.ExpectStates({"acknowledged", "acknowledged"});
}

BOOST_AUTO_TEST_CASE(a_webhook_of_many_groups_makes_circles) {
  TwoTeams s;
  s.file().route.routes[2].group_by = {{"alertname"}};
  std::vector<std::string> alerts;
  for (int i = 0; i < 20; ++i) alerts.push_back("Disk" + std::to_string(i));
  s.FireTogether(alerts);
  BOOST_TEST(s.SiblingsOf(1).size() == paging::kMaxSiblings);
  BOOST_TEST((s.SiblingsOf(18) == Ids{19, 20}));
}

BOOST_AUTO_TEST_SUITE_END()
