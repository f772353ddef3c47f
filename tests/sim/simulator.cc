#include "tests/sim/simulator.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <type_traits>
#include <utility>

#include "engine/engine.h"
#include "engine/sequential_ids.h"
#include "tests/sim/files.h"
#include "tests/sim/watch.h"
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

// What the timeline says where the files differ, or people are not notified.
const char* const kWordsThatMustOccur[] = {"(now robert)",
                                           "eva is no longer in",
                                           "team web is no longer in",
                                           "team web has no members",
                                           "notify team crew",
                                           "does not run notify_schedule",
                                           "resolved by step",
                                           "is not muted any more",
                                           "is gone from the configuration",
                                           "nobody is notified of it: the",
                                           "outside of day",
                                           "outside of noon",
                                           "within noon",
                                           "the route takes heartbeats",
                                           "the route discards",
                                           "there are only chat channels"};

const char* EventName(const paging::Event& event) {
  struct Names {
    const char* operator()(const paging::AlertsReceived&) { return "alerts"; }
    const char* operator()(const paging::TimerFired&) { return "timer"; }
    const char* operator()(const paging::AcknowledgeRequested&) {
      return "acknowledge";
    }
    const char* operator()(const paging::ResolveRequested&) {
      return "resolve";
    }
    const char* operator()(const paging::NotificationDelivered&) {
      return "delivered";
    }
    const char* operator()(const paging::NotificationFailed& failed) {
      return failed.retry_at ? "failed_temporary" : "failed_permanent";
    }
  };
  return std::visit(Names{}, event);
}

// A message that left the engine and has no outcome yet.
struct InFlight {
  engine::Message message;
  Instant arrives;
};

class Simulation final : public engine::Outbox {
 public:
  Simulation(std::uint64_t seed, SimReport& report)
      : seed_(seed), report_(report), random_(seed) {
    clock_.Advance(minutes(Below(24 * 60)));
    store_.fault = [this] { return NextFault(); };
    Start();
  }

  void Run() {
    const int acts = 60 + Below(60);
    for (int i = 0; i < acts; ++i) {
      ActOnce();
      Pass(RandomPause());
      CheckGroups();
    }
    Settle();
    Judge();
  }

  // engine::Outbox
  std::size_t Room() const override {
    return 4 - std::min<std::size_t>(4, flying_.size());
  }
  void Hand(std::vector<engine::Message> messages) override {
    for (engine::Message& message : messages) {
      flying_.push_back({.message = std::move(message),
                         .arrives = clock_.Now() + seconds(Below(3))});
    }
  }

