#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "paging/roster.h"

// What a group knows of the run of its chain: a part of its hot row.
namespace tocsin::paging {

// What keeps a chain from its next step.
enum class Pause {
  kNone,
  kWait,       // a wait: it ends early when nobody hears of the group
  kUntilDue,   // a condition that holds when the next step is due
  kForAlerts,  // a condition that alerts must fulfil: nothing is due
};

// What a chain runs for that a step has called.
struct CalledFor {
  std::string team;                      // as the step names it
  std::optional<Importance> importance;  // absent: the group's
};

// Where a chain stands that has called another one.
struct Caller {
  std::string snapshot;       // hash
  std::size_t next_step = 0;  // behind the step that called
  std::vector<std::uint32_t> repeated;
  std::vector<std::optional<Instant>> last_run;
  std::optional<CalledFor> called_for{};
};

// A called chain that is used up: called again, its first step waits until a
// minute after its last one.
struct PastCall {
  std::string snapshot;  // hash
  std::optional<Instant> last_step;
};

// One run of a chain snapshot. `next_step` runs at `due`; when it is past the
// last one, the chain is used up at `due` (it may end with a wait). While it
// pauses, the step that pauses is the one before the next.
//
// A step may call the chain of another team's way out: then that one runs, and
// the chain that called goes on behind the step when the other is used up.
struct Escalation {
  std::string snapshot;  // hash
  std::size_t next_step = 0;
  Instant due;
  Pause pause = Pause::kNone;           // a person may cut it short
  bool finished = false;                // used up, and recorded so
  bool skipped_wait = false;            // at most one a pass
  std::vector<std::uint32_t> repeated;  // per step: how often it went back
  std::vector<std::optional<Instant>> last_run;  // per step
  bool sought = false;  // steps since the last pause were for people
  std::vector<std::string> notified;       // users since the last pause
  std::optional<CalledFor> called_for{};   // absent: the group's own chain
  std::vector<Caller> callers{};           // outermost first
  std::vector<PastCall> past_calls{};      // one a chain
  std::optional<Importance> importance{};  // of its pages; absent: the group's
};

// What is kept of a chain's run that was left: its steps do not run twice
// within a minute, whatever starts it again.
struct LeftRun {
  std::string snapshot;                          // hash
  std::vector<std::optional<Instant>> last_run;  // per step
  std::optional<Instant> last_step;              // of this or an earlier chain
};

// When new episodes of the group's alerts came, kept where its chain has a
// condition that counts them, and as many as that one needs.
struct EpisodeTimes {
  Duration within{};        // older ones do not count
  std::uint32_t limit = 0;  // at most kMaxEpisodes
  std::vector<Instant> at;  // in order
};

}  // namespace tocsin::paging
