#include "tests/sim/simulator.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "engine/engine.h"
#include "engine/sequential_ids.h"
#include "tests/sim/chance.h"
#include "tests/sim/files.h"
#include "tests/sim/judge.h"
#include "tests/sim/watch.h"
#include "tests/sim/words.h"
#include "tests/support/model_store.h"
#include "tests/support/virtual_clock.h"

namespace tocsin::testing {
namespace {

using Fault = ModelStore::Fault;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

const char* const kUsers[] = {"ada", "bob", "cyd"};
const char* const kAlerts[] = {"DiskFull", "DiskSlow", "HostDown", "LinkFlap"};
// Values of the label that the routes go by.
const char* const kTeams[] = {"ops", "web", "night", "loud", "beat"};

// A message that left the engine and has no outcome yet.
struct InFlight {
  engine::Message message;
  Instant arrives;
};

class Simulation final : public engine::Outbox {
 public:
  Simulation(std::uint64_t seed, SimReport& report)
      : seed_(seed), report_(report), chance_(seed) {
    clock_.Advance(minutes(chance_.Below(24 * 60)));
    store_.fault = [this] { return NextFault(); };
    Start();
  }

  void Run() {
    const int acts = 60 + chance_.Below(60);
    for (int i = 0; i < acts; ++i) {
      ActOnce();
      Pass(chance_.Pause());
      judge_.BetweenTurns(clock_.Now(), *files_[file_]);
    }
    Settle();
    judge_.BetweenTurns(clock_.Now(), *files_[file_]);
    judge_.AtTheEnd(words_);
  }

  // engine::Outbox
  std::size_t Room() const override {
    return 4 - std::min<std::size_t>(4, flying_.size());
  }
  void Hand(std::vector<engine::Message> messages) override {
    for (engine::Message& message : messages) {
      flying_.push_back({.message = std::move(message),
                         .arrives = clock_.Now() + seconds(chance_.Below(3))});
    }
  }

 private:
  void Count(const std::string& what, std::int64_t n = 1) {
    report_.counts[what] += n;
  }
  void Broken(const std::string& what) {
    report_.broken.push_back("seed " + std::to_string(seed_) + ": " + what);
  }

  // -- the world
  void Start() {
    flying_.clear();
    TOCSIN_CHECK(store_.ReleaseClaims().ok());
    ids_ =
        std::make_unique<engine::SequentialIds>(store_.LastGroupId().value());
    engine_ = std::make_unique<engine::Engine>(
        engine::Engine::Limits{.posts = 8, .due_groups = 4}, files_[file_],
        store_, *this, *ids_, clock_, metrics_);
  }

  Fault NextFault() {
    if (healed_) return Fault::kNone;
    if (chance_.OneIn(60)) Reload("reload:in_a_turn");
    if (chance_.OneIn(12)) return Count("fault:before_write"), Fault::kBefore;
    if (chance_.OneIn(12)) return Count("fault:after_write"), Fault::kAfter;
    if (chance_.OneIn(12)) return Count("fault:conflict"), Fault::kConflict;
    return Fault::kNone;
  }

  // The daemon reads the other file.
  void Reload(const char* when) {
    Count(when);
    file_ = 1 - file_;
    engine_->Reload(files_[file_]);
    unsettled_ = true;
  }

  // The process dies; what was being sent may or may not have arrived.
  void Crash() {
    Count("fault:crash");
    for (const InFlight& one : flying_) {
      if (chance_.OneIn(2)) {
        Send(one.message);
        Count("fault:lost_outcome");
      }
    }
    if (chance_.OneIn(3)) {
      clock_.Advance(hours(chance_.Below(5)) + minutes(2));
      Count("fault:downtime");
    }
    if (chance_.OneIn(4)) {
      Count("reload:at_a_start");
      file_ = 1 - file_;
    }
    Start();
  }

  // -- time
  // Lets `length` pass: timers and outcomes happen when they are due.
  void Pass(Duration length) {
    const Instant end = clock_.Now() + length;
    for (int turns = 0; turns < 5000; ++turns) {
      if (!healed_ && chance_.OneIn(80)) Crash();
      unsettled_ = false;
      Turn(Arrivals());
      if (unsettled_) continue;
      const std::optional<Instant> next = NextThing();
      if (!next || *next > end) break;
      clock_.Set(std::max(*next, clock_.Now()));
      if (turns == 4999) Broken("the engine does not come to rest");
    }
    clock_.Set(std::max(end, clock_.Now()));
  }

  std::optional<Instant> NextThing() {
    std::optional<Instant> next = engine_->NextDue().value();
    for (const InFlight& one : flying_) {
      if (!next || one.arrives < *next) next = one.arrives;
    }
    return next;
  }

