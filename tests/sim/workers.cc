#include "tests/sim/workers.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "base/check.h"
#include "base/zone.h"
#include "tests/sim/simulator.h"

namespace tocsin::testing {

namespace {

// More lines than these help nobody.
constexpr std::size_t kEnoughBroken = 20;

}  // namespace

// Not UTC: that needs no list of zones.
void LoadZones() { TOCSIN_CHECK(Zone::Find("Europe/Zurich").ok()); }

SimResult RunSeeds(Seeds seeds, unsigned workers) {
  LoadZones();
  std::atomic<std::uint64_t> next = seeds.first;
  std::atomic<std::uint64_t> stories = 0;
  std::atomic<std::size_t> broken = 0;
  std::vector<SimReport> reports(workers);
  std::vector<std::thread> threads;
  for (SimReport& report : reports) {
    report.tell = seeds.count == 1;
    threads.emplace_back([&] {
      while (broken <= kEnoughBroken) {
        const std::uint64_t seed = next++;
        if (seed >= seeds.first + seeds.count) return;
        const std::size_t known = report.broken.size();
        Simulate(seed, report);
        ++stories;
        broken += report.broken.size() - known;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  SimResult result{.report = {}, .stories = stories};
  SimReport& sum = result.report;
  for (const SimReport& report : reports) {
    for (const auto& [kind, count] : report.counts) sum.Count(kind, count);
    sum.broken.insert(sum.broken.end(), report.broken.begin(),
                      report.broken.end());
    sum.told.insert(sum.told.end(), report.told.begin(), report.told.end());
  }
  std::sort(sum.broken.begin(), sum.broken.end());
  return result;
}

}  // namespace tocsin::testing
