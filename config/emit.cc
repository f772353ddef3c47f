#include "config/emit.h"

#include <yaml-cpp/emitter.h>
#include <yaml-cpp/emittermanip.h>

#include <algorithm>

namespace tocsin::config {
namespace {

bool IsShort(const YamlNode& list) {
  return std::all_of(
      list.items.begin(), list.items.end(),
      [](const NodePtr& item) { return item->kind == NodeKind::kScalar; });
}

void EmitScalar(const YamlNode& node, YAML::Emitter& out) {
  if (!node.plain) out << YAML::DoubleQuoted;
  out << node.text;
}

// No deeper than kMaxDepth, as the document itself.
void Emit(const YamlNode& node, YAML::Emitter& out) {
  switch (node.kind) {
    case NodeKind::kNull:
      out << YAML::Null;
      return;
    case NodeKind::kScalar:
      EmitScalar(node, out);
      return;
    case NodeKind::kList:
      if (IsShort(node)) out << YAML::Flow;
      out << YAML::BeginSeq;
      for (const NodePtr& item : node.items) Emit(*item, out);
      out << YAML::EndSeq;
      return;
    case NodeKind::kMap:
      out << YAML::BeginMap;
      for (const YamlNode::Entry& entry : node.entries) {
        out << YAML::Key;
        EmitScalar(*entry.key, out);
        out << YAML::Value;
        Emit(*entry.value, out);
      }
      out << YAML::EndMap;
      return;
  }
}

}  // namespace

std::string EmitDocument(const YamlNode& root) {
  YAML::Emitter out;
  Emit(root, out);
  return std::string(out.c_str(), out.size()) + "\n";
}

}  // namespace tocsin::config
