// tocsin_sim --seeds N [--first SEED]: runs N stories on all cores and prints
// what happened in them; exit 1 when a property broke, or when a kind that must
// occur did not (over at least 100 seeds). tocsin_sim --seed N: one story,
// with the timelines of its groups.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <thread>

#include "tests/sim/simulator.h"
#include "tests/sim/workers.h"

namespace {

constexpr std::uint64_t kEnoughSeeds = 100;

void PrintCounts(const tocsin::testing::SimReport& report) {
  for (const auto& [kind, count] : report.counts) {
    std::printf("  %-34s %12lld\n", kind.c_str(),
                static_cast<long long>(count));
  }
}

// Returns the exit code.
int Judge(const tocsin::testing::SimReport& report, std::uint64_t seeds) {
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
  return exit_code;
}

int Run(tocsin::testing::Seeds seeds) {
  const unsigned workers = std::max(1u, std::thread::hardware_concurrency());
  const auto begun = std::chrono::steady_clock::now();
  const tocsin::testing::SimResult result =
      tocsin::testing::RunSeeds(seeds, workers);
  const tocsin::testing::SimReport& report = result.report;
  const std::chrono::duration<double> took =
      std::chrono::steady_clock::now() - begun;
  PrintCounts(report);
  for (const std::string& line : report.told) std::printf("%s\n", line.c_str());
  const int exit_code = Judge(report, seeds.count);
  std::printf("%llu seeds, %zu broken; %.1f s, %.0f seeds/s by %u workers\n",
              static_cast<unsigned long long>(result.stories),
              report.broken.size(), took.count(),
              static_cast<double>(result.stories) / took.count(), workers);
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  tocsin::testing::Seeds seeds{.first = 0, .count = 1000};
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::uint64_t value = std::stoull(argv[i + 1]);
    if (std::strcmp(argv[i], "--seeds") == 0) {
      seeds.count = value;
    } else if (std::strcmp(argv[i], "--first") == 0) {
      seeds.first = value;
    } else if (std::strcmp(argv[i], "--seed") == 0) {
      seeds = {.first = value, .count = 1};
    } else {
      std::fprintf(stderr, "usage: %s [--seeds N] [--first SEED] | --seed N\n",
                   argv[0]);
      return 2;
    }
  }
  return Run(seeds);
}
