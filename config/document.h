#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/fault.h"

namespace tocsin::config {

struct YamlNode;
// Shared by all the aliases of an anchor.
using NodePtr = std::shared_ptr<const YamlNode>;

enum class NodeKind { kNull, kScalar, kList, kMap };

// One node of a YAML document with its place in the file. Keys of a map stay
// in the order of the file, and a key given twice stays twice: the reader
// reports it. Immutable, thread-safe.
struct YamlNode {
  struct Entry {
    NodePtr key;  // a scalar
    NodePtr value;
  };

  NodeKind kind = NodeKind::kNull;
  int line = 0;
  int column = 0;  // in bytes
  std::string text;
  bool plain = false;  // a scalar without quotes
  std::vector<NodePtr> items;
  std::vector<Entry> entries;
  std::size_t size = 1;    // itself, keys and nodes below, aliases expanded
  std::size_t height = 1;  // longest way down, in nodes
};

// Both limits hold with aliases expanded, so no reader of the tree can be
// made to run long or deep. Ten thousand users are about 300,000 nodes.
inline constexpr std::size_t kMaxNodes = 2'000'000;
inline constexpr std::size_t kMaxDepth = 64;

// Parses a text that holds exactly one YAML document. On a fault (not UTF-8,
// syntax, a tag, a limit) reports it and returns null.
NodePtr ParseDocument(std::string_view text, Report& report);

// The same, but a text without content is a node without a value.
NodePtr ParseAnyDocument(std::string_view text, Report& report);

}  // namespace tocsin::config
