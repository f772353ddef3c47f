#include "engine/engine.h"

#include <boost/test/unit_test.hpp>
#include <utility>

#include "engine/events.h"
#include "engine/sequential_ids.h"
#include "tests/support/model_store.h"
#include "tests/support/virtual_clock.h"

using namespace std::chrono_literals;
using namespace tocsin;  // the engine's neighbours are all over this file
using testing::ModelStore;
using testing::VirtualClock;

namespace {

// A desk where messages lie until the test looks.
class Desk final : public engine::Outbox {
 public:
  std::size_t Room() const override { return room - messages.size(); }
  void Hand(std::vector<engine::Message> handed) override {
    for (auto& message : handed) messages.push_back(std::move(message));
  }
  std::size_t room = 10;
  std::vector<engine::Message> messages;
};

routing::Alert Firing(const std::string& name, const std::string& team) {
  routing::Alert alert;
  alert.labels = routing::LabelSet{
      {"alertname", name}, {"severity", "critical"}, {"team", team}};
  alert.annotations = routing::LabelSet{{"summary", name + " is bad"}};
  alert.starts_at = FromMillis(1);
  alert.fingerprint = routing::Fingerprint(alert.labels);
  return alert;
}

// Who watches, as it was told.
class Watcher final : public engine::EventSink {
 public:
  void Publish(const std::vector<engine::TimelineNews>& news) override {
    for (const auto& one : news) {
      lines.push_back(one.group.identity.team + " " + LifeName(one.group.life) +
                      " " + TimelineKindName(one.entry.kind));
    }
  }
  void Missed() override { lines.push_back("missed"); }
  std::vector<std::string> lines;
};

// Two teams; web is reached by label, with its own chain for important ones.
struct Installation {
  Installation() {
    for (const char* name : {"ada", "bob", "eve"}) {
      paging::User user;
      user.name = name;
      user.contact_methods = {"phone"};
      user.default_policy = {paging::NotifyMethod{"phone"}};
      user.important_policy = user.default_policy;
      roster.users[name] = user;
    }
    AddChain("ops", {"ada"});
    AddChain("web", {"bob"});
    AddChain("web-loud", {"eve"});
    AddTeam("ops", {.chain = "ops", .chat_channels = {}}, std::nullopt);
    AddTeam("web", {.chain = "web", .chat_channels = {}},
            paging::WayOut{.chain = "web-loud", .chat_channels = {}});
    root.name = "root";
    root.team = "ops";
    routing::RouteSpec web;
    web.name = "web";
    web.team = "web";
    web.matchers.push_back(
        routing::Matcher::Make(routing::MatchOp::kEqual, "team", "web")
            .value());
    root.routes.push_back(web);
    Start();
  }

  void AddChain(const std::string& name, std::vector<std::string> users) {
    roster.chains[name] = {
        .name = name,
        .steps = {paging::NotifyUsers{std::move(users), std::nullopt},
                  paging::Wait{5min}}};
  }

  void AddTeam(const std::string& name, paging::WayOut standard,
               std::optional<paging::WayOut> important) {
    roster.teams[name] = {.name = name,
                          .members = {},
                          .standard = std::move(standard),
                          .important = std::move(important)};
  }

  void Start() {
    Result<routing::Tree> tree = routing::Tree::Build(root);
    BOOST_REQUIRE(tree.ok());
    core = std::make_unique<engine::Engine>(
        engine::Engine::Limits{},
        std::make_shared<const engine::Settings>(engine::Settings{
            .tree = std::move(tree).value(), .roster = roster}),
        store, desk, ids, clock, metrics, &watcher);
  }

  engine::Posted Webhook(std::vector<routing::Alert> alerts) {
    engine::WebhookPosted post{.source = "am", .payload = {}};
    post.payload.receiver = "tocsin";
    post.payload.group_key = "{}:{}";
    post.payload.alerts = std::move(alerts);
    return {.what = std::move(post),
            .done = [this](const engine::Answer& a) { answers.push_back(a); },
            .bytes = 0};
  }

  Status Run(engine::Posted one) {
    std::vector<engine::Posted> posts;
    posts.push_back(std::move(one));
    return core->RunOnce(std::move(posts));
  }

