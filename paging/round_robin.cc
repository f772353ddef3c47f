#include "paging/round_robin.h"

#include <algorithm>
#include <cstddef>

namespace tocsin::paging {

namespace {

// From 1; 0: never.
std::size_t LatestTurn(const std::string& user, const Served& served,
                       const Roster& roster) {
  for (std::size_t i = served.size(); i > 0; --i) {
    if (roster.SamePerson(served[i - 1], user)) return i;
  }
  return 0;
}

}  // namespace

std::vector<std::string> InTurn(const std::vector<std::string>& list,
                                const Served& served, const Roster& roster) {
  struct Waiting {
    std::size_t since;
    const std::string* user;
  };
  std::vector<Waiting> waiting;
  waiting.reserve(list.size());
  for (const std::string& user : list) {
    waiting.push_back({LatestTurn(user, served, roster), &user});
  }
  std::stable_sort(
      waiting.begin(), waiting.end(),
      [](const Waiting& a, const Waiting& b) { return a.since < b.since; });
  std::vector<std::string> order;
  order.reserve(list.size());
  for (const Waiting& one : waiting) order.push_back(*one.user);
  return order;
}

Served AfterTurnOf(std::string_view user, const Served& served,
                   const Roster& roster) {
  Served after = served;
  std::erase_if(after, [&](const std::string& name) {
    return roster.FindUser(name) == nullptr || roster.SamePerson(name, user);
  });
  after.emplace_back(user);
  if (after.size() > kMaxServed) {
    after.erase(after.begin(), after.end() - kMaxServed);
  }
  return after;
}

}  // namespace tocsin::paging
