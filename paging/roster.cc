#include "paging/roster.h"

#include <functional>

namespace tocsin::paging {

namespace {

template <typename T>
const T* Find(const std::map<std::string, T, std::less<>>& all,
              const std::map<std::string, std::string, std::less<>>& aliases,
              std::string_view name) {
  auto found = all.find(name);
  if (found == all.end()) {
    const auto alias = aliases.find(name);
    if (alias != aliases.end()) found = all.find(alias->second);
  }
  return found == all.end() ? nullptr : &found->second;
}

}  // namespace

const WayOut* Team::way_out(Importance importance) const {
  const bool loud = importance == Importance::kImportant && important;
  const std::optional<WayOut>& way = loud ? important : standard;
  return way ? &*way : nullptr;
}

const User* Roster::FindUser(std::string_view name) const {
  return Find(users, user_aliases, name);
}

const Team* Roster::FindTeam(std::string_view name) const {
  return Find(teams, team_aliases, name);
}

bool Roster::SamePerson(std::string_view a, std::string_view b) const {
  if (a == b) return true;
  const User* user = FindUser(a);
  return user != nullptr && user == FindUser(b);
}

std::string StoredName(std::string_view stored, std::string_view now) {
  std::string text(stored);
  if (stored != now) text += " (now " + std::string(now) + ")";
  return text;
}

const Chain* ChooseChain(const Roster& roster, std::string_view team,
                         const std::optional<std::string>& from_route,
                         Importance importance) {
  std::optional<std::string> name = from_route;
  if (!name) {
    const Team* found = roster.FindTeam(team);
    if (found == nullptr) return nullptr;
    const WayOut* way = found->way_out(importance);
    if (way != nullptr) name = way->chain;
  }
  if (!name || *name == "none") return nullptr;
  const auto chain = roster.chains.find(*name);
  return chain == roster.chains.end() ? nullptr : &chain->second;
}

}  // namespace tocsin::paging
