#include "daemon/ctl/rehearsal.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "base/check.h"
#include "base/clock.h"
#include "engine/bundle.h"
#include "engine/engine.h"
#include "engine/sequential_ids.h"
#include "metrics/metrics.h"
#include "store/memory/memory_store.h"

namespace tocsin::ctl {
namespace {

// How often the source says the same again: more often than anything that asks
// whether it still does.
constexpr Duration kResend = std::chrono::minutes(5);

// More messages than a turn makes.
constexpr std::size_t kRoom = 1u << 20;

// Time that passes at once. Confined to one thread.
class PlayedTime final : public Clock {
 public:
  explicit PlayedTime(Instant begin) : now_(begin) {}
  Instant Now() const override { return now_; }
  void Set(Instant now) { now_ = std::max(now_, now); }

 private:
  Instant now_;
};

// Says of every message that it arrived. Confined to one thread.
class Pretender final : public engine::Outbox {
 public:
  std::size_t Room() const override { return kRoom; }
  void Hand(std::vector<engine::Message> messages) override {
    for (const engine::Message& message : messages) {
      for (const paging::NotificationId id : engine::IdsOf(message)) {
        Arrived(id);
      }
    }
  }
  std::vector<engine::Posted> TakeOutcomes() {
    return std::exchange(outcomes_, {});
  }

 private:
  void Arrived(paging::NotificationId id) {
    paging::NotificationDelivered event{.sequence = id.sequence,
                                        .detail = "simulated"};
    outcomes_.push_back(
        {.what = engine::OutcomePosted{.group = id.group,
                                       .event = std::move(event)},
         .done = {},
         .bytes = 0});
  }

  std::vector<engine::Posted> outcomes_;
};

using Runs = std::vector<const paging::Escalation*>;

// The chains of the group that are not used up: its own, and the last resort's.
Runs RunningChains(const paging::AlertGroup& group) {
  Runs runs;
  const auto* firing = std::get_if<paging::Firing>(&group.life);
  if (firing == nullptr) return runs;
  for (const auto* run : {&firing->escalation, &firing->last_resort}) {
    if (*run && !(*run)->finished) runs.push_back(&**run);
  }
  return runs;
}

bool SomebodyIsStillToHear(const paging::AlertGroup& group) {
  return std::any_of(group.runs.begin(), group.runs.end(),
                     [](const paging::PersonalRun& run) {
                       return !run.stopped && run.next_step < run.policy.size();
                     });
}

class Play {
 public:
  Play(std::shared_ptr<const engine::Settings> settings, const Stage& stage)
      : stage_(stage),
        clock_(stage.at),
        engine_(engine::Engine::Limits{}, std::move(settings), store_, outbox_,
                ids_, clock_, metrics_) {}

  std::vector<RehearsedGroup> Run(const engine::WebhookPosted& webhook) {
    Send(webhook);
    for (const auto& [id, group] : store_.groups()) {
      groups_[id] = {.born = group, .chain = ChainOf(group), .timeline = {}};
    }
    Settle();
    const Instant end = stage_.at + stage_.length;
    Instant resend = stage_.at + kResend;
    while (!AllCut()) {
      const std::optional<Instant> due = engine_.NextDue().value();
      const Instant next = due ? std::min(*due, resend) : resend;
      if (next > end) break;
      clock_.Set(next);
      if (next == resend) {
        Send(webhook);
        resend += kResend;
      }
      Settle();
    }
    return Told();
  }

 private:
  void Turn(std::vector<engine::Posted> posts) {
    TOCSIN_CHECK(engine_.RunOnce(std::move(posts)).ok());
  }

  void Send(const engine::WebhookPosted& webhook) {
    std::vector<engine::Posted> posts;
    posts.push_back({.what = webhook, .done = {}, .bytes = 0});
    Turn(std::move(posts));
  }

  // Runs turns until nothing is due at this time.
  void Settle() {
    while (true) {
      std::vector<engine::Posted> outcomes = outbox_.TakeOutcomes();
      const std::optional<Instant> due = engine_.NextDue().value();
      if (outcomes.empty() && (!due || *due > clock_.Now())) break;
      Turn(std::move(outcomes));
    }
    if (stage_.cut_repeats) CutRepeats();
  }

  std::string ChainOf(const paging::AlertGroup& group) {
    const std::vector<std::string> hashes = SnapshotsOf(group);
    if (hashes.empty()) return "";
    return store_.Snapshot(hashes.front()).value()->chain.name;
  }

  // Whether the chain has gone back by a step that does so for ever.
  bool HasGoneBack(const paging::Escalation& escalation) {
    const auto snapshot = store_.Snapshot(escalation.snapshot).value();
    const std::vector<paging::Step>& steps = snapshot->chain.steps;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const auto* repeat = std::get_if<paging::Repeat>(&steps[i]);
      const bool for_ever = repeat != nullptr && !repeat->times;
      if (for_ever && escalation.repeated[i] > 1) return true;
    }
    return false;
  }

  // A group whose chains are in their second pass for ever, and in which
  // nobody's own policy has anything left, does nothing new.
  void CutRepeats() {
    for (auto& [id, told] : groups_) {
      const paging::AlertGroup& group = store_.groups().at(id);
      const Runs runs = RunningChains(group);
      const bool again = std::all_of(
          runs.begin(), runs.end(),
          [this](const paging::Escalation* run) { return HasGoneBack(*run); });
      if (told.ending == Ending::kForEver || runs.empty() || !again ||
          SomebodyIsStillToHear(group)) {
        continue;
      }
      told.ending = Ending::kForEver;
      told.timeline = Timeline(id);
    }
  }

  bool AllCut() const {
    return std::all_of(groups_.begin(), groups_.end(), [](const auto& entry) {
      return entry.second.ending == Ending::kForEver;
    });
  }

  std::vector<paging::TimelineEntry> Timeline(paging::AlertGroupId id) {
    std::vector<paging::TimelineEntry> entries = store_.Timeline(id).value();
    std::erase_if(entries, [](const paging::TimelineEntry& entry) {
      return entry.kind == paging::TimelineKind::kNotificationDelivered;
    });
    return entries;
  }

  std::vector<RehearsedGroup> Told() {
    std::vector<RehearsedGroup> groups;
    for (auto& [id, told] : groups_) {
      if (told.ending != Ending::kForEver) {
        const paging::AlertGroup& group = store_.groups().at(id);
        const bool goes_on = !RunningChains(group).empty() ||
                             SomebodyIsStillToHear(group) ||
                             std::holds_alternative<paging::Held>(group.life);
        told.timeline = Timeline(id);
        told.ending = goes_on ? Ending::kGoesOn : Ending::kNothingMore;
      }
      groups.push_back(std::move(told));
    }
    return groups;
  }

  const Stage stage_;
  PlayedTime clock_;
  store::MemoryStore store_;
  Pretender outbox_;
  engine::SequentialIds ids_{paging::AlertGroupId()};
  metrics::Metrics metrics_{{.sources = {}, .teams = {}, .providers = {}}};
  engine::Engine engine_;
  std::map<paging::AlertGroupId, RehearsedGroup> groups_;
};

}  // namespace

std::vector<RehearsedGroup> Rehearse(
    std::shared_ptr<const engine::Settings> settings,
    const engine::WebhookPosted& webhook, const Stage& stage) {
  return Play(std::move(settings), stage).Run(webhook);
}

}  // namespace tocsin::ctl
