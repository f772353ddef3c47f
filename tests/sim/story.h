#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine.h"
#include "engine/sequential_ids.h"
#include "tests/sim/chance.h"
#include "tests/sim/files.h"
#include "tests/sim/lines.h"
#include "tests/sim/properties.h"
#include "tests/sim/report.h"
#include "tests/sim/words.h"
#include "tests/support/model_store.h"
#include "tests/support/virtual_clock.h"

namespace tocsin::testing {

// The world of one story: a daemon over a model store, its files, the sources'
// words, the lines to people, and time. The faults of the store and the machine
// happen in here. Actors make the rest happen, properties judge.
class Story {
 public:
  Story(std::uint64_t seed, SimReport& report,
        std::vector<std::unique_ptr<Property>> properties);

  // -- for actors
  // Runs a turn with these posts. What is not accepted is posted again until it
  // is, as Alertmanager does; outcomes of delivery are posted again likewise.
  void Post(std::vector<engine::Posted> posts);
  // The daemon reads the other file. `what` is counted.
  void Reload(std::string_view what);
  int reloads() const { return reloads_; }
  // A new episode of this alert was accepted by the file read last.
  void Told(const Key& alert);

  // -- for all
  void Count(std::string_view what, std::int64_t n = 1) {
    report_.Count(what, n);
  }
  void Broken(const std::string& what);
  const engine::Settings& file() const { return *files[file_]; }  // read last
  bool healed() const { return healed_; }
  // The group as it was before the commit that properties are told of; null: it
  // was born by it.
  const paging::AlertGroup* Before(paging::AlertGroupId id) const;
  void Sent(const engine::Message& message);

  // -- for the simulator
  void Pass(Duration length);  // timers and outcomes happen when they are due
  void Look();                 // the properties look, at rest
  void Heal() { healed_ = true; }  // no more faults
  void End();                      // the properties look, at the end

  // The faults of the world.
  static std::vector<std::string> MustOccur();

  Chance chance;
  const Files files;
  VirtualClock clock;
  ModelStore store;
  Words words;

 private:
  using Fault = ModelStore::Fault;
  void Start();
  void Crash();
  void Stall();
  void OtherDaemon();
  Fault NextFault();
  void Committed(const engine::Changes& changes);
  // Returns what was not accepted.
  std::vector<engine::Posted> TryPost(const std::vector<engine::Posted>& posts);
  void Answered(const engine::Posted& post, const engine::Answer& answer);
  std::optional<Instant> NextThing();
  void Tell();

  const std::uint64_t seed_;
  SimReport& report_;
  const std::vector<std::unique_ptr<Property>> properties_;
  bool healed_ = false;
  bool unsettled_ = false;  // the engine must turn again, whatever is due
  std::size_t file_ = 0;
  int reloads_ = 0;
  Lines lines_;
  std::map<paging::AlertGroupId, paging::AlertGroup> before_;
  metrics::Metrics metrics_{
      {.sources = {"am"}, .teams = {"ops", "web"}, .providers = {}}};
  std::unique_ptr<engine::SequentialIds> ids_;
  std::unique_ptr<engine::Engine> engine_;
  // Another daemon of the same store; it runs when ours is about to commit.
  std::unique_ptr<engine::Engine> other_;
  bool others_turn_ = false;
};

}  // namespace tocsin::testing
