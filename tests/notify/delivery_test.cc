#include "notify/delivery.h"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "notify/webhook.h"
#include "tests/http/local_server.h"
#include "tests/notify/some_message.h"

using namespace std::chrono_literals;
using namespace tocsin;
using namespace tocsin::notify;
using test::SomeMessage;
using Kind = Attempt::Result;

namespace {

// Keeps what it is given; the test plays the provider.
struct FakeSender final : Sender {
  struct Sent {
    engine::Message message;
    std::string address;
    Permit permit;
    Callback callback;
  };
  void Send(const engine::Message& message, const std::string& address,
            Permit permit, Callback callback) override {
    sent.push_back({message, address, std::move(permit), std::move(callback)});
  }
  void End(std::size_t index, Attempt attempt) {
    sent.at(index).callback(std::move(attempt));
  }
  std::vector<Sent> sent;
};

// Knows only whether claims stand.
struct FakeReader final : engine::Reader {
  Result<std::optional<engine::GroupView>> Group(
      paging::AlertGroupId) override {
    return std::optional<engine::GroupView>();
  }
  Result<engine::GroupPage> Groups(const engine::GroupFilter&) override {
    return engine::GroupPage();
  }
  Result<std::vector<paging::TimelineEntry>> Timeline(
      paging::AlertGroupId) override {
    return std::vector<paging::TimelineEntry>();
  }
  Result<bool> ClaimStands(paging::NotificationId id) override {
    asked.push_back(id);
    if (id == gone) return false;
    return stands;
  }
  Result<bool> stands = true;
  paging::NotificationId gone;  // whatever `stands` says
  std::vector<paging::NotificationId> asked;
};

struct Fixture {
  std::shared_ptr<FakeSender> sender = std::make_shared<FakeSender>();
  std::shared_ptr<const Directory> directory = [this] {
    auto made = std::make_shared<Directory>();
    made->users["bob"] = {{"sms", {"gateway", "+49"}},
                          {"old", {"retired", "x"}}};
    made->senders["gateway"] = sender;
    return made;
  }();
  FakeReader reader;
  engine::Inbox inbox{{}};
  test::StillClock clock;
  metrics::Metrics metrics{
      {.sources = {}, .teams = {"platform"}, .providers = {"gateway"}}};
  Current<Directory> running{directory};
  Delivery delivery{{.in_flight = 2}, running, reader, inbox, clock, metrics};