 private:
  // -- chance
  int Below(int n) {
    return static_cast<int>(random_() % static_cast<unsigned>(n));
  }
  bool OneIn(int n) { return Below(n) == 0; }
  Duration RandomPause() {
    switch (Below(6)) {
      case 0:
        return Duration(Below(2000));
      case 1:
        return seconds(Below(60));
      case 2:
        return minutes(Below(10));
      case 3:
        return minutes(Below(90));
      default:
        return seconds(Below(10));
    }
  }
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
    if (OneIn(60)) Reload("reload:in_a_turn");
    if (OneIn(12)) return Count("fault:before_write"), Fault::kBefore;
    if (OneIn(12)) return Count("fault:after_write"), Fault::kAfter;
    if (OneIn(12)) return Count("fault:conflict"), Fault::kConflict;
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
      if (OneIn(2)) {
        Send(one.message);
        Count("fault:lost_outcome");
      }
    }
    if (OneIn(3)) {
      clock_.Advance(hours(Below(5)) + minutes(2));
      Count("fault:downtime");
    }
    if (OneIn(4)) {
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
      if (!healed_ && OneIn(80)) Crash();
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
    if (!healed_ && OneIn(4)) {
      paging::NotificationFailed failed{.sequence = message.id.sequence,
                                        .reason = "dead line",
                                        .retry_at = std::nullopt};
      if (!OneIn(3)) failed.retry_at = clock_.Now() + seconds(1 + Below(40));
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
      for (const paging::AlertGroupId id : watch_.Look(store_)) {
        ForgetWords(id);
      }
      posts = std::move(refused);
      if (posts.empty()) return;
      Count("turn:again");
    }
    Broken("a post is never accepted");
  }

  // -- people and sources
  void ActOnce() {
    switch (Below(9)) {
      case 0:
        return Person<paging::AcknowledgeRequested>("acknowledge");
      case 1:
        if (OneIn(3)) return Person<paging::ResolveRequested>("resolve");
        return;
      case 2:
        return Reload("reload:between_turns");
      default:
        return Source();
    }
  }

  void Source() {
    Key key = {kAlerts[Below(4)], RandomTeam()};
    if (OneIn(3) && words_[key].starts_at) {
      Count("post:duplicate");  // the same words again
    } else {
      NextWord(words_[key]);
    }
    std::vector<engine::Posted> posts = {Webhook({key})};
    if (OneIn(6)) {
      Count("post:flap_in_a_turn");  // resolved, and a new episode, at once
      words_[key].firing = false;
      posts.push_back(Webhook({key}));
      words_[key].firing = true;
      words_[key].starts_at = clock_.Now();
      posts.push_back(Webhook({key}));
    } else if (OneIn(4)) {
      Count("post:twice_in_a_turn");  // two HA peers at once
      posts.push_back(Webhook({key}));
    } else if (OneIn(2)) {
      Count("post:several_alerts");
      std::vector<Key> keys;
      for (const char* team : kTeams) keys.push_back({kAlerts[Below(4)], team});
      for (const Key& one : keys) NextWord(words_[one]);
      posts.push_back(Webhook(keys));
      for (const Key& one : keys) words_[one].accepted = true;
    }
    words_[key].accepted = true;
    Turn(std::move(posts));
    for (const auto& [id, group] : store_.groups()) {
      if (IsOpen(group) && std::holds_alternative<paging::Firing>(group.life)) {
        quiet_.erase(id);
      }
    }
  }

  std::string RandomTeam() {
    return OneIn(2) ? kTeams[0] : kTeams[Below(std::size(kTeams))];
  }

  struct Word {
    std::optional<Instant> starts_at;
    bool firing = false;
    bool accepted = false;
  };

  void NextWord(Word& word) {
    const bool before = std::exchange(word.firing, !OneIn(3));
    if ((word.firing && !before) || !word.starts_at) {
      word.starts_at = clock_.Now();
    }
  }

  using Key = std::pair<std::string, std::string>;  // alert, team

  static routing::LabelSet LabelsOf(const Key& key) {
    return routing::LabelSet{{"alertname", key.first}, {"team", key.second}};
  }

  // What the source says of these alerts now.
  engine::Posted Webhook(const std::vector<Key>& keys) {
    engine::WebhookPosted post{.source = "am", .payload = {}};
    post.payload.receiver = "tocsin";
    post.payload.group_key = "{}:{}";
    for (const Key& key : keys) {
      const Word& word = words_.at(key);
      routing::Alert alert;
      alert.status = word.firing ? routing::AlertStatus::kFiring
                                 : routing::AlertStatus::kResolved;
      alert.labels = LabelsOf(key);
      alert.starts_at = *word.starts_at;
      alert.fingerprint = routing::Fingerprint(alert.labels);
      post.payload.alerts.push_back(std::move(alert));
      Count("event:alerts");
    }
    return {.what = std::move(post), .done = {}, .bytes = 0};
  }

  template <typename Request>
  void Person(const char* what) {
    if (store_.groups().empty()) return;
    auto it = store_.groups().begin();
    std::advance(it, Below(static_cast<int>(store_.groups().size())));
    const paging::AlertGroupId id = it->first;
    Count(std::string("event:") + what);
    std::vector<engine::Posted> posts;
    posts.push_back(
        {.what = engine::ActionPosted{.group = id,
                                      .event = Request{kUsers[Below(3)]}},
         .done =
             [this, id](const engine::Answer& answer) {
               if (!answer.status.ok()) return;
               quiet_.insert(id);
               if (answer.refusal) Count("answer:refused");
             },
         .bytes = 0});
    Turn(std::move(posts));
    if (std::is_same_v<Request, paging::ResolveRequested>) ForgetWords(id);
  }

  // A person ended the group: the source's words on it are history.
  void ForgetWords(paging::AlertGroupId id) {
    for (auto& [key, word] : words_) {
      const std::uint64_t fingerprint = routing::Fingerprint(LabelsOf(key));
      for (const auto& alert : store_.groups().at(id).alerts) {
        if (alert.fingerprint == fingerprint) word.accepted = false;
      }
    }
  }

  // -- judges
  void CheckGroups() {
    for (const auto& [id, group] : store_.groups()) {
      if (group.timeline_length != store_.Timeline(id).value().size()) {
        Broken("timeline of group " + std::to_string(id.value()) +
               " has another length than it says");
      }
      if (std::holds_alternative<paging::Held>(group.life)) CheckHeld(group);
      const auto* firing = std::get_if<paging::Firing>(&group.life);
      if (firing == nullptr) {
        if (!group.open_notifications.empty()) {
          Broken("a quiet group has open notifications");
        }
        continue;
      }
      if (firing->escalation && !firing->escalation->finished &&
          !WakeAt(group)) {
        Broken("a firing group sleeps for ever");
      }
    }
  }

  // At rest, who is held is held for a reason, and not for ever.
  void CheckHeld(const paging::AlertGroup& group) {
    const std::optional<Instant> next = store_.NextDue().value();
    if (next && *next <= clock_.Now()) return;  // delivery had no room
    Count("seen:held");
    const routing::Route* route = RouteOf(*files_[file_], group);
    if (route == nullptr || !routing::MutedBecause(*route, clock_.Now())) {
      Broken("group " + std::to_string(group.id.value()) +
             " is held though its route pages");
    }
    const std::optional<Instant> wake = WakeAt(group);
    if (!wake || *wake > clock_.Now() + hours(24)) {
      Broken("a held group sleeps for more than a day");
    }
    if (!group.runs.empty()) Broken("somebody is notified of a held group");
  }

  void Settle() {
    healed_ = true;
    Pass(hours(48));
    if (store_.outbox_size() != 0) Broken("the outbox is not empty at the end");
  }

  void Judge() {
    CheckGroups();
    JudgeWords();
    for (const auto& [id, group] : store_.groups()) {
      JudgeNotifications(id, group);
      const auto* firing = std::get_if<paging::Firing>(&group.life);
      if (firing != nullptr && firing->escalation &&
          !firing->escalation->finished) {
        Broken("two quiet days did not use up a chain");
      }
      for (const paging::PersonalRun& run : group.runs) {
        if (!run.stopped && run.next_step < run.policy.size()) {
          Broken("two quiet days did not use up the policy of " + run.user);
        }
      }
    }
  }

  void JudgeWords() {
    for (const auto& [key, word] : words_) {
      if (!word.accepted) continue;
      const std::uint64_t fingerprint = routing::Fingerprint(LabelsOf(key));
      bool fires = false;
      for (const auto& [id, group] : store_.groups()) {
        if (!IsOpen(group)) continue;
        for (const paging::AlertState& alert : group.alerts) {
          fires |= alert.fingerprint == fingerprint &&
                   alert.status == routing::AlertStatus::kFiring;
        }
      }
      if (fires != word.firing) {
        Broken("the source's last word on " + key.first + " is lost");
      }
    }
  }

  // Every notification was issued once by the timeline, and ended once.
  void JudgeNotifications(paging::AlertGroupId id,
                          const paging::AlertGroup& group) {
    std::int64_t issued = 0;
    std::int64_t ended = 0;
    for (const paging::TimelineEntry& entry : store_.Timeline(id).value()) {
      Count(std::string("timeline:") + TimelineKindName(entry.kind));
      if (entry.text.find("bob is no longer in") != std::string::npos) {
        Broken("somebody with a new name is taken to be gone");
      }
      for (const char* words : kWordsThatMustOccur) {
        if (entry.text.find(words) != std::string::npos) {
          Count(std::string("text:") + words);
        }
      }
      switch (entry.kind) {
        case paging::TimelineKind::kNotificationIssued:
          ++issued;
          break;
        case paging::TimelineKind::kNotificationDelivered:
        case paging::TimelineKind::kNotificationFailed:
        case paging::TimelineKind::kNotificationWithdrawn:
          ++ended;
          break;
        default:
          break;
      }
    }
    if (issued != group.last_sequence || ended != issued) {
      Broken("group " + std::to_string(id.value()) + " issued " +
             std::to_string(issued) + " notifications and ended " +
             std::to_string(ended));
    }
  }

  const std::uint64_t seed_;
  SimReport& report_;
  std::mt19937_64 random_;
  bool healed_ = false;
  bool unsettled_ = false;  // the engine must turn again, whatever is due

  const Files files_ = MakeFiles([this](int n) { return Below(n); });
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
  std::map<Key, Word> words_;
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

