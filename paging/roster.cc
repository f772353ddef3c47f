#include "paging/roster.h"

#include <functional>

namespace tocsin::paging {

namespace {

// Names are preceded by their length, so that different steps never give the
// same text.
std::string Name(std::string_view name) {
  return "," + std::to_string(name.size()) + ":" + std::string(name);
}

std::string Names(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += Name(name);
  return text;
}

std::string Optional(const std::optional<Importance>& importance) {
  return importance ? ImportanceName(*importance) : "";
}

// Writes a step as what its hash is taken of. One operator a kind; each begins
// with another letter. What is written here never changes: the hashes are in
// the store.
struct Canonical {
  std::string operator()(const Wait& wait) const {
    return "w" + std::to_string(wait.length.count());
  }
  std::string operator()(const NotifyUsers& notify) const {
    return "n" + Optional(notify.importance) + Names(notify.users);
  }
  std::string operator()(const Repeat& repeat) const {
    return "r" + std::to_string(repeat.from) + "x" +
           (repeat.times ? std::to_string(*repeat.times) : "forever");
  }
  std::string operator()(const NotifySchedule& notify) const {
    return "o" + Optional(notify.importance) + Name(notify.schedule);
  }
  std::string operator()(const NotifyNextOnCall& notify) const {
    return "O" + Optional(notify.importance) + Name(notify.schedule);
  }
  std::string operator()(const NotifyTeam& notify) const {
    return "t" + Optional(notify.importance) + Name(notify.team);
  }
  std::string operator()(const NotifyRoundRobin& notify) const {
    return "b" + Optional(notify.importance) + Names(notify.users);
  }
  std::string operator()(const NotifyChat& notify) const {
    return "c" + Names(notify.channels);
  }
  std::string operator()(const NotifySlackUserGroup& notify) const {
    return "g" + Name(notify.user_group);
  }
  std::string operator()(const IfTimeBetween& condition) const {
    std::string text = "h" + std::to_string(condition.start) + "-" +
                       std::to_string(condition.end);
    for (const routing::Range& days : condition.weekdays) {
      text +=
          "d" + std::to_string(days.first) + "-" + std::to_string(days.last);
    }
    text += condition.outside == Outside::kWait ? "wait" : "skip";
    return text + Name(condition.time_zone);
  }
  std::string operator()(const IfAlertCount& condition) const {
    return "a" + std::to_string(condition.more_than) + "in" +
           std::to_string(condition.within.count());
  }
  std::string operator()(const CallWebhook& call) const {
    return "u" + Name(call.provider);
  }
  std::string operator()(const EscalateToTeam& escalate) const {
    return "e" + Optional(escalate.importance) + Name(escalate.team);
  }
  std::string operator()(const ResolveGroup&) const { return "R"; }
};

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

// Two rounds of FNV-1a with different starts: 128 bits, so that two chains of
// one installation do not meet. Not a secret, not an authenticator.
std::string ContentHash(std::string_view text) {
  constexpr std::uint64_t kPrime = 1099511628211u;
  constexpr std::uint64_t kStarts[] = {14695981039346656037u,
                                       0x9ae16a3b2f90404fu};
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  for (std::uint64_t hash : kStarts) {
    for (const char c : text) {
      hash = (hash ^ static_cast<unsigned char>(c)) * kPrime;
    }
    for (int shift = 60; shift >= 0; shift -= 4) {
      hex += kDigits[(hash >> shift) & 0xf];
    }
  }
  return hex;
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

std::shared_ptr<const ChainSnapshot> TakeSnapshot(const Chain& chain) {
  std::string text = std::to_string(chain.name.size()) + ":" + chain.name + "|";
  for (const Step& step : chain.steps) {
    text += std::visit(Canonical{}, step) + ";";
  }
  return std::make_shared<const ChainSnapshot>(
      ChainSnapshot{.hash = ContentHash(text), .chain = chain});
}

}  // namespace tocsin::paging
