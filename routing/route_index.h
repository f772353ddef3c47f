#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "routing/posting_table.h"
#include "routing/regex_index.h"
#include "routing/route.h"

// How a tree finds the routes of an alert without asking every node. Each node
// has an index of its children; an alert is looked up in those of the nodes
// that it reaches. Only route.cc includes this.
namespace tocsin::routing {

class Children;

// One node. Small, so that ten thousand of them stay in the processor's cache:
// a walk that finds a node by its `value` touches nothing else of it.
struct alignas(64) RouteNode {
  // Where this is set, the index asks for it and `matchers` are the others.
  std::string value;
  Matcher* first_matcher = nullptr;  // of those that are left to ask
  std::uint32_t matcher_count = 0;
  bool continue_matching = false;
  std::unique_ptr<const Children> children;  // null: none
  std::unique_ptr<const Route> route;

  std::span<const Matcher> matchers() const {
    return {first_matcher, matcher_count};
  }
};

// The children of one node, and which of them could match. Each is listed under
// the values of one of its matchers (a key), the one that the fewest siblings
// share: `team="web"` and `team=~"web|api"` under the values themselves,
// `service=~"web-.*"` under the text `web-`. A child without such a matcher
// (all of its matchers are negative, or take the empty value, which missing
// labels have, or are regexes that need no text) is asked always. Immutable
// once built, thread-safe.
class Children {
 public:
  explicit Children(std::vector<RouteNode> nodes);

  const std::vector<RouteNode>& nodes() const { return nodes_; }

  // Appends the children that could match and are not in always(), ascending,
  // each once. `folded` is scratch memory.
  void Find(const LabelSet& labels, const Origin& origin, std::string& folded,
            std::vector<std::uint32_t>& out) const;

  // Children to ask whatever the labels, ascending.
  const std::vector<std::uint32_t>& always() const { return always_; }

 private:
  // What the children are listed under of one label.
  struct Values {
    std::string label;
    PostingTable by_hash;
  };
  struct Texts {
    std::string label;
    NeedleIndex needles;
  };

  std::vector<RouteNode> nodes_;
  std::vector<Values> values_;  // sorted by label
  std::vector<Texts> texts_;    // sorted by label
  std::vector<std::uint32_t> by_text_;
  std::vector<std::uint32_t> always_;
};

// The routes that an alert takes from `root` down.
std::vector<const Route*> Walk(const RouteNode& root, const LabelSet& labels,
                               const Origin& origin);

}  // namespace tocsin::routing
