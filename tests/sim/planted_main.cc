// tocsin_planted [SEEDS]: plants one fault after the other into the daemon and
// prints which seed found it, and by what; exit 1 when one is not found within
// so many seeds (1,000 by default). The faults are in paging/planted.h.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "paging/planted.h"
#include "tests/sim/simulator.h"
#include "tests/sim/workers.h"

namespace {

using tocsin::paging::Planted;

struct Fault {
  Planted planted = Planted::kNone;
  const char* what = "";
};

const Fault kFaults[] = {
    {Planted::kLostWakeUp, "a due chain does not wake its group"},
    {Planted::kLostPolicyWakeUp, "a due policy does not wake its group"},
    {Planted::kLostLook, "a held group is never looked at again"},
    {Planted::kSilenceNeverEnds, "a silence never ends"},
    {Planted::kWaitsFromNow, "waits count from now: lateness adds up"},
    {Planted::kWholeLadder, "after downtime the whole ladder is woken"},
    {Planted::kStepAgainAtOnce, "a step runs again within a minute"},
    {Planted::kPageAfterResolve, "a page leaves after the resolve"},
    {Planted::kRetryAfterQuiet, "retries go on after an acknowledge"},
    {Planted::kUnacknowledgeLost, "an unacknowledge only says so"},
    {Planted::kQuietHearsNothing, "a quiet group loses the source's resolve"},
    {Planted::kLateWordTaken, "a late word is taken"},
    {Planted::kBackAgainLost,
     "who comes back with the same start is not heard"},
    {Planted::kResolveHoldsNothing, "what a person ended pages again"},
    {Planted::kReopenWithoutChain, "a reopened group runs no chain"},
    {Planted::kChainStaysUsedUp, "a new alert does not start a used-up chain"},
    {Planted::kChainFromTheFile, "an edit changes a chain under way"},
    {Planted::kMateForgotten, "one of a team is forgotten"},
    {Planted::kNotNotifiedUnsaid, "a decision not to notify is not said"},
    {Planted::kWithdrawnUnsaid, "a line of the timeline is missing"},
    {Planted::kNoOtherMethod, "a dead line starts no other method"},
    {Planted::kIdReused, "a notification's id is used again"},
    {Planted::kOutcomeTwice, "a delivered notification is not over"},
    {Planted::kSecondTeamForgotten, "the second team is forgotten"},
    {Planted::kResendMakesGroup, "a re-send makes a group of its own"},
    {Planted::kRetryLost, "a failed attempt is never made again"},
    {Planted::kClaimAfterClose, "what is over is claimed"},
    {Planted::kContentsLost, "the contents of an alert are not kept"},
    {Planted::kAnsweredTooEarly, "answered, and not on disk"},
    {Planted::kConflictDropsPosts, "a conflict drops what was posted"},
    {Planted::kHoldsUnseenAtReload, "a reload does not look at held groups"},
    {Planted::kDoubtfulClaimsStay, "claims in doubt are never ended"},
    {Planted::kClaimsStayAtStart, "a restart does not release claims"},
};
static_assert(std::size(kFaults) + 1 ==
                  static_cast<std::size_t>(Planted::kLast),
              "each planted fault is tried");

struct Found {
  std::uint64_t seed = 0;
  std::string by;
};

// The first seed whose judges see the fault.
std::optional<Found> Search(Planted fault, std::uint64_t seeds) {
  tocsin::paging::planted = fault;
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    tocsin::testing::SimReport report;
    tocsin::testing::Simulate(seed, report);
    if (!report.broken.empty()) {
      return Found{.seed = seed, .by = report.broken.front()};
    }
  }
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t seeds = argc > 1 ? std::stoull(argv[1]) : 1000;
  tocsin::testing::LoadZones();
  std::vector<std::optional<Found>> found(std::size(kFaults));
  std::atomic<std::size_t> next = 0;
  std::vector<std::thread> threads;
  const unsigned workers = std::max(1u, std::thread::hardware_concurrency());
  for (unsigned n = 0; n < workers; ++n) {
    threads.emplace_back([&] {
      for (std::size_t i = next++; i < std::size(kFaults); i = next++) {
        found[i] = Search(kFaults[i].planted, seeds);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::size_t missed = 0;
  for (std::size_t i = 0; i < std::size(kFaults); ++i) {
    if (!found[i]) ++missed;
    std::printf("%2zu %-48s %s\n", i + 1, kFaults[i].what,
                found[i] ? found[i]->by.c_str() : "NOT FOUND");
  }
  std::printf("%zu planted faults, %zu not found within %llu seeds\n",
              std::size(kFaults), missed,
              static_cast<unsigned long long>(seeds));
  return missed == 0 ? 0 : 1;
}