std::vector<std::string> KindsThatMustOccur() {
  std::vector<std::string> kinds = {"event:alerts",
                                    "event:acknowledge",
                                    "event:resolve",
                                    "event:delivered",
                                    "event:failed_temporary",
                                    "event:failed_permanent",
                                    "fault:before_write",
                                    "fault:after_write",
                                    "fault:conflict",
                                    "fault:crash",
                                    "fault:lost_outcome",
                                    "fault:downtime",
                                    "post:duplicate",
                                    "post:twice_in_a_turn",
                                    "post:flap_in_a_turn",
                                    "post:several_alerts",
                                    "commit:several_births",
                                    "reload:between_turns",
                                    "reload:in_a_turn",
                                    "reload:at_a_start",
                                    "life:born>firing",
                                    "life:born>held",
                                    "life:held>firing",
                                    "life:held>acknowledged",
                                    "life:held>resolved",
                                    "seen:held",
                                    "resolved_by_step",
                                    "answer:refused",
                                    "send:sent",
                                    "send:not_permitted",
                                    "timeline:group_created",
                                    "timeline:alert_fired",
                                    "timeline:alert_resolved",
                                    "timeline:step_run",
                                    "timeline:escalation_finished",
                                    "timeline:notification_issued",
                                    "timeline:notification_delivered",
                                    "timeline:notification_retried",
                                    "timeline:notification_failed",
                                    "timeline:notification_withdrawn",
                                    "timeline:not_notified",
                                    "timeline:acknowledged",
                                    "timeline:resolved",
                                    "timeline:hold_ended",
                                    "timeline:step_failed",
                                    "timeline:ignored"};
  for (const char* words : kWordsThatMustOccur) {
    kinds.push_back(std::string("text:") + words);
  }
  return kinds;
}

}  // namespace tocsin::testing
