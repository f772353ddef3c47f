#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "engine/sequential_ids.h"
#include "tests/support/model_store.h"
#include "tests/support/virtual_clock.h"

namespace tocsin::testing {

// Tells a story of one team to the real engine over virtual time and a model
// store, in words of the domain:
//
//   Scenario s("notify ada, wait 5m, notify bob");
//   s.Fire("DiskFull");
//   s.ExpectPaged({"ada by phone"});
//   s.Advance(5min);
//   s.ExpectPaged({"bob by phone"});
//
// A chain is steps separated by commas: `notify NAME [NAME...]`, `team NAME`,
// `wait DURATION`, `repeat TIMES|forever [from N]`, `resolve`. Everybody who is
// named gets the policy `phone` unless Policy() says otherwise. Messages are
// delivered at once unless a phone is told to fail. Expectations use
// Boost.Test.
class Scenario {
 public:
  explicit Scenario(std::string_view chain);
  ~Scenario();

  // Before the first alert. "phone, wait 1m, mail"; methods are made as named.
  void Policy(std::string_view user, std::string_view policy);
  // A team without a way out; who is not there yet gets the policy `phone`.
  void AddTeam(std::string_view name, std::vector<std::string> members);
  // From now on sends to this contact method fail.
  enum class Line { kWorks, kTemporary, kPermanent };
  void SetLine(std::string_view user, std::string_view method, Line line);
  // Temporary failures ask for this pause; 10 s if it is not said.
  void RetryAfter(Duration pause);
  // The user leaves the file, and the daemon reads it again.
  void Remove(std::string_view user);

  // The file, to be changed before the first alert, or before a Reload. Its
  // route goes to team ops.
  struct File {
    paging::Roster roster;
    routing::RouteSpec route;
    routing::Intervals intervals;
  };
  File& file() { return file_; }
  void Reload();

  // Before the first alert: "2026-11-20T18:30:00Z". The end of a story, and
  // times in it, are told by UntilAt.
  void StartAt(std::string_view time);
  void UntilAt(std::string_view time);  // as Advance, up to that instant

  void Fire(std::string_view alert);
  void FireTogether(const std::vector<std::string>& alerts);  // one webhook
  void Resend(std::string_view alert);    // the same words again
  void ComeBack(std::string_view alert);  // fires, with the start it had
  void ResolveAtSource(std::string_view alert);
  // From now on the source tells another start of the alert.
  void MoveStart(std::string_view alert, Duration by);
  // A resolve of an episode that began and ended so long ago.
  void LateResolve(std::string_view alert, Duration began, Duration ended);
  // A webhook as Alertmanager sent it, from tests/testdata/payloads.
  void Receive(const std::string& file);
  Status Acknowledge(std::string_view by);
  Status Unacknowledge(std::string_view by);
  Status ResolveBy(std::string_view by);
  Status Unresolve(std::string_view by);
  // Of the newest group, and of its siblings.
  engine::Answer AcknowledgeAll(std::string_view by);
  // Absent: for ever.
  Status Silence(std::string_view by, std::optional<Duration> length);
  Status Unsilence(std::string_view by);
  // `step`, from 1, is the one that the person saw behind the wait.
  Status Escalate(std::string_view by,
                  std::optional<std::size_t> step = std::nullopt);
  void Advance(Duration length);  // runs everything due on the way, in order
  void Sleep(Duration length);    // the daemon is down for so long
  void Restart();                 // a new engine over the same store

  // What was sent since the last expectation, "ada by phone", in order.
  void ExpectPaged(std::vector<std::string> expected);
  void ExpectQuiet() { ExpectPaged({}); }
  void ExpectState(std::string_view state);  // of the newest group
  // Of all groups, oldest first.
  void ExpectStates(std::vector<std::string> expected);
  void ExpectGroups(std::size_t count);
  void ExpectTimeline(std::string_view text);  // some entry contains it
  void ExpectNoTimeline(std::string_view text);
  std::size_t TimelineLength();

  const paging::AlertGroup& group() const;  // the newest
  ModelStore& store() { return store_; }
  metrics::Metrics& metrics() { return metrics_; }

 private:
  class Lines;
  struct Told {
    Instant starts_at;
    bool firing = true;
    Instant ends_at = {};
  };
  std::shared_ptr<const engine::Settings> Settings() const;
  void Build();
  void Post(engine::Posted posted);
  Status Ask(paging::Event event);
  engine::Answer Act(engine::ActionPosted action);
  static routing::Alert Wire(const std::string& alert, const Told& told);
  void Webhook(std::vector<routing::Alert> alerts);
  void Settle();  // runs turns until nothing is due now

  File file_;
  metrics::Metrics metrics_{
      {.sources = {"am"}, .teams = {"ops"}, .providers = {}}};
  VirtualClock clock_;
  ModelStore store_;
  std::unique_ptr<Lines> lines_;
  std::unique_ptr<engine::SequentialIds> ids_;
  std::unique_ptr<engine::Engine> engine_;
  std::map<std::string, Told> told_;
};

}  // namespace tocsin::testing