  routing::RouteSpec root;
  paging::Roster roster;
  VirtualClock clock;
  ModelStore store;
  Desk desk;
  Watcher watcher;
  engine::SequentialIds ids{paging::AlertGroupId()};
  metrics::Metrics metrics{
      {.sources = {"am"}, .teams = {"ops", "web"}, .providers = {}}};
  std::unique_ptr<engine::Engine> core;
  std::vector<engine::Answer> answers;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(engine_turn, Installation)

BOOST_AUTO_TEST_CASE(a_webhook_is_answered_after_its_commit) {
  BOOST_CHECK(Run(Webhook({Firing("Disk", "ops")})).ok());
  BOOST_REQUIRE_EQUAL(answers.size(), 1u);
  BOOST_CHECK(answers[0].status.ok());
  BOOST_REQUIRE_EQUAL(store.groups().size(), 1u);
  BOOST_REQUIRE_EQUAL(desk.messages.size(), 1u);
  BOOST_CHECK_EQUAL(desk.messages[0].user, "ada");
  BOOST_CHECK_EQUAL(desk.messages[0].title, "Disk");
  BOOST_CHECK_EQUAL(desk.messages[0].summary, "Disk is bad");
  BOOST_CHECK_EQUAL(desk.messages[0].severity, "critical");
  BOOST_CHECK_EQUAL(desk.messages[0].why, "step 1 of chain ops");
}

BOOST_AUTO_TEST_CASE(
    a_failed_commit_answers_unavailable_and_hands_out_nothing) {
  store.fault = [] { return ModelStore::Fault::kBefore; };
  BOOST_CHECK(!Run(Webhook({Firing("Disk", "ops")})).ok());
  BOOST_REQUIRE_EQUAL(answers.size(), 1u);
  BOOST_CHECK(answers[0].status.error().code == Code::kUnavailable);
  BOOST_CHECK(desk.messages.empty());
  BOOST_CHECK(store.groups().empty());
}

BOOST_AUTO_TEST_CASE(claims_of_a_commit_whose_answer_was_lost_end) {
  bool first = true;
  store.fault = [&first] {
    return std::exchange(first, false) ? ModelStore::Fault::kAfter
                                       : ModelStore::Fault::kNone;
  };
  BOOST_CHECK(!Run(Webhook({Firing("Disk", "ops")})).ok());
  BOOST_CHECK(desk.messages.empty());
  BOOST_CHECK(core->RunOnce({}).ok());  // ends the claim
  BOOST_CHECK(core->RunOnce({}).ok());  // claims anew
  BOOST_REQUIRE_EQUAL(desk.messages.size(), 1u);
  BOOST_CHECK(store.ClaimStands(desk.messages[0].id).value());
}

BOOST_AUTO_TEST_CASE(a_conflict_runs_the_turn_again) {
  int conflicts = 3;
  store.fault = [&conflicts] {
    return conflicts-- > 0 ? ModelStore::Fault::kConflict
                           : ModelStore::Fault::kNone;
  };
  BOOST_CHECK(Run(Webhook({Firing("Disk", "ops")})).ok());
  BOOST_CHECK_EQUAL(answers.size(), 1u);
  BOOST_CHECK_EQUAL(desk.messages.size(), 1u);
}

BOOST_AUTO_TEST_CASE(alerts_of_two_teams_become_two_groups) {
  BOOST_CHECK(
      Run(Webhook({Firing("Disk", "ops"), Firing("Slow", "web")})).ok());
  BOOST_REQUIRE_EQUAL(store.groups().size(), 2u);
  BOOST_REQUIRE_EQUAL(desk.messages.size(), 2u);
}

BOOST_AUTO_TEST_CASE(a_held_alert_stays_with_its_group_when_routes_change) {
  BOOST_CHECK(Run(Webhook({Firing("Slow", "web")})).ok());
  root.routes.clear();
  Start();
  BOOST_CHECK(Run(Webhook({Firing("Slow", "web")})).ok());
  BOOST_REQUIRE_EQUAL(store.groups().size(), 1u);
  BOOST_CHECK_EQUAL(store.groups().begin()->second.identity.team, "web");
}

BOOST_AUTO_TEST_CASE(an_important_route_takes_the_important_way_out) {
  root.routes[0].important = true;
  Start();
  BOOST_CHECK(Run(Webhook({Firing("Slow", "web")})).ok());
  BOOST_REQUIRE_EQUAL(desk.messages.size(), 1u);
  BOOST_CHECK_EQUAL(desk.messages[0].user, "eve");
  BOOST_CHECK(desk.messages[0].importance == paging::Importance::kImportant);
}

BOOST_AUTO_TEST_CASE(a_discarding_route_keeps_the_group_and_pages_nobody) {
  root.routes[0].discard = true;
  Start();
  BOOST_CHECK(Run(Webhook({Firing("Slow", "web")})).ok());
  BOOST_CHECK_EQUAL(store.groups().size(), 1u);
  BOOST_CHECK(desk.messages.empty());
}

BOOST_AUTO_TEST_CASE(what_has_no_room_waits_in_the_outbox_and_goes_first) {
  desk.room = 1;
  BOOST_CHECK(
      Run(Webhook({Firing("Disk", "ops"), Firing("Slow", "web")})).ok());
  BOOST_REQUIRE_EQUAL(desk.messages.size(), 1u);
  const std::string first = desk.messages[0].user;
  desk.messages.clear();
  clock.Advance(1s);
  BOOST_CHECK(core->RunOnce({}).ok());
  BOOST_REQUIRE_EQUAL(desk.messages.size(), 1u);
  BOOST_CHECK_NE(desk.messages[0].user, first);
}

BOOST_AUTO_TEST_CASE(posts_of_one_turn_see_each_other) {
  std::vector<engine::Posted> posts;
  posts.push_back(Webhook({Firing("Disk", "ops")}));
  posts.push_back(Webhook({Firing("Disk", "ops")}));
  routing::Alert resolved = Firing("Disk", "ops");
  resolved.status = routing::AlertStatus::kResolved;
  posts.push_back(Webhook({resolved}));
  BOOST_CHECK(core->RunOnce(std::move(posts)).ok());
  BOOST_REQUIRE_EQUAL(store.groups().size(), 1u);
  BOOST_CHECK(!IsOpen(store.groups().begin()->second));
  // Issued and withdrawn in one turn: nothing ever leaves.
  BOOST_CHECK(desk.messages.empty());
  BOOST_CHECK_EQUAL(store.outbox_size(), 0u);
}

BOOST_AUTO_TEST_CASE(an_unchanged_resend_writes_nothing) {
  BOOST_CHECK(Run(Webhook({Firing("Disk", "ops")})).ok());
  int writes = 0;
  store.fault = [&writes] { return ++writes, ModelStore::Fault::kNone; };
  BOOST_CHECK(Run(Webhook({Firing("Disk", "ops")})).ok());
  BOOST_CHECK_EQUAL(writes, 0);
  BOOST_CHECK(answers.back().status.ok());
}

BOOST_AUTO_TEST_CASE(new_annotations_are_kept) {
  BOOST_CHECK(Run(Webhook({Firing("Disk", "ops")})).ok());
  routing::Alert changed = Firing("Disk", "ops");
  changed.annotations = routing::LabelSet{{"summary", "worse"}};
  BOOST_CHECK(Run(Webhook({changed})).ok());
  const auto view = store.Group(store.groups().begin()->first).value();
  BOOST_REQUIRE_EQUAL(view->alerts.size(), 1u);
  BOOST_CHECK_EQUAL(view->alerts[0].annotations.Get("summary"), "worse");
}

BOOST_AUTO_TEST_CASE(an_action_on_no_group_is_not_found) {
  engine::Posted post{
      .what =
          engine::ActionPosted{.group = paging::AlertGroupId(77),
                               .event = paging::AcknowledgeRequested{"ada"}},
      .done = [this](const engine::Answer& a) { answers.push_back(a); },
      .bytes = 0};
  BOOST_CHECK(Run(std::move(post)).ok());
  BOOST_REQUIRE_EQUAL(answers.size(), 1u);
  BOOST_CHECK(answers[0].status.error().code == Code::kNotFound);
}

BOOST_AUTO_TEST_CASE(who_watches_hears_what_was_committed_and_nothing_else) {
  store.fault = [] { return ModelStore::Fault::kBefore; };
  BOOST_CHECK(!Run(Webhook({Firing("Disk", "ops")})).ok());
  BOOST_CHECK(watcher.lines.empty());
  store.fault = nullptr;
  BOOST_CHECK(Run(Webhook({Firing("Disk", "ops")})).ok());
  BOOST_REQUIRE(!watcher.lines.empty());
  BOOST_CHECK_EQUAL(watcher.lines.front(), "ops firing group_created");
  const auto& id = store.groups().begin()->first;
  BOOST_CHECK_EQUAL(watcher.lines.size(), store.Timeline(id).value().size());
  // Nothing new is no news.
  watcher.lines.clear();
  BOOST_CHECK(core->RunOnce({}).ok());
  BOOST_CHECK(watcher.lines.empty());
}

BOOST_AUTO_TEST_CASE(who_watches_hears_of_a_commit_that_nobody_knows_of) {
  store.fault = [] { return ModelStore::Fault::kAfter; };
  BOOST_CHECK(!Run(Webhook({Firing("Disk", "ops")})).ok());
  BOOST_REQUIRE_EQUAL(watcher.lines.size(), 1u);
  BOOST_CHECK_EQUAL(watcher.lines.front(), "missed");
}

BOOST_AUTO_TEST_CASE(a_probe_writes_although_there_is_nothing_to_say) {
  BOOST_CHECK(core->RunOnce({}).ok());
  BOOST_CHECK_EQUAL(core->commits(), 0u);
  core->Probe();
  BOOST_CHECK(core->RunOnce({}).ok());
  BOOST_CHECK_EQUAL(core->commits(), 1u);
  BOOST_CHECK(core->RunOnce({}).ok());
  BOOST_CHECK_EQUAL(core->commits(), 1u);
}

BOOST_AUTO_TEST_SUITE_END()
