#include "engine/engine.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <utility>

#include "base/log.h"
#include "engine/bundle.h"
#include "engine/turn.h"
#include "paging/planted.h"

namespace tocsin::engine {

namespace {

// How often a turn is run again because another writer was faster. Each time
// somebody else has made progress, so a longer row of conflicts is overload.
constexpr int kMaxConflicts = 5;

// Without room in delivery its due rows are looked at again after this long,
// should no outcome wake the engine before.
constexpr Duration kNoRoomPause = std::chrono::milliseconds(50);

Answer Refused(const Status& status) {
  return {.status = Error{Code::kUnavailable, status.error().message},
          .refusal = std::nullopt};
}

}  // namespace

Engine::Engine(Limits limits, std::shared_ptr<const Settings> settings,
               Store& store, Outbox& outbox, IdSource& ids, const Clock& clock,
               metrics::Metrics& metrics, EventSink* events)
    : limits_(limits),
      settings_(std::move(settings)),
      store_(store),
      outbox_(outbox),
      ids_(ids),
      clock_(clock),
      metrics_(metrics),
      events_(events == nullptr ? nobody_ : *events) {}

Status Engine::RunOnce(std::vector<Posted> posted) {
  std::vector<Answer> answers;
  Status status = TryTurn(posted, answers);
  for (int n = 1; n < kMaxConflicts && !status.ok() &&
                  status.error().code == Code::kConflict;
       ++n) {
    if (paging::IsPlanted(paging::Planted::kConflictDropsPosts)) {
      answers.resize(posted.size());
      std::vector<Answer> nobody;
      status = TryTurn({}, nobody);
      continue;
    }
    status = TryTurn(posted, answers);
  }
  for (std::size_t i = 0; i < posted.size(); ++i) {
    if (!posted[i].done) continue;
    const bool done =
        status.ok() || paging::IsPlanted(paging::Planted::kAnsweredTooEarly);
    posted[i].done(done ? answers[i] : Refused(status));
  }
  return status;
}

Status Engine::Play(const Settings& settings, const std::vector<Posted>& posted,
                    const std::vector<paging::AlertGroupId>& due, Instant now,
                    std::optional<Turn>& turn, std::vector<Answer>& answers) {
  Footprint footprint = Gather(settings, posted, due);
  footprint.departed_after = now - settings.fold_within;
  do {
    Result<Loaded> loaded = store_.Load(footprint);
    const std::size_t asked = footprint.groups.size();
    if (loaded.ok()) AddSiblings(posted, loaded.value(), footprint);
    if (footprint.groups.size() > asked) loaded = store_.Load(footprint);
    if (!loaded.ok()) return loaded.error();
    turn.emplace(settings, std::move(loaded).value(), ids_, now);
    for (const paging::AlertGroupId id : due) turn->Timer(id);
    answers.clear();
    for (const Posted& post : posted) answers.push_back(turn->Take(post));
    footprint.pointers.insert(footprint.pointers.end(), turn->needs().begin(),
                              turn->needs().end());
  } while (!turn->needs().empty());
  return {};
}

Status Engine::TryTurn(const std::vector<Posted>& posted,
                       std::vector<Answer>& answers) {
  const auto begun = std::chrono::steady_clock::now();
  const auto ended = [&](const char* result) {
    const std::chrono::duration<double> seconds =
        std::chrono::steady_clock::now() - begun;
    metrics_.TurnEnded(result, seconds.count(), posted.size());
  };
  const Instant now = clock_.Now();       // read once: a turn has one "now"
  const auto settings = settings_.Get();  // and one configuration
  // By other settings a route may page that did not.
  if (settings != woken_for_ &&
      !paging::IsPlanted(paging::Planted::kHoldsUnseenAtReload)) {
    const Status woken = store_.WakeHeld(now);
    if (!woken.ok()) return ended("failed"), woken;
    woken_for_ = settings;
  }
  const std::size_t room = outbox_.Room();
  Result<DueWork> due = store_.Due(now, limits_.due_groups, room);
  if (!due.ok()) return ended("failed"), due.error();
  std::optional<Turn> played;
  const Status loaded =
      Play(*settings, posted, due.value().groups, now, played, answers);
  if (!loaded.ok()) return ended("failed"), loaded;
  Turn& turn = *played;
  Changes changes = turn.Finish(std::move(due.value().messages), room);
  if (!paging::IsPlanted(paging::Planted::kDoubtfulClaimsStay)) {
    changes.unclaimed.assign(doubtful_claims_.begin(), doubtful_claims_.end());
  }
  if (changes.groups.empty() && changes.claimed.empty() &&
      changes.unclaimed.empty() && !must_write_) {
    return {};
  }
  const Status written = store_.Write(changes);
  must_write_ = !written.ok();
  if (!written.ok()) {
    ended(written.error().code == Code::kConflict ? "conflict" : "failed");
    if (written.error().code == Code::kInternal) {
      events_.Missed();
      for (const Message& message : turn.claimed()) {
        for (const paging::NotificationId& id : IdsOf(message)) {
          doubtful_claims_.insert(id);
        }
      }
    }
    return written;
  }
  doubtful_claims_.clear();
  ++commits_;
  ended("committed");
  outbox_.Hand(turn.claimed());
  Account(turn);
  Publish(turn);
  return {};
}

void Engine::Publish(const Turn& turn) {
  std::vector<TimelineNews> news;
  for (const auto& [id, slot] : turn.slots()) {
    if (!slot.changed) continue;
    for (const paging::Effect& effect : slot.effects) {
      const auto* record = std::get_if<paging::Record>(&effect);
      if (record != nullptr) news.push_back({slot.group, record->entry});
    }
  }
  if (!news.empty()) events_.Publish(news);
}

Result<std::optional<Instant>> Engine::NextDue() {
  Result<std::optional<Instant>> next = store_.NextDue();
  if (next.ok() && next.value() && outbox_.Room() == 0) {
    return std::optional(std::max(*next.value(), clock_.Now() + kNoRoomPause));
  }
  return next;
}

}  // namespace tocsin::engine
