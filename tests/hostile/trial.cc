#include "tests/hostile/trial.h"

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <cstdio>
#include <utility>

namespace tocsin::hostile {
namespace {

// A wedged server is one that says nothing for this long while it has nothing
// else to do.
constexpr std::chrono::milliseconds kPatience{2000};

std::vector<std::string> Command(const char* binary,
                                 const std::vector<std::string>& flags) {
  std::vector<std::string> command{binary};
  command.insert(command.end(), flags.begin(), flags.end());
  return command;
}

}  // namespace

void Try(const Trap& trap) {
  BOOST_TEST_CONTEXT(trap.name) {
    const Victim::Bounds bounds{.descriptors = trap.descriptors};
    Finding stock;
    for (int i = 0; i < trap.stock_tries && !stock.broken; ++i) {
      Victim victim(Command(STOCK_SERVER, trap.stock_flags), bounds);
      stock = trap.judge(victim);
    }
    BOOST_TEST(stock.broken, "stock Pistache holds: " << stock.seen);

    Victim victim(Command(GUARD_SERVER, trap.our_flags), bounds);
    const Finding ours = trap.judge(victim);
    BOOST_TEST(!ours.broken, ours.seen);
    const std::string end = victim.Stop();
    BOOST_TEST(end == "exit 0");
    std::printf("%-42s stock: %-34s ours: %s\n", trap.name, stock.seen.c_str(),
                ours.seen.c_str());
    std::fflush(stdout);
  }
}

Finding Silenced(Victim& victim) {
  if (victim.Dies(std::chrono::milliseconds(0))) {
    return {true, "died, " + victim.Stop()};
  }
  if (victim.Answers(kPatience)) return {false, "answers others"};
  // A crash may take a moment to be seen from outside.
  if (victim.Dies(std::chrono::milliseconds(500))) {
    return {true, "died, " + victim.Stop()};
  }
  const double begun = victim.CpuSeconds();
  victim.Dies(std::chrono::milliseconds(500));
  const int busy = static_cast<int>((victim.CpuSeconds() - begun) * 200);
  return {true, "answers nobody, CPU " + std::to_string(busy) + " %"};
}

}  // namespace tocsin::hostile
