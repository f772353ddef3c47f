#include "tests/support/scenario.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <fstream>
#include <sstream>
#include <utility>

#include "engine/bundle.h"
#include "tests/support/story_words.h"

namespace tocsin::testing {

namespace {

// Those of the message and its bundle that may still be sent.
std::vector<paging::NotificationId> Standing(const engine::Message& message,
                                             ModelStore& store) {
  std::vector<paging::NotificationId> standing = engine::IdsOf(message);
  std::erase_if(standing, [&store](paging::NotificationId id) {
    return !store.ClaimStands(id).value();
  });
  return standing;
}

}  // namespace

// The world's end of the outbox: sends at once, or fails as told.
class Scenario::Lines final : public engine::Outbox {
 public:
  std::size_t Room() const override { return 100; }
  void Hand(std::vector<engine::Message> messages) override {
    handed.insert(handed.end(), messages.begin(), messages.end());
  }

  // What becomes of it, for the message and each that is bundled into it.
  void Send(const engine::Message& message, Instant now,
            std::vector<engine::Posted>& outcomes) {
    const Line line = lines[{message.user, message.method}];
    if (line == Line::kWorks) {
      sent.push_back(
          message.user + " by " + message.method +
          (message.bundled.empty()
               ? ""
               : " and " + std::to_string(message.bundled.size()) + " more"));
    }
    outcomes.push_back(OutcomeOf(message, line, now));
    for (const engine::Message& other : message.bundled) {
      outcomes.push_back(OutcomeOf(other, line, now));
    }
  }

  std::vector<engine::Message> handed;
  std::vector<std::string> sent;
  Duration pause = std::chrono::seconds(10);
  std::map<std::pair<std::string, std::string>, Line> lines;

 private:
  engine::Posted OutcomeOf(const engine::Message& message, Line line,
                           Instant now) const {
    if (line == Line::kWorks) {
      return Outcome(message,
                     paging::NotificationDelivered{
                         .sequence = message.id.sequence, .detail = "ok"});
    }
    paging::NotificationFailed failed{.sequence = message.id.sequence,
                                      .reason = "the line is dead",
                                      .retry_at = std::nullopt};
    if (line == Line::kTemporary) {
      failed.retry_at = now + pause;
    }
    return Outcome(message, failed);
  }

