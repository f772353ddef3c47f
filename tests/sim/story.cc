#include "tests/sim/story.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace tocsin::testing {

namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr engine::Engine::Limits kSmall{.posts = 8, .due_groups = 4};

}  // namespace

Story::Story(std::uint64_t seed, SimReport& report,
             std::vector<std::unique_ptr<Property>> properties)
    : chance(seed),
      files(MakeFiles([this](int n) { return chance.Below(n); })),
      seed_(seed),
      report_(report),
      properties_(std::move(properties)),
      lines_([this] { return clock.Now() + seconds(chance.Below(3)); }) {
  clock.Advance(minutes(chance.Below(24 * 60)));
  store.fault = [this] { return NextFault(); };
  store.committed = [this](const engine::Changes& changes) {
    Committed(changes);
  };
  Start();
}

void Story::Broken(const std::string& what_then) {
  const std::string what = what_then + ", at " + FormatRfc3339(clock.Now());
  report_.broken.push_back("seed " + std::to_string(seed_) + ": " + what);
}

void Story::Committed(const engine::Changes& changes) {
  for (const auto& property : properties_) property->Committed(*this, changes);
  for (const engine::GroupWrite& write : changes.groups) {
    before_.insert_or_assign(write.group.id, write.group);
  }
}

const paging::AlertGroup* Story::Before(paging::AlertGroupId id) const {
  const auto known = before_.find(id);
  return known == before_.end() ? nullptr : &known->second;
}

void Story::Start() {
  TOCSIN_CHECK(store.ReleaseClaims().ok());
  ids_ = std::make_unique<engine::SequentialIds>(store.LastGroupId().value());
  engine_ = std::make_unique<engine::Engine>(kSmall, files[file_], store,
                                             lines_, *ids_, clock, metrics_);
  other_ = std::make_unique<engine::Engine>(kSmall, files[file_], store, lines_,
                                            *ids_, clock, metrics_);
}

Story::Fault Story::NextFault() {
  if (healed_ || others_turn_) return Fault::kNone;
  if (chance.OneIn(60)) Reload("reload:in_a_turn");
  if (chance.OneIn(12)) return Count("fault:before_write"), Fault::kBefore;
  if (chance.OneIn(12)) return Count("fault:after_write"), Fault::kAfter;
  if (chance.OneIn(12)) return OtherDaemon(), Fault::kConflict;
  return Fault::kNone;
}

// Between our reading and our commit another daemon does what is due.
void Story::OtherDaemon() {
  Count("fault:conflict");
  others_turn_ = true;
  const std::uint64_t commits = other_->commits();
  TOCSIN_CHECK(other_->RunOnce({}).ok());
  if (other_->commits() > commits) Count("daemon:other_was_faster");
  others_turn_ = false;
}

void Story::Reload(std::string_view what) {
  Count(what);
  ++reloads_;
  file_ = 1 - file_;
  engine_->Reload(files[file_]);
  other_->Reload(files[file_]);
  unsettled_ = true;
}

// The process dies; what was being sent may or may not have arrived.
void Story::Crash() {
  Count("fault:crash");
  lines_.Cut(*this);
  if (chance.OneIn(3)) {
    clock.Advance(hours(chance.Below(5)) + minutes(2));
    Count("fault:downtime");
  }
  if (chance.OneIn(4)) {
    Count("reload:at_a_start");
    file_ = 1 - file_;
  }
  Start();
}

// The machine does nothing for a while.
void Story::Stall() {
  Count("fault:stall");
  clock.Advance(seconds(chance.Below(70)));
}

void Story::Pass(Duration length) {
  constexpr Duration kMoment = std::chrono::milliseconds(50);
  const Instant end = clock.Now() + length;
  for (int turns = 0; turns < 5000; ++turns) {
    if (!healed_ && chance.OneIn(80)) Crash();
    if (!healed_ && chance.OneIn(40)) Stall();
    unsettled_ = false;
    Post(lines_.Arrivals(*this));
    if (unsettled_) continue;
    const std::optional<Instant> next = NextThing();
    // A full delivery makes the engine look again a moment later: not at rest.
    if (!next || *next > std::max(end, clock.Now() + kMoment)) break;
    clock.Set(std::max(*next, clock.Now()));
    if (turns == 4999) Broken("the engine does not come to rest");
  }
  clock.Set(std::max(end, clock.Now()));
}

std::optional<Instant> Story::NextThing() {
  std::optional<Instant> next = engine_->NextDue().value();
  const std::optional<Instant> arrival = lines_.NextArrival();
  if (arrival && (!next || *arrival < *next)) next = arrival;
  return next;
}

void Story::Post(std::vector<engine::Posted> posts) {
  for (int attempt = 0; attempt < 200; ++attempt) {
    posts = TryPost(posts);
    if (posts.empty()) return;
    Count("turn:again");
  }
  Broken("a post is never accepted");
}

std::vector<engine::Posted> Story::TryPost(
    const std::vector<engine::Posted>& posts) {
  std::vector<engine::Posted> refused;
  std::vector<engine::Posted> copies = posts;
  for (std::size_t i = 0; i < posts.size(); ++i) {
    copies[i].done = [&, i](const engine::Answer& answer) {
      if (!answer.status.ok()) refused.push_back(posts[i]);
      Answered(posts[i], answer);
    };
  }
  const std::size_t due =
      store.Due(clock.Now(), kSmall.due_groups, 0).value().groups.size();
  if (due > 0) Count("event:timer", static_cast<std::int64_t>(due));
  // The answers are the truth; but what a failed turn was to do besides is
  // still to be done.
  unsettled_ |= !engine_->RunOnce(std::move(copies)).ok();
  for (const auto& property : properties_) property->AfterTurn(*this);
  return refused;
}

void Story::Answered(const engine::Posted& post, const engine::Answer& answer) {
  const auto* action = std::get_if<engine::ActionPosted>(&post.what);
  if (action == nullptr || !answer.status.ok()) return;
  if (answer.refusal) return Count("answer:refused");
  for (const auto& property : properties_) property->Taken(*this, *action);
}

void Story::Sent(const engine::Message& message) {
  Count("send:sent");
  for (const auto& property : properties_) property->Sent(*this, message);
}

void Story::Told(const Key& alert) {
  for (const auto& property : properties_) property->Told(*this, alert);
}

void Story::Look() {
  for (const auto& property : properties_) property->AtRest(*this);
}

void Story::End() {
  if (store.outbox_size() != 0) Broken("the outbox is not empty at the end");
  for (const auto& property : properties_) property->AtTheEnd(*this);
  if (report_.tell) Tell();
}

void Story::Tell() {
  for (const auto& [id, group] : store.groups()) {
    report_.told.push_back("group " + std::to_string(id.value()) + ", team " +
                           group.identity.team + ", route " + group.route_name +
                           ": " + LifeName(group.life));
    for (const paging::TimelineEntry& entry : store.timeline(id)) {
      report_.told.push_back("  " + FormatRfc3339(entry.at) + " " + entry.text);
    }
  }
}

std::vector<std::string> Story::MustOccur() {
  return {"fault:before_write", "fault:after_write",       "fault:conflict",
          "fault:crash",        "fault:lost_outcome",      "fault:downtime",
          "fault:stall",        "reload:in_a_turn",        "reload:at_a_start",
          "turn:again",         "daemon:other_was_faster", "send:sent",
          "send:not_permitted"};
}

}  // namespace tocsin::testing
