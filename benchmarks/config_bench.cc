// config_bench [--rounds N] [--check]: what loading a configuration costs,
// 1,000 routes beside 10,000 in the same rounds. Ten times the file may cost up
// to 15 times as much; a loader that compares each node with each would cost
// 100 times.
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "base/check.h"
#include "benchmarks/figures.h"
#include "config/load.h"

namespace {

using namespace tocsin;
using namespace tocsin::benchmarks;

constexpr double kMostRatio = 15;

std::string File(int routes) {
  std::string file =
      "providers: {console: }\n"
      "default_notification_policies: {default: [{notify: console}]}\n"
      "users: {ada: {contact_methods: {console: }}}\n"
      "escalation_chains: {page: [{notify_users: [ada]}]}\n"
      "teams: {web: {direct_paging: {default: {escalation_chain: page}}}}\n"
      "route:\n  team: web\n  routes:\n";
  for (int i = 0; i < routes; ++i) {
    const std::string n = std::to_string(i);
    file += "    - {name: r" + n + ", matchers: ['team=\"t" + n +
            "\"', 'severity=~\"page|ticket\"'], continue: true}\n";
  }
  return file;
}

double Milliseconds(const std::string& file, std::size_t routes) {
  const auto begin = std::chrono::steady_clock::now();
  const config::LoadResult result = config::LoadText("tocsin.yml", file);
  const auto end = std::chrono::steady_clock::now();
  TOCSIN_CHECK(result.config && result.config->route.routes.size() == routes);
  return std::chrono::duration<double, std::milli>(end - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = Flag(argc, argv, "--rounds", 5);
  const std::string small = File(1'000);
  const std::string large = File(10'000);
  std::vector<double> smalls;
  std::vector<double> larges;
  for (int round = 0; round < rounds; ++round) {
    smalls.push_back(Milliseconds(small, 1'000));
    larges.push_back(Milliseconds(large, 10'000));
  }
  Report report;
  Report::Say("1,000 routes", Median(smalls), "ms");
  Report::Say("10,000 routes", Median(larges), "ms");
  report.AtMost("ratio", Median(larges) / Median(smalls), kMostRatio, "x");
  std::printf("medians of %d rounds\n", rounds);
  return Has(argc, argv, "--check") && !report.good() ? 1 : 0;
}