  std::vector<engine::Posted> Arrivals() {
    std::vector<engine::Posted> posts;
    std::deque<InFlight> later;
    for (InFlight& one : std::exchange(flying_, {})) {
      if (one.arrives > clock_.Now()) {
        later.push_back(std::move(one));
      } else if (!store_.ClaimStands(one.message.id).value()) {
        Count("send:not_permitted");
      } else {
        posts.push_back(Attempt(one.message));
      }
    }
    flying_ = std::move(later);
    return posts;
  }

  engine::Posted Attempt(const engine::Message& message) {
    paging::Event event = paging::NotificationDelivered{
        .sequence = message.id.sequence, .detail = "ok"};
    if (!healed_ && chance_.OneIn(4)) {
      paging::NotificationFailed failed{.sequence = message.id.sequence,
                                        .reason = "dead line",
                                        .retry_at = std::nullopt};
      if (!chance_.OneIn(3))
        failed.retry_at = clock_.Now() + seconds(1 + chance_.Below(40));
      event = std::move(failed);
    } else {
      Send(message);
    }
    Count(std::string("event:") + EventName(event));
    return {.what = engine::OutcomePosted{.group = message.id.group,
                                          .event = std::move(event)},
            .done = {},
            .bytes = 0};
  }

  // The first byte leaves. Only now the world knows.
  void Send(const engine::Message& message) {
    Count("send:sent");
    const paging::AlertGroup& group = store_.groups().at(message.id.group);
    if (store_.ClaimStands(message.id).value() &&
        !std::holds_alternative<paging::Firing>(group.life)) {
      Broken("notification " + NotificationIdText(message.id) +
             " may be sent though its group is " + LifeName(group.life));
    }
    if (std::none_of(files_.begin(), files_.end(), [&](const auto& file) {
          return file->roster.users.contains(message.user);
        })) {
      Broken("notification " + NotificationIdText(message.id) + " is for " +
             message.user + ", whom no file has");
    }
    if (quiet_.contains(message.id.group) &&
        store_.ClaimStands(message.id).value()) {
      Broken("notification " + NotificationIdText(message.id) +
             " is sent after an answered acknowledge or resolve");
    }
    if (sent_.insert(message.id).second) CheckNotTwice(message);
  }

  // The first message of a run; later ones follow from what became of it.
  void CheckNotTwice(const engine::Message& message) {
    if (message.priority != paging::Priority::kFirstPage) return;
    auto& last = last_page_[{message.id.group, message.user}];
    // One that failed for long may be sent after a later one.
    if (last && std::chrono::abs(message.issued_at - *last) < minutes(1)) {
      Broken("two pages within a minute, the second is " +
             NotificationIdText(message.id));
    }
    last = std::max(message.issued_at, last.value_or(message.issued_at));
  }

  // Runs one turn. What is not accepted is posted again until it is, as
  // Alertmanager does; outcomes of delivery are posted again likewise.
  void Turn(std::vector<engine::Posted> posts) {
    for (int attempt = 0; attempt < 200; ++attempt) {
      std::vector<engine::Posted> refused;
      std::vector<engine::Posted> copies;
      for (const engine::Posted& post : posts) {
        copies.push_back(post);
        copies.back().done = [&refused, &post](const engine::Answer& answer) {
          if (!answer.status.ok()) refused.push_back(post);
          if (post.done) post.done(answer);
        };
      }
      // The answers are the truth; but what a failed turn was to do besides
      // is still to be done.
      unsettled_ |= !engine_->RunOnce(std::move(copies)).ok();
      watch_.Look(store_);
      std::erase_if(quiet_, [this](paging::AlertGroupId id) {
        return std::holds_alternative<paging::Firing>(
            store_.groups().at(id).life);
      });
      posts = std::move(refused);
      if (posts.empty()) return;
      Count("turn:again");
    }
    Broken("a post is never accepted");
  }

  // -- people and sources
  engine::Posted Webhook(const std::vector<Key>& keys) {
    Count("event:alerts", static_cast<std::int64_t>(keys.size()));
    return {.what = engine::WebhookPosted{.source = "am",
                                          .payload = PayloadOf(keys, words_)},
            .done = {},
            .bytes = 0};
  }

  void ActOnce() {
    switch (chance_.Below(10)) {
      case 0:
        return Person(paging::AcknowledgeRequested{Somebody()});
      case 1:
        if (chance_.OneIn(3)) Person(paging::ResolveRequested{Somebody()});
        return;
      case 2:
        return Reload("reload:between_turns");
      case 3:
        return Person(OtherAction());
      default:
        return Source();
    }
  }

  std::string Somebody() { return kUsers[chance_.Below(3)]; }

