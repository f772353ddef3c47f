#include <string_view>
#include <unordered_map>
#include <utility>

#include "config/sections.h"

// A team leads to the chains of its ways out, a chain to the teams that its
// steps escalate to. A way round in that would page the same teams for ever.
namespace tocsin::config {
namespace {

struct Edge {
  std::size_t to = 0;
  std::optional<Reader> step;  // from a chain: the step that escalates
};

enum class Visit { kNew, kOpen, kDone };

struct Node {
  std::string_view team;  // "" for a chain
  std::vector<Edge> edges;
  Visit visit = Visit::kNew;
};

// The steps that escalate, also of a chain that has faults elsewhere.
std::vector<Reader> EscalatingSteps(const Reader& chain) {
  std::vector<Reader> steps;
  const Reader list =
      chain.IsMap() ? chain.Peek("steps").value_or(chain) : chain;
  if (!list.IsList()) return steps;
  for (const Reader& item : list.Items()) {
    std::optional<Reader> team = item.Peek("escalate_to_team");
    if (team && team->IsScalar()) steps.push_back(*std::move(team));
  }
  return steps;
}

class Graph {
 public:
  Graph(const std::vector<Reader::Entry>& chains, const Config& config) {
    for (const auto& [name, team] : config.roster.teams) {
      team_ids_.emplace(name, nodes_.size());
      nodes_.push_back({name, {}});
    }
    for (const Reader::Entry& entry : chains) {
      chain_ids_.emplace(entry.name, nodes_.size());
      nodes_.push_back({"", {}});
      AddSteps(entry, config);
    }
    for (const auto& [name, team] : config.roster.teams) {
      AddWay(team_ids_.at(name), team.standard);
      AddWay(team_ids_.at(name), team.important);
    }
  }

  void ReportCycles() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i].visit == Visit::kNew) Search(i);
    }
  }

 private:
  struct Stop {
    std::size_t node;
    std::size_t next;  // of its edges
  };

  void AddSteps(const Reader::Entry& chain, const Config& config) {
    for (const Reader& step : EscalatingSteps(chain.value)) {
      const std::optional<std::string> text = step.TextOrEmpty();
      const paging::Team* const team =
          text ? config.roster.FindTeam(*text) : nullptr;
      if (team == nullptr) continue;
      nodes_.back().edges.push_back({team_ids_.at(team->name), step});
    }
  }

  void AddWay(std::size_t team, const std::optional<paging::WayOut>& way) {
    if (!way || !way->chain) return;
    const auto chain = chain_ids_.find(*way->chain);
    if (chain == chain_ids_.end()) return;
    nodes_[team].edges.push_back({chain->second, std::nullopt});
  }

  // Depth-first; each edge that leads back to an open node closes a cycle.
  void Search(std::size_t start) {
    Open(start);
    while (!path_.empty()) {
      Stop& here = path_.back();
      Node& node = nodes_[here.node];
      if (here.next == node.edges.size()) {
        node.visit = Visit::kDone;
        path_.pop_back();
        continue;
      }
      const Edge& edge = node.edges[here.next++];
      if (nodes_[edge.to].visit == Visit::kOpen) {
        ReportCycle(edge.to);
      } else if (nodes_[edge.to].visit == Visit::kNew) {
        Open(edge.to);
      }
    }
  }

  void Open(std::size_t node) {
    nodes_[node].visit = Visit::kOpen;
    path_.push_back({node, 0});
  }

  // The end of the path leads back to `first`. The fault stands at the last
  // step of the cycle that escalates.
  void ReportCycle(std::size_t first) const {
    std::size_t begin = path_.size();
    while (path_[--begin].node != first) {
    }
    std::string teams;
    std::string_view first_team;
    const Reader* step = nullptr;
    for (std::size_t i = begin; i < path_.size(); ++i) {
      const Node& node = nodes_[path_[i].node];
      const Edge& taken = node.edges[path_[i].next - 1];
      if (taken.step) step = &*taken.step;
      if (node.team.empty()) continue;
      if (first_team.empty()) first_team = node.team;
      teams += std::string(node.team) + " -> ";
    }
    step->AddFault("escalates in a circle: " + teams + std::string(first_team));
  }

  std::vector<Node> nodes_;
  std::unordered_map<std::string_view, std::size_t> team_ids_;
  std::unordered_map<std::string_view, std::size_t> chain_ids_;
  std::vector<Stop> path_;
};

}  // namespace

void CheckEscalationCycles(const std::vector<Reader::Entry>& chains,
                           const Config& config) {
  Graph(chains, config).ReportCycles();
}

}  // namespace tocsin::config
