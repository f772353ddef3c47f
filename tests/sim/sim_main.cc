// tocsin_sim --seeds N [--first SEED]: runs N stories and prints what happened
// in them; exit 1 when a property broke, or when a kind that must occur did
// not (over at least 100 seeds). tocsin_sim --seed N: one story.
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "tests/sim/simulator.h"

namespace {

constexpr std::uint64_t kEnoughSeeds = 100;

int Report(const tocsin::testing::SimReport& report, std::uint64_t seeds) {
  for (const auto& [kind, count] : report.counts) {
    std::printf("  %-34s %10lld\n", kind.c_str(),
                static_cast<long long>(count));
  }
  int exit_code = 0;
  if (seeds >= kEnoughSeeds) {
    for (const std::string& kind : tocsin::testing::KindsThatMustOccur()) {
      if (report.counts.contains(kind)) continue;
      std::printf("never occurred: %s\n", kind.c_str());
      exit_code = 1;
    }
  }
  for (const std::string& broken : report.broken) {
    std::printf("BROKEN %s\n", broken.c_str());
    exit_code = 1;
  }
  std::printf("%llu seeds, %zu broken\n",
              static_cast<unsigned long long>(seeds), report.broken.size());
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  std::uint64_t first = 0;
  std::uint64_t seeds = 1000;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::uint64_t value = std::stoull(argv[i + 1]);
    if (std::strcmp(argv[i], "--seeds") == 0) {
      seeds = value;
    } else if (std::strcmp(argv[i], "--first") == 0) {
      first = value;
    } else if (std::strcmp(argv[i], "--seed") == 0) {
      first = value;
      seeds = 1;
    } else {
      std::fprintf(stderr, "usage: %s [--seeds N] [--first SEED] | --seed N\n",
                   argv[0]);
      return 2;
    }
  }
  tocsin::testing::SimReport report;
  for (std::uint64_t seed = first; seed < first + seeds; ++seed) {
    tocsin::testing::Simulate(seed, report);
    if (report.broken.size() > 20) break;
  }
  return Report(report, seeds);
}
