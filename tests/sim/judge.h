#pragma once

#include <functional>
#include <string>

#include "engine/settings.h"
#include "paging/event.h"
#include "tests/sim/words.h"
#include "tests/support/model_store.h"

namespace tocsin::testing {

// What an event is counted as, behind "event:".
const char* EventName(const paging::Event& event);

// Looks at the whole truth in the store, by the properties of simulator.h.
class Judge {
 public:
  Judge(ModelStore& store, std::function<void(const std::string&)> count,
        std::function<void(const std::string&)> broken);

  // `file` is the one read last.
  void BetweenTurns(Instant now, const engine::Settings& file);

  // Right after the word of a new episode was accepted, by `file` alone: each
  // team that a route sends it to has it.
  void NewEpisode(const Key& key, const Word& word,
                  const engine::Settings& file);

  // After two days in which nothing failed.
  void AtTheEnd(const Words& words);

 private:
  // At rest, who is held is held for a reason, and not for ever.
  void CheckHeld(const paging::AlertGroup& group, Instant now,
                 const engine::Settings& file);
  void JudgeWords(const Words& words);
  // Every notification was issued once by the timeline, and ended once.
  void JudgeNotifications(paging::AlertGroupId id,
                          const paging::AlertGroup& group);

  ModelStore& store_;
  const std::function<void(const std::string&)> count_;
  const std::function<void(const std::string&)> broken_;
};

}  // namespace tocsin::testing