  paging::Event OtherAction() {
    switch (chance_.Below(5)) {
      case 0:
        return paging::UnacknowledgeRequested{Somebody()};
      case 1:
        return paging::UnresolveRequested{Somebody()};
      case 2:
        return paging::UnsilenceRequested{Somebody()};
      case 3:
        return paging::EscalateRequested{.by = Somebody(),
                                         .step = std::nullopt};
      default:
        break;
    }
    paging::SilenceRequested silence{.by = Somebody(), .length = std::nullopt};
    if (!chance_.OneIn(3)) silence.length = chance_.Pause() + seconds(1);
    return silence;
  }

  void Source() {
    const Key key = {kAlerts[chance_.Below(4)], RandomTeam()};
    const std::optional<Instant> known = words_[key].starts_at;
    if (chance_.OneIn(3) && words_[key].starts_at) {
      Count("post:duplicate");  // the same words again
    } else {
      Next(words_[key], !chance_.OneIn(3), clock_.Now());
    }
    std::vector<engine::Posted> posts = {Webhook({key})};
    if (chance_.OneIn(6)) {
      Count("post:flap_in_a_turn");  // resolved, and a new episode, at once
      words_[key].firing = false;
      posts.push_back(Webhook({key}));
      words_[key].firing = true;
      words_[key].starts_at = clock_.Now();
      posts.push_back(Webhook({key}));
    } else if (chance_.OneIn(4)) {
      Count("post:twice_in_a_turn");  // two HA peers at once
      posts.push_back(Webhook({key}));
    } else if (chance_.OneIn(2)) {
      Count("post:several_alerts");
      std::vector<Key> keys;
      for (const char* team : kTeams)
        keys.push_back({kAlerts[chance_.Below(4)], team});
      for (const Key& one : keys) {
        Next(words_[one], !chance_.OneIn(3), clock_.Now());
      }
      posts.push_back(Webhook(keys));
      for (const Key& one : keys) words_[one].accepted = true;
    }
    words_[key].accepted = true;
    const std::int64_t reloads = report_.counts["reload:in_a_turn"];
    Turn(std::move(posts));
    if (report_.counts["reload:in_a_turn"] == reloads &&
        words_.at(key).starts_at != known) {
      judge_.NewEpisode(key, words_.at(key), *files_[file_]);
    }
  }

  std::string RandomTeam() {
    return kTeams[chance_.OneIn(2) ? 0 : chance_.Below(std::size(kTeams))];
  }

  // What one of the people does to one of the groups.
  void Person(paging::Event event) {
    if (store_.groups().empty()) return;
    auto it = store_.groups().begin();
    std::advance(it, chance_.Below(static_cast<int>(store_.groups().size())));
    const paging::AlertGroupId id = it->first;
    Count(std::string("event:") + EventName(event));
    std::vector<engine::Posted> posts;
    posts.push_back(
        {.what = engine::ActionPosted{.group = id, .event = std::move(event)},
         .done =
             [this, id](const engine::Answer& answer) {
               if (!answer.status.ok()) return;
               if (answer.refusal) return Count("answer:refused");
               quiet_.insert(id);
             },
         .bytes = 0});
    Turn(std::move(posts));
  }

  void Settle() {
    healed_ = true;
    Pass(hours(48));
    if (store_.outbox_size() != 0) Broken("the outbox is not empty at the end");
  }

  const std::uint64_t seed_;
  SimReport& report_;
  Chance chance_;
  bool healed_ = false;
  bool unsettled_ = false;  // the engine must turn again, whatever is due

  const Files files_ = MakeFiles([this](int n) { return chance_.Below(n); });
  std::size_t file_ = 0;  // that the daemon has read last
  metrics::Metrics metrics_{
      {.sources = {"am"}, .teams = {"ops", "web"}, .providers = {}}};
  VirtualClock clock_;
  ModelStore store_;
  std::unique_ptr<engine::SequentialIds> ids_;
  std::unique_ptr<engine::Engine> engine_;

  std::deque<InFlight> flying_;
  Watch watch_{files_, [this](const std::string& what) { Count(what); },
               [this](const std::string& what) { Broken(what); }};
  Judge judge_{store_, [this](const std::string& what) { Count(what); },
               [this](const std::string& what) { Broken(what); }};
  Words words_;
  std::set<paging::AlertGroupId> quiet_;  // by an answered action
  std::set<paging::NotificationId> sent_;
  std::map<std::pair<paging::AlertGroupId, std::string>,
           std::optional<Instant>>
      last_page_;  // by group and user
};
}  // namespace

void Simulate(std::uint64_t seed, SimReport& report) {
  Simulation(seed, report).Run();
}

}  // namespace tocsin::testing
