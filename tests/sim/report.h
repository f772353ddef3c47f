#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tocsin::testing {

// What happened in some seeds: counts of each kind of event, effect and fault,
// and what was found broken ("seed 17: ..."). Adds up over seeds.
struct SimReport {
  std::map<std::string, std::int64_t, std::less<>> counts;
  std::vector<std::string> broken;
  // Asked for: the timelines of all groups, as they were at the end.
  bool tell = false;
  std::vector<std::string> told;

  void Count(std::string_view what, std::int64_t n = 1) {
    const auto known = counts.find(what);
    if (known != counts.end()) {
      known->second += n;
    } else {
      counts.emplace(what, n);
    }
  }
};

}  // namespace tocsin::testing
