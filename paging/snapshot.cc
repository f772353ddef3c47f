#include "paging/snapshot.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <variant>

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

// Follows what stands behind the steps, and never changes either.
std::string CanonicalWay(const FrozenWay& way) {
  return std::string(ImportanceName(way.importance)) + Name(way.team) +
         (way.chain ? "=" + *way.chain : "") + Names(way.chat_channels) + ";";
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

// Takes snapshots, those of chains that a chain leads to before its own.
class Taking {
 public:
  explicit Taking(const Roster& roster) : roster_(roster) {}

  // Null: the chain is being taken, it leads to itself.
  std::shared_ptr<const ChainSnapshot> Take(const Chain& chain) {
    const auto [known, is_new] = by_name_.emplace(chain.name, nullptr);
    if (!is_new) return known->second;
    std::vector<FrozenWay> ways;
    for (const Step& step : chain.steps) {
      const auto* escalate = std::get_if<EscalateToTeam>(&step);
      if (escalate == nullptr) continue;
      for (const Importance importance :
           {Importance::kDefault, Importance::kImportant}) {
        if (escalate->importance.value_or(importance) == importance) {
          Add(ways, escalate->team, importance);
        }
      }
    }
    taken.push_back(TakeSnapshot(chain, std::move(ways)));
    return by_name_[chain.name] = taken.back();
  }

  std::vector<std::shared_ptr<const ChainSnapshot>> taken;

 private:
  void Add(std::vector<FrozenWay>& ways, const std::string& name,
           Importance importance) {
    const bool known =
        std::any_of(ways.begin(), ways.end(), [&](const FrozenWay& way) {
          return way.team == name && way.importance == importance;
        });
    if (known) return;
    FrozenWay way{.team = name,
                  .importance = importance,
                  .chain = std::nullopt,
                  .chat_channels = {}};
    const Team* team = roster_.FindTeam(name);
    const WayOut* out = team != nullptr ? team->way_out(importance) : nullptr;
    if (out != nullptr) way.chat_channels = out->chat_channels;
    const Chain* next = ChooseChain(roster_, name, std::nullopt, importance);
    if (next != nullptr) {
      const auto snapshot = Take(*next);
      if (snapshot != nullptr) way.chain = snapshot->hash;
    }
    ways.push_back(std::move(way));
  }

  const Roster& roster_;
  std::map<std::string, std::shared_ptr<const ChainSnapshot>> by_name_;
};

}  // namespace

std::shared_ptr<const ChainSnapshot> TakeSnapshot(const Chain& chain,
                                                  std::vector<FrozenWay> ways) {
  std::string text = std::to_string(chain.name.size()) + ":" + chain.name + "|";
  for (const Step& step : chain.steps) {
    text += std::visit(Canonical{}, step) + ";";
  }
  if (!ways.empty()) text += "|";
  for (const FrozenWay& way : ways) text += CanonicalWay(way);
  return std::make_shared<const ChainSnapshot>(ChainSnapshot{
      .hash = ContentHash(text), .chain = chain, .ways = std::move(ways)});
}

std::vector<std::shared_ptr<const ChainSnapshot>> TakeSnapshots(
    const Chain& chain, const Roster& roster) {
  Taking taking(roster);
  taking.Take(chain);
  return std::move(taking.taken);
}

}  // namespace tocsin::paging
