#include "engine/inbox.h"

#include <boost/test/unit_test.hpp>
#include <thread>
#include <utility>

using tocsin::Code;
using tocsin::engine::ActionPosted;
using tocsin::engine::Inbox;
using tocsin::engine::OutcomePosted;
using tocsin::engine::Posted;
using tocsin::engine::WebhookPosted;
using namespace std::chrono_literals;

namespace {

Posted Webhook(std::size_t bytes = 1) {
  return {.what = WebhookPosted{.source = "am", .payload = {}},
          .done = {},
          .bytes = bytes};
}
Posted Action() {
  return {
      .what = ActionPosted{.group = {}, .event = tocsin::paging::TimerFired{}},
      .done = {},
      .bytes = 1};
}
Posted Outcome() {
  return {
      .what = OutcomePosted{.group = {}, .event = tocsin::paging::TimerFired{}},
      .done = {},
      .bytes = 1};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inbox)

BOOST_AUTO_TEST_CASE(outcomes_come_first_then_people_then_webhooks) {
  Inbox inbox({});
  BOOST_CHECK(inbox.Post(Webhook()).ok());
  BOOST_CHECK(inbox.Post(Action()).ok());
  BOOST_CHECK(inbox.Post(Outcome()).ok());
  const std::vector<Posted> taken = inbox.Take(10, 0ms);
  BOOST_REQUIRE_EQUAL(taken.size(), 3u);
  BOOST_CHECK(std::holds_alternative<OutcomePosted>(taken[0].what));
  BOOST_CHECK(std::holds_alternative<ActionPosted>(taken[1].what));
  BOOST_CHECK(std::holds_alternative<WebhookPosted>(taken[2].what));
}

BOOST_AUTO_TEST_CASE(a_flood_of_webhooks_leaves_room_for_people_and_outcomes) {
  Inbox inbox({.webhooks = 2, .webhook_bytes = 1000, .actions = 1});
  BOOST_CHECK(inbox.Post(Webhook()).ok());
  BOOST_CHECK(inbox.Post(Webhook()).ok());
  BOOST_CHECK(inbox.Post(Webhook()).error().code == Code::kExhausted);
  BOOST_CHECK(inbox.TakesWebhooks().error().code == Code::kExhausted);
  BOOST_CHECK(inbox.Post(Action()).ok());
  BOOST_CHECK(inbox.Post(Action()).error().code == Code::kExhausted);
  for (int i = 0; i < 100; ++i) BOOST_CHECK(inbox.Post(Outcome()).ok());
  BOOST_CHECK_EQUAL(inbox.Take(102, 0ms).size(), 102u);
  BOOST_CHECK(inbox.TakesWebhooks().ok());
}

BOOST_AUTO_TEST_CASE(the_bytes_of_waiting_webhooks_are_bounded_and_come_back) {
  Inbox inbox({.webhooks = 100, .webhook_bytes = 1000, .actions = 1});
  BOOST_CHECK(inbox.Post(Webhook(600)).ok());
  BOOST_CHECK(inbox.Post(Webhook(401)).error().code == Code::kExhausted);
  BOOST_CHECK(inbox.Post(Webhook(400)).ok());
  BOOST_CHECK_EQUAL(inbox.Take(10, 0ms).size(), 2u);
  BOOST_CHECK(inbox.Post(Webhook(1000)).ok());
}

BOOST_AUTO_TEST_CASE(take_gives_no_more_than_asked) {
  Inbox inbox({});
  for (int i = 0; i < 5; ++i) BOOST_CHECK(inbox.Post(Webhook()).ok());
  BOOST_CHECK_EQUAL(inbox.Take(3, 0ms).size(), 3u);
  BOOST_CHECK_EQUAL(inbox.Depth(), 2u);
}

BOOST_AUTO_TEST_CASE(a_closed_inbox_takes_outcomes_only) {
  Inbox inbox({});
  BOOST_CHECK(inbox.TakesWebhooks().ok());
  inbox.Close();
  BOOST_CHECK(inbox.TakesWebhooks().error().code == Code::kUnavailable);
  BOOST_CHECK(inbox.Post(Webhook()).error().code == Code::kUnavailable);
  BOOST_CHECK(inbox.Post(Action()).error().code == Code::kUnavailable);
  BOOST_CHECK(inbox.Post(Outcome()).ok());
  BOOST_CHECK_EQUAL(inbox.Take(10, 1h).size(), 1u);
}

BOOST_AUTO_TEST_CASE(a_post_wakes_the_one_who_waits) {
  Inbox inbox({});
  bool posted = false;
  std::thread poster([&] { posted = inbox.Post(Webhook()).ok(); });
  BOOST_CHECK_EQUAL(inbox.Take(10, 1min).size(), 1u);
  poster.join();
  BOOST_CHECK(posted);
}

BOOST_AUTO_TEST_SUITE_END()
