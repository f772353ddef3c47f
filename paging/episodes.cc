#include "paging/episodes.h"

#include <algorithm>
#include <set>
#include <string>

namespace tocsin::paging {

namespace {

// What is too old, and the oldest where there are too many, counts no more.
void Trim(EpisodeTimes& episodes, Instant now) {
  std::vector<Instant>& at = episodes.at;
  const std::size_t surplus =
      at.size() > episodes.limit ? at.size() - episodes.limit : 0;
  at.erase(at.begin(), at.begin() + static_cast<std::ptrdiff_t>(surplus));
  const auto young =
      std::upper_bound(at.begin(), at.end(), now - episodes.within);
  at.erase(at.begin(), young);
}

// What the conditions of the chain, and of those that it leads to, need.
void Ask(const Draft& draft, const ChainSnapshot& snapshot,
         std::set<std::string>& seen, EpisodeTimes& wanted) {
  if (!seen.insert(snapshot.hash).second) return;
  for (const Step& step : snapshot.chain.steps) {
    const auto* condition = std::get_if<IfAlertCount>(&step);
    if (condition == nullptr) continue;
    wanted.within = std::max(wanted.within, condition->within);
    wanted.limit = std::max(
        wanted.limit, std::min(condition->more_than, kMaxEpisodes - 1) + 1);
  }
  for (const FrozenWay& way : snapshot.ways) {
    if (way.chain) Ask(draft, draft.Snapshot(*way.chain), seen, wanted);
  }
}

}  // namespace

void KeepEpisodesFor(Draft& draft, const ChainSnapshot* snapshot) {
  EpisodeTimes wanted;
  std::set<std::string> seen;
  if (snapshot != nullptr) Ask(draft, *snapshot, seen, wanted);
  std::optional<EpisodeTimes>& kept = draft.group.episodes;
  if (wanted.limit == 0) return kept.reset();
  if (kept) wanted.at = std::move(kept->at);
  kept = std::move(wanted);
  Trim(*kept, draft.now);
}

void CountEpisode(Draft& draft) {
  std::optional<EpisodeTimes>& kept = draft.group.episodes;
  if (!kept) return;
  kept->at.push_back(draft.now);
  Trim(*kept, draft.now);
  draft.changed = true;
}

std::size_t EpisodesWithin(const Draft& draft, Duration length) {
  const std::optional<EpisodeTimes>& kept = draft.group.episodes;
  if (!kept) return 0;
  const auto young =
      std::upper_bound(kept->at.begin(), kept->at.end(), draft.now - length);
  return static_cast<std::size_t>(kept->at.end() - young);
}

}  // namespace tocsin::paging
