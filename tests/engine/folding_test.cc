#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>

#include "engine/bundle.h"
#include "tests/support/scenario.h"

// Storms: decision 15 and the product's rule of folding, through the engine.
namespace tocsin::testing {
namespace {

using namespace std::chrono_literals;

// Each alert makes a group of its own.
void Apart(Scenario& s) { s.file().route.group_by = {"..."}; }

void Storm(Scenario& s, int alerts) {
  for (int i = 1; i <= alerts; ++i) s.Fire("Alert" + std::to_string(i));
}

BOOST_AUTO_TEST_SUITE(folding)

BOOST_AUTO_TEST_CASE(thirty_groups_in_a_minute_ring_a_phone_twice) {
  Scenario s("notify ada");
  Apart(s);
  Storm(s, 30);
  s.ExpectGroups(30);
  s.ExpectPaged({"ada by phone"});
  s.Advance(1min - 1ms);
  s.ExpectQuiet();
  s.Advance(1ms);
  s.ExpectPaged({"ada by phone and 28 more"});
  s.Advance(1h);
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(the_record_of_a_folded_group_says_so) {
  Scenario s("notify ada");
  Apart(s);
  Storm(s, 2);
  s.ExpectTimeline("notification 2-1 waits until");
  s.ExpectTimeline("and gets what follows in one message");
  s.Advance(1min);
  s.ExpectTimeline("notification 2-1 reached ada");
}

BOOST_AUTO_TEST_CASE(a_minute_later_the_next_page_leaves_at_once) {
  Scenario s("notify ada");
  Apart(s);
  s.Fire("Alert1");
  s.Advance(1min);
  s.Fire("Alert2");
  s.ExpectPaged({"ada by phone", "ada by phone"});
}

BOOST_AUTO_TEST_CASE(what_is_resolved_before_it_leaves_is_not_in_the_message) {
  Scenario s("notify ada");
  Apart(s);
  Storm(s, 4);
  s.ExpectPaged({"ada by phone"});
  s.ResolveAtSource("Alert3");
  s.Advance(1min);
  s.ExpectPaged({"ada by phone and 1 more"});
}

BOOST_AUTO_TEST_CASE(nothing_leaves_when_nothing_is_left) {
  Scenario s("notify ada");
  Apart(s);
  Storm(s, 2);
  s.ExpectPaged({"ada by phone"});
  BOOST_TEST(s.Acknowledge("ada").ok());  // the newest group
  s.Advance(1h);
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(
    the_second_method_does_not_wait_for_the_first_ones_minute) {
  Scenario s("notify ada");
  s.Policy("ada", "phone, wait 10s, mail");
  Apart(s);
  s.Fire("Alert1");
  s.Advance(5s);
  s.Fire("Alert2");
  s.ExpectPaged({"ada by phone"});
  s.Advance(5s);
  s.ExpectPaged({"ada by mail"});
}

BOOST_AUTO_TEST_CASE(each_person_is_folded_alone) {
  Scenario s("notify ada bob");
  Apart(s);
  Storm(s, 3);
  s.ExpectPaged({"ada by phone", "bob by phone"});
  s.Advance(1min);
  s.ExpectPaged({"ada by phone and 1 more", "bob by phone and 1 more"});
}

BOOST_AUTO_TEST_CASE(a_dead_line_fails_for_all_that_it_should_have_said) {
  Scenario s("notify ada, wait 5m, notify bob");
  s.Policy("ada", "phone, wait 10m, mail");
  Apart(s);
  s.Fire("Alert1");
  s.ExpectPaged({"ada by phone"});
  s.SetLine("ada", "phone", Scenario::Line::kPermanent);
  s.Fire("Alert2");
  s.Fire("Alert3");
  s.Advance(1min);
  // Both fall back to the mail in one instant, and the first of them leaves.
  s.ExpectPaged({"ada by mail"});
  s.Advance(1min);
  s.ExpectPaged({"ada by mail"});
}

BOOST_AUTO_TEST_CASE(a_temporary_failure_of_a_bundle_is_tried_again_as_one) {
  Scenario s("notify ada");
  Apart(s);
  s.Fire("Alert1");
  s.ExpectPaged({"ada by phone"});
  Storm(s, 4);
  s.SetLine("ada", "phone", Scenario::Line::kTemporary);
  s.Advance(1min);
  s.SetLine("ada", "phone", Scenario::Line::kWorks);
  s.Advance(10s);
  s.ExpectPaged({"ada by phone and 2 more"});
}

BOOST_AUTO_TEST_CASE(a_folded_message_does_not_fail_before_it_leaves) {
  Scenario s("notify ada, wait 5m, notify bob");
  Apart(s);
  s.Fire("Alert1");
  s.Advance(1s);
  s.Fire("Alert2");
  s.ExpectPaged({"ada by phone"});
  s.SetLine("ada", "phone", Scenario::Line::kTemporary);
  s.Advance(59s + 20s);
  s.ExpectNoTimeline("the wait of chain ladder ends early");
  s.ExpectQuiet();
}

BOOST_AUTO_TEST_CASE(a_restart_keeps_the_bundle) {
  Scenario s("notify ada");
  Apart(s);
  Storm(s, 5);
  s.ExpectPaged({"ada by phone"});
  s.Advance(30s);
  s.Restart();
  s.Fire("Alert6");
  s.ExpectQuiet();
  s.Advance(30s);
  s.ExpectPaged({"ada by phone and 4 more"});
}

BOOST_AUTO_TEST_CASE(a_bundle_goes_on_without_what_is_gone) {
  const auto member = [](std::int64_t group) {
    engine::Message message;
    message.id = {paging::AlertGroupId(group), 1};
    message.folded = true;
    return message;
  };
  engine::Message head = member(1);
  head.bundled = {member(2), member(3)};
  const auto left =
      engine::Rebundled(head, {head.bundled[0].id, head.bundled[1].id});
  BOOST_TEST((left.id == head.bundled[0].id));
  BOOST_TEST_REQUIRE(left.bundled.size() == 1U);
  BOOST_TEST((left.bundled[0].id == head.bundled[1].id));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace tocsin::testing