  // The outcomes in the inbox, without waiting.
  std::vector<engine::OutcomePosted> Outcomes() {
    std::vector<engine::OutcomePosted> outcomes;
    for (engine::Posted& post : inbox.Take(100, 0ms)) {
      outcomes.push_back(std::get<engine::OutcomePosted>(post.what));
    }
    return outcomes;
  }
  paging::NotificationFailed TheFailure() {
    const auto outcomes = Outcomes();
    BOOST_REQUIRE(outcomes.size() == 1u);
    BOOST_TEST((outcomes[0].group == paging::AlertGroupId(17)));
    return std::get<paging::NotificationFailed>(outcomes[0].event);
  }
  bool Counts(const std::string& line) {
    return metrics.Serialize().find("\n" + line + "\n") != std::string::npos;
  }
  bool Attempts(const std::string& result, int count) {
    return Counts(
        "tocsin_notification_attempts_total{provider=\"gateway\",result=\"" +
        result + "\"} " + std::to_string(count));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(delivery_outcomes, Fixture)

BOOST_AUTO_TEST_CASE(a_message_goes_to_the_address_of_its_contact_method) {
  delivery.Hand({SomeMessage()});
  BOOST_REQUIRE(sender->sent.size() == 1u);
  BOOST_TEST(sender->sent[0].address == "+49");
  BOOST_TEST(sender->sent[0].message.title == SomeMessage().title);
  BOOST_TEST(reader.asked.empty());
  BOOST_TEST(sender->sent[0].permit());
  BOOST_REQUIRE(reader.asked.size() == 1u);
  BOOST_TEST((reader.asked[0] == SomeMessage().id));
}

BOOST_AUTO_TEST_CASE(a_delivery_is_posted_and_counted) {
  delivery.Hand({SomeMessage()});
  sender->End(
      0, {.result = Kind::kDelivered, .detail = "HTTP 200", .retry_after = {}});
  const auto outcomes = Outcomes();
  BOOST_REQUIRE(outcomes.size() == 1u);
  BOOST_TEST((outcomes[0].group == paging::AlertGroupId(17)));
  const auto& event =
      std::get<paging::NotificationDelivered>(outcomes[0].event);
  BOOST_TEST(event.sequence == 3u);
  BOOST_TEST(event.detail == "HTTP 200");
  BOOST_TEST(Attempts("delivered", 1));
}

BOOST_AUTO_TEST_CASE(a_temporary_failure_says_when_to_try_again) {
  delivery.Hand({SomeMessage()});
  sender->End(
      0, {.result = Kind::kTemporary, .detail = "HTTP 503", .retry_after = {}});
  const auto failed = TheFailure();
  BOOST_TEST(failed.sequence == 3u);
  BOOST_TEST(failed.reason == "HTTP 503");
  // the second attempt failed
  BOOST_TEST((failed.retry_at == clock.now + 2s));
  BOOST_TEST(Attempts("temporary", 1));
}

BOOST_AUTO_TEST_CASE(retry_after_is_honoured) {
  delivery.Hand({SomeMessage()});
  sender->End(
      0,
      {.result = Kind::kTemporary, .detail = "HTTP 429", .retry_after = 90s});
  BOOST_TEST((TheFailure().retry_at == clock.now + 90s));
}

BOOST_AUTO_TEST_CASE(after_the_time_to_live_a_failure_is_final) {
  auto message = SomeMessage();
  message.issued_at = clock.now - 1h;
  delivery.Hand({message});
  sender->End(
      0, {.result = Kind::kTemporary, .detail = "HTTP 503", .retry_after = {}});
  const auto failed = TheFailure();
  BOOST_TEST(!failed.retry_at.has_value());
  BOOST_TEST(failed.reason == "HTTP 503; given up after 1h");
}

BOOST_AUTO_TEST_CASE(a_permanent_failure_is_final) {
  delivery.Hand({SomeMessage()});
  sender->End(
      0, {.result = Kind::kPermanent, .detail = "HTTP 404", .retry_after = {}});
  BOOST_TEST(!TheFailure().retry_at.has_value());
  BOOST_TEST(Attempts("permanent", 1));
}

BOOST_AUTO_TEST_CASE(what_the_file_no_longer_has_is_a_permanent_failure) {
  const std::pair<std::pair<const char*, const char*>, const char*> table[] = {
      {{"bob", "fax"}, "bob has no contact method \"fax\" any more"},
      {{"eve", "sms"}, "eve is no user any more"},
      {{"bob", "old"}, "there is no provider \"retired\" any more"}};
  for (const auto& [whom, reason] : table) {
    auto message = SomeMessage();
    message.user = whom.first;
    message.method = whom.second;
    delivery.Hand({message});
    const auto failed = TheFailure();
    BOOST_TEST(failed.reason == reason);
    BOOST_TEST(!failed.retry_at.has_value());
  }
  BOOST_TEST(sender->sent.empty());
  BOOST_TEST(delivery.Room() == 2u);
}

BOOST_AUTO_TEST_CASE(what_is_withdrawn_needs_no_outcome_and_frees_its_slot) {
  reader.stands = false;
  delivery.Hand({SomeMessage()});
  BOOST_TEST(!sender->sent[0].permit());
  sender->End(0, {.result = Kind::kWithdrawn, .detail = "", .retry_after = {}});
  BOOST_TEST(Outcomes().empty());
  BOOST_TEST(delivery.Room() == 2u);
  BOOST_TEST(Attempts("withdrawn", 1));
}

engine::Message Bundle() {
  engine::Message message = SomeMessage();
  for (const std::int64_t group : {18, 19}) {
    message.bundled.push_back(SomeMessage());
    message.bundled.back().id = {paging::AlertGroupId(group), 1};
  }
  return message;
}

BOOST_AUTO_TEST_CASE(a_bundle_is_one_message_and_the_outcome_of_each) {
  delivery.Hand({Bundle()});
  BOOST_TEST(delivery.Room() == 1u);
  BOOST_TEST_REQUIRE(sender->sent.size() == 1u);
  BOOST_TEST(sender->sent[0].permit());
  sender->End(0, {.result = Kind::kTemporary, .detail = "", .retry_after = {}});
  const auto outcomes = Outcomes();
  BOOST_TEST_REQUIRE(outcomes.size() == 3u);
  std::vector<std::int64_t> groups;
  std::vector<std::optional<Instant>> retries;
  for (const engine::OutcomePosted& outcome : outcomes) {
    groups.push_back(outcome.group.value());
    retries.push_back(
        std::get<paging::NotificationFailed>(outcome.event).retry_at);
  }
  BOOST_TEST((groups == std::vector<std::int64_t>{17, 18, 19}));
  // Together again.
  BOOST_TEST((retries[0] == retries[1] && retries[1] == retries[2]));
  BOOST_TEST(delivery.Room() == 2u);
}

BOOST_AUTO_TEST_CASE(a_bundle_goes_without_what_was_withdrawn_meanwhile) {
  reader.gone = SomeMessage().id;
  delivery.Hand({Bundle()});
  BOOST_TEST(!sender->sent[0].permit());
  sender->End(0, {.result = Kind::kWithdrawn, .detail = "", .retry_after = {}});
  BOOST_TEST_REQUIRE(sender->sent.size() == 2u);
  BOOST_TEST((sender->sent[1].message.id.group == paging::AlertGroupId(18)));
  BOOST_TEST(sender->sent[1].message.bundled.size() == 1u);
  BOOST_TEST(sender->sent[1].permit());
  sender->End(1, {.result = Kind::kDelivered, .detail = "", .retry_after = {}});
  const auto outcomes = Outcomes();
  BOOST_TEST_REQUIRE(outcomes.size() == 2u);
  BOOST_TEST((outcomes[0].group == paging::AlertGroupId(18)));
  BOOST_TEST((outcomes[1].group == paging::AlertGroupId(19)));
  BOOST_TEST(delivery.Room() == 2u);
}

BOOST_AUTO_TEST_CASE(a_claim_that_cannot_be_read_is_a_temporary_failure) {
  reader.stands = Error{Code::kUnavailable, "disk is gone"};
  delivery.Hand({SomeMessage()});
  BOOST_TEST(!sender->sent[0].permit());
  sender->End(0, {.result = Kind::kWithdrawn, .detail = "", .retry_after = {}});
  const auto failed = TheFailure();
  BOOST_TEST(failed.reason ==
             "not sent: its claim cannot be read: disk is gone");
  BOOST_TEST((failed.retry_at == clock.now + 2s));
  BOOST_TEST(Attempts("temporary", 1));
}

BOOST_AUTO_TEST_CASE(slots_are_taken_and_freed) {
  BOOST_TEST(delivery.Room() == 2u);
  delivery.Hand({SomeMessage(), SomeMessage()});
  BOOST_TEST(delivery.Room() == 0u);
  BOOST_TEST(Counts("tocsin_outbox_in_flight 2"));
  sender->End(0, {});
  BOOST_TEST(delivery.Room() == 1u);
  sender->End(1, {});
  BOOST_TEST(delivery.Room() == 2u);
  BOOST_TEST(Counts("tocsin_outbox_in_flight 0"));
}

BOOST_AUTO_TEST_CASE(outcomes_are_kept_also_once_the_inbox_is_closed) {
  delivery.Hand({SomeMessage()});
  inbox.Close();
  sender->End(0, {});
  BOOST_TEST(Outcomes().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_new_directory_leads_what_is_handed_from_then_on) {
  delivery.Hand({SomeMessage()});
  auto next = std::make_shared<Directory>(*directory);
  next->users["bob"]["sms"] = {"gateway", "+41"};
  running.Set(next);
  delivery.Hand({SomeMessage()});
  BOOST_REQUIRE(sender->sent.size() == 2u);
  BOOST_TEST(sender->sent[0].address == "+49");
  BOOST_TEST(sender->sent[1].address == "+41");
}

BOOST_AUTO_TEST_CASE(whoever_left_the_directory_is_a_permanent_failure) {
  auto next = std::make_shared<Directory>(*directory);
  next->users.clear();
  running.Set(next);
  delivery.Hand({SomeMessage()});
  const auto outcomes = Outcomes();
  BOOST_REQUIRE(outcomes.size() == 1u);
  const auto& failed =
      std::get<paging::NotificationFailed>(outcomes.front().event);
  BOOST_TEST(failed.reason == "bob is no user any more");
  BOOST_TEST(!failed.retry_at.has_value());
}

BOOST_AUTO_TEST_CASE(every_message_over_a_real_loop_has_one_outcome) {
  std::atomic<int> requests = 0;
  test::LocalServer server([&](const std::string&) {
    return test::HttpAnswer(++requests % 2 == 0 ? "200 OK" : "503 Busy");
  });
  auto real = std::make_shared<Directory>(*directory);
  std::size_t outcomes = 0;
  {
    auto loop = std::make_unique<http::Loop>();
    Webhook::Options options;
    options.url = server.Url("/");
    real->senders["gateway"] = std::make_shared<Webhook>(options, *loop, clock);
    const Current<Directory> over_loop{real};
    Delivery over_http({}, over_loop, reader, inbox, clock, metrics);
    over_http.Hand(std::vector<engine::Message>(100, SomeMessage()));
    while (outcomes < 100) outcomes += inbox.Take(100, 10s).size();
    loop.reset();  // its thread has left the last callback
    BOOST_TEST(over_http.Room() == Delivery::Limits().in_flight);
  }
  BOOST_TEST(outcomes == 100u);
  BOOST_TEST(requests == 100);
  BOOST_TEST(Attempts("delivered", 50));
  BOOST_TEST(Attempts("temporary", 50));
}

BOOST_AUTO_TEST_SUITE_END()
