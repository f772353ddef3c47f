#include "paging/roster.h"

#include <type_traits>

namespace tocsin::paging {

namespace {

// Writes a step so that different steps never give the same text: names are
// preceded by their length.
std::string Canonical(const Step& step) {
  return std::visit(
      [](const auto& s) -> std::string {
        using S = std::decay_t<decltype(s)>;
        if constexpr (std::is_same_v<S, Wait>) {
          return "w" + std::to_string(s.length.count()) + ";";
        } else if constexpr (std::is_same_v<S, NotifyUsers>) {
          std::string text = "n";
          if (s.importance) text += ImportanceName(*s.importance);
          for (const std::string& user : s.users) {
            text += "," + std::to_string(user.size()) + ":" + user;
          }
          return text + ";";
        } else {
          static_assert(std::is_same_v<S, Repeat>);
          return "r" + std::to_string(s.from) + "x" +
                 (s.times ? std::to_string(*s.times) : "forever") + ";";
        }
      },
      step);
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

const Chain* ChooseChain(const Roster& roster, std::string_view team,
                         const std::optional<std::string>& from_route,
                         Importance importance) {
  std::optional<std::string> name = from_route;
  if (!name) {
    const auto it = roster.teams.find(team);
    if (it == roster.teams.end()) return nullptr;
    const Team& t = it->second;
    name = importance == Importance::kImportant && t.important_chain
               ? t.important_chain
               : t.default_chain;
  }
  if (!name || *name == "none") return nullptr;
  const auto chain = roster.chains.find(*name);
  return chain == roster.chains.end() ? nullptr : &chain->second;
}

std::shared_ptr<const ChainSnapshot> TakeSnapshot(const Chain& chain) {
  std::string text = std::to_string(chain.name.size()) + ":" + chain.name + "|";
  for (const Step& step : chain.steps) text += Canonical(step);
  return std::make_shared<const ChainSnapshot>(
      ChainSnapshot{.hash = ContentHash(text), .chain = chain});
}

}  // namespace tocsin::paging