  static engine::Posted Outcome(const engine::Message& message,
                                paging::Event event) {
    return {.what = engine::OutcomePosted{.group = message.id.group,
                                          .event = std::move(event)},
            .done = {},
            .bytes = 0};
  }
};

Scenario::Scenario(std::string_view chain) : lines_(std::make_unique<Lines>()) {
  paging::Chain steps{.name = "ladder", .steps = {}};
  for (const auto& words : Steps(chain)) {
    steps.steps.push_back(ChainStep(words));
    if (words[0] != "notify") continue;
    for (std::size_t i = 1; i < words.size(); ++i) Policy(words[i], "phone");
  }
  const bool none = steps.steps.empty();
  file_.roster.chains["ladder"] = std::move(steps);
  AddTeam("ops", {});
  if (!none) {
    file_.roster.teams["ops"].standard =
        paging::WayOut{.chain = "ladder", .chat_channels = {}};
  }
  file_.route.name = "root";
  file_.route.team = "ops";
}

Scenario::~Scenario() = default;

void Scenario::Policy(std::string_view user, std::string_view policy) {
  paging::User entry;
  entry.name = user;
  for (const auto& words : Steps(policy)) {
    if (words[0] == "wait") {
      entry.default_policy.push_back(paging::Wait{Length(words[1])});
    } else {
      entry.default_policy.push_back(paging::NotifyMethod{words[0]});
      entry.contact_methods.push_back(words[0]);
    }
  }
  entry.important_policy = entry.default_policy;
  file_.roster.users[entry.name] = entry;
}

void Scenario::AddTeam(std::string_view name,
                       std::vector<std::string> members) {
  for (const std::string& member : members) {
    if (!file_.roster.users.contains(member)) Policy(member, "phone");
  }
  paging::Team team;
  team.name = name;
  team.members = std::move(members);
  file_.roster.teams[team.name] = team;
}

void Scenario::SetLine(std::string_view user, std::string_view method,
                       Line line) {
  lines_->lines[{std::string(user), std::string(method)}] = line;
}

void Scenario::Remove(std::string_view user) {
  file_.roster.users.erase(std::string(user));
  Reload();
}

std::shared_ptr<const engine::Settings> Scenario::Settings() const {
  Result<routing::Tree> tree = routing::Tree::Build(
      file_.route, {.intervals = file_.intervals, .default_teams = {}});
  TOCSIN_CHECK(tree.ok());
  return std::make_shared<const engine::Settings>(engine::Settings{
      .tree = std::move(tree).value(), .roster = file_.roster});
}

void Scenario::Reload() {
  engine_->Reload(Settings());
  Settle();
}

void Scenario::Build() {
  if (!ids_) {
    ids_ =
        std::make_unique<engine::SequentialIds>(store_.LastGroupId().value());
  }
  engine_ = std::make_unique<engine::Engine>(engine::Engine::Limits{},
                                             Settings(), store_, *lines_, *ids_,
                                             clock_, metrics_);
}

void Scenario::Restart() {
  lines_->handed.clear();
  BOOST_REQUIRE(store_.ReleaseClaims().ok());
  ids_.reset();
  Build();
  Settle();
}

void Scenario::Settle() {
  for (int turns = 0; turns < 1000; ++turns) {
    std::vector<engine::Posted> outcomes;
    for (const engine::Message& message : std::exchange(lines_->handed, {})) {
      const auto standing = Standing(message, store_);
      if (standing.empty()) continue;
      lines_->Send(engine::Rebundled(message, standing), clock_.Now(),
                   outcomes);
    }
    const bool idle = outcomes.empty();
    BOOST_REQUIRE(engine_->RunOnce(std::move(outcomes)).ok());
    const std::optional<Instant> next = engine_->NextDue().value();
    if (idle && lines_->handed.empty() && (!next || *next > clock_.Now())) {
      return;
    }
  }
  BOOST_FAIL("the engine does not come to rest");
}

void Scenario::Post(engine::Posted posted) {
  if (!engine_) Build();
  std::vector<engine::Posted> posts;
  posts.push_back(std::move(posted));
  BOOST_REQUIRE(engine_->RunOnce(std::move(posts)).ok());
  Settle();
}

routing::Alert Scenario::Wire(const std::string& alert, const Told& told) {
  routing::Alert wire;
  wire.status = told.firing ? routing::AlertStatus::kFiring
                            : routing::AlertStatus::kResolved;
  wire.labels = routing::LabelSet{{"alertname", alert}};
  wire.starts_at = told.starts_at;
  wire.ends_at = told.ends_at;
  wire.fingerprint = routing::Fingerprint(wire.labels);
  return wire;
}

void Scenario::Webhook(std::vector<routing::Alert> alerts) {
  engine::WebhookPosted post{.source = "am", .payload = {}};
  post.payload.receiver = "tocsin";
  post.payload.group_key = "{}:{}";
  post.payload.alerts = std::move(alerts);
  Post({.what = std::move(post), .done = {}, .bytes = 0});
}

void Scenario::FireTogether(const std::vector<std::string>& alerts) {
  std::vector<routing::Alert> wire;
  for (const std::string& alert : alerts) {
    const Told& told = told_[alert] = {.starts_at = clock_.Now()};
    wire.push_back(Wire(alert, told));
  }
  Webhook(std::move(wire));
}

void Scenario::Fire(std::string_view alert) {
  told_[std::string(alert)] = {.starts_at = clock_.Now(), .firing = true};
  Resend(alert);
}

void Scenario::Resend(std::string_view alert) {
  const std::string name(alert);
  Webhook({Wire(name, told_.at(name))});
}

void Scenario::MoveStart(std::string_view alert, Duration by) {
  told_.at(std::string(alert)).starts_at += by;
}

void Scenario::LateResolve(std::string_view alert, Duration began,
                           Duration ended) {
  Webhook({Wire(std::string(alert), {.starts_at = clock_.Now() - began,
                                     .firing = false,
                                     .ends_at = clock_.Now() - ended})});
}

void Scenario::RetryAfter(Duration pause) { lines_->pause = pause; }

void Scenario::ComeBack(std::string_view alert) {
  told_.at(std::string(alert)).firing = true;
  Resend(alert);
}

void Scenario::ResolveAtSource(std::string_view alert) {
  Told& told = told_.at(std::string(alert));
  told.firing = false;
  told.ends_at = clock_.Now();
  Resend(alert);
}

engine::Answer Scenario::Act(engine::ActionPosted action) {
  engine::Answer given;
  Post({.what = std::move(action),
        .done = [&given](const engine::Answer& answer) { given = answer; },
        .bytes = 0});
  return given;
}

Status Scenario::Ask(paging::Event event) {
  const engine::Answer answer =
      Act({.group = group().id, .event = std::move(event)});
  if (answer.refusal) return Error{Code::kConflict, "refused"};
  return answer.status;
}

engine::Answer Scenario::AcknowledgeAll(std::string_view by) {
  return Act({.group = group().id,
              .event = paging::AcknowledgeRequested{std::string(by)},
              .with_siblings = true});
}

void Scenario::Receive(const std::string& file) {
  std::ifstream body("tests/testdata/payloads/" + file + ".json");
  BOOST_REQUIRE_MESSAGE(body.is_open(), file);
  std::ostringstream text;
  text << body.rdbuf();
  Result<routing::Payload> payload = routing::ParsePayload(text.str());
  BOOST_REQUIRE(payload.ok());
  Post({.what = engine::WebhookPosted{.source = "am",
                                      .payload = std::move(payload).value()},
        .done = {},
        .bytes = 0});
}

Status Scenario::Acknowledge(std::string_view by) {
  return Ask(paging::AcknowledgeRequested{std::string(by)});
}

Status Scenario::Unacknowledge(std::string_view by) {
  return Ask(paging::UnacknowledgeRequested{std::string(by)});
}

Status Scenario::ResolveBy(std::string_view by) {
  return Ask(paging::ResolveRequested{std::string(by)});
}

Status Scenario::Unresolve(std::string_view by) {
  return Ask(paging::UnresolveRequested{std::string(by)});
}

Status Scenario::Silence(std::string_view by, std::optional<Duration> length) {
  return Ask(paging::SilenceRequested{.by = std::string(by), .length = length});
}

Status Scenario::Unsilence(std::string_view by) {
  return Ask(paging::UnsilenceRequested{std::string(by)});
}

Status Scenario::Escalate(std::string_view by,
                          std::optional<std::size_t> step) {
  return Ask(paging::EscalateRequested{.by = std::string(by), .step = step});
}

void Scenario::StartAt(std::string_view time) { clock_.Set(Time(time)); }

void Scenario::UntilAt(std::string_view time) {
  Advance(Time(time) - clock_.Now());
}

void Scenario::Advance(Duration length) {
  const Instant end = clock_.Now() + length;
  while (true) {
    const std::optional<Instant> next = engine_->NextDue().value();
    if (!next || *next > end) break;
    clock_.Set(std::max(*next, clock_.Now()));
    Settle();
  }
  clock_.Set(end);
}

void Scenario::Sleep(Duration length) {
  clock_.Advance(length);
  Restart();
}

void Scenario::ExpectPaged(std::vector<std::string> expected) {
  const std::vector<std::string> sent = std::exchange(lines_->sent, {});
  BOOST_CHECK_EQUAL_COLLECTIONS(sent.begin(), sent.end(), expected.begin(),
                                expected.end());
}

void Scenario::ExpectState(std::string_view state) {
  BOOST_CHECK_EQUAL(LifeName(group().life), state);
}

void Scenario::ExpectStates(std::vector<std::string> expected) {
  std::vector<std::string> states;
  for (const auto& [id, group] : store_.groups()) {
    states.emplace_back(LifeName(group.life));
  }
  BOOST_CHECK_EQUAL_COLLECTIONS(states.begin(), states.end(), expected.begin(),
                                expected.end());
}

void Scenario::ExpectGroups(std::size_t count) {
  BOOST_CHECK_EQUAL(store_.groups().size(), count);
}

const paging::AlertGroup& Scenario::group() const {
  BOOST_REQUIRE(!store_.groups().empty());
  return store_.groups().rbegin()->second;
}

void Scenario::ExpectTimeline(std::string_view text) {
  const auto entries = store_.Timeline(group().id).value();
  const bool found =
      std::any_of(entries.begin(), entries.end(), [text](const auto& entry) {
        return entry.text.find(text) != std::string::npos;
      });
  BOOST_CHECK_MESSAGE(found, "the timeline does not say: " << text);
}

void Scenario::ExpectNoTimeline(std::string_view text) {
  for (const auto& entry : store_.Timeline(group().id).value()) {
    BOOST_CHECK_MESSAGE(entry.text.find(text) == std::string::npos,
                        "the timeline says: " << entry.text);
  }
}

std::size_t Scenario::TimelineLength() {
  return store_.Timeline(group().id).value().size();
}

}  // namespace tocsin::testing
