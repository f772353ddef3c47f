#pragma once

#include <cstdint>

// Faults that the simulator must find. `if (IsPlanted(Planted::kX))` marks the
// place where one is; it is false at compile time everywhere but in the program
// tocsin_planted, which is built to be wrong (docs/testing.md).
namespace tocsin::paging {

enum class Planted : std::uint8_t {
  kNone,
  // -- time
  kLostWakeUp,        // a due chain does not wake its group
  kLostPolicyWakeUp,  // a due policy does not
  kLostLook,          // a held group is never looked at again
  kSilenceNeverEnds,  // the end of a silence does not wake the group
  kWaitsFromNow,      // waits count from now, lateness adds up
  kWholeLadder,       // waits count from the due time, however late
  kStepAgainAtOnce,   // a step runs again within a minute
  // -- what people and sources say
  kPageAfterResolve,     // a resolve does not stop what is on its way
  kRetryAfterQuiet,      // a retry goes on after an acknowledge
  kUnacknowledgeLost,    // it is recorded, and the group stays quiet
  kQuietHearsNothing,    // a resolve at the source of a quiet group is lost
  kLateWordTaken,        // an older start counts
  kBackAgainLost,        // a firing with the same start after a resolve is lost
  kResolveHoldsNothing,  // what a person has ended pages again
  kReopenWithoutChain,   // alerts fire again and nobody is notified
  kChainStaysUsedUp,     // a new alert does not start a used-up chain
  // -- chains and notifications
  kChainFromTheFile,   // an edit changes a chain under way
  kMateForgotten,      // only the first member of a team is notified
  kNotNotifiedUnsaid,  // who is already being notified: nothing is said
  kWithdrawnUnsaid,    // a line of the timeline is lost
  kNoOtherMethod,      // a dead line starts no other method
  kIdReused,           // the second method of a policy takes the id before
  kOutcomeTwice,       // a delivered notification is not over
  // -- a turn
  kSecondTeamForgotten,  // an alert of two routes is given to the first
  kResendMakesGroup,     // the routes decide on what a group holds
  kRetryLost,            // a failed attempt is never made again
  kClaimAfterClose,      // what is over is claimed in the same turn
  kContentsLost,         // the contents of alerts are not kept
  kAnsweredTooEarly,     // a failed commit is answered as done
  kConflictDropsPosts,   // a turn that runs again has lost its posts
  kHoldsUnseenAtReload,  // another file does not look at held groups
  kDoubtfulClaimsStay,   // claims of a commit in doubt are never ended
  kClaimsStayAtStart,    // claims of a process that died are never ended
  kLast,
};

#ifdef TOCSIN_PLANTED_FAULTS
// Of this thread; set before a story begins.
inline thread_local Planted planted = Planted::kNone;
inline bool IsPlanted(Planted fault) { return planted == fault; }
#else
constexpr bool IsPlanted(Planted /*fault*/) { return false; }
#endif

}  // namespace tocsin::paging
