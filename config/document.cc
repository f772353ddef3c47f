#include "config/document.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <optional>
#include <sstream>
#include <unordered_map>
#include <utility>

#include "base/utf8.h"
#include "config/yaml_syntax.h"

namespace tocsin::config {
namespace {

bool IsForbiddenControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

// yaml-cpp takes the byte 0x04 for the end of the file and any other bytes as
// they are: a damaged file would be read in part without a word.
bool CheckBytes(std::string_view text, Report& report) {
  int line = 1;
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < text.size();) {
    const std::optional<CodePoint> next = DecodeUtf8(text.substr(i));
    if (!next || IsForbiddenControl(text[i])) {
      report.AddFault(line, static_cast<int>(i - line_start) + 1, "",
                      !next ? "the file is not UTF-8 text here"
                            : "the file has a control character here");
      return false;
    }
    if (text[i] == '\n') {
      ++line;
      line_start = i + 1;
    }
    i += next->length;
  }
  return true;
}

// Builds our tree from the parser's events. Once something is wrong, it takes
// no more of them.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(Report& report) : report_(report) {}

  bool failed() const { return failed_; }
  NodePtr root() const { return root_; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) Fail(mark, "the file has more than one document");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (failed_) return;
    Add(mark, anchor, MakeNode(mark, NodeKind::kNull));
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (failed_) return;
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) {
      Fail(mark, "an alias must not stand inside its own anchor");
      return;
    }
    Add(mark, YAML::NullAnchor, found->second);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override {
    if (failed_ || !CheckTag(mark, tag)) return;
    std::shared_ptr<YamlNode> node = MakeNode(mark, NodeKind::kScalar);
    node->text = value;
    node->plain = tag == "?";
    Add(mark, anchor, std::move(node));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, anchor, NodeKind::kList);
  }
  void OnSequenceEnd() override { Close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, anchor, NodeKind::kMap);
  }
  void OnMapEnd() override { Close(); }

 private:
  // A list or map whose end has not come yet.
  struct Frame {
    std::shared_ptr<YamlNode> node;  // shared with nobody until it is closed
    YAML::Mark mark;
    YAML::anchor_t anchor;
    NodePtr key;  // of a map: waits for its value
  };

  static std::shared_ptr<YamlNode> MakeNode(const YAML::Mark& mark,
                                            NodeKind kind) {
    auto node = std::make_shared<YamlNode>();
    node->kind = kind;
    node->line = mark.line + 1;
    node->column = mark.column + 1;
    return node;
  }

  void Fail(const YAML::Mark& mark, std::string message) {
    if (failed_) return;
    failed_ = true;
    report_.AddFault(mark.line + 1, mark.column + 1, "", std::move(message));
  }

  // The parser's marks for "no tag": "?" plain, "!" quoted, "" collections.
  bool CheckTag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return true;
    Fail(mark, "YAML tags are not used in this file");
    return false;
  }

  void Open(const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor, NodeKind kind) {
    if (failed_ || !CheckTag(mark, tag)) return;
    if (frames_.size() >= kMaxDepth) {
      FailDepth(mark);
      return;
    }
    frames_.push_back({MakeNode(mark, kind), mark, anchor, nullptr});
  }

  void Close() {
    if (failed_) return;
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    Add(frame.mark, frame.anchor, std::move(frame.node));
  }

  void FailDepth(const YAML::Mark& mark) { Fail(mark, DeeperThanAllowed()); }

  // Puts a finished node where it belongs: document, list, key or value.
  void Add(const YAML::Mark& mark, YAML::anchor_t anchor, NodePtr node) {
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = frames_.back();
    frame.node->size += node->size;
    frame.node->height = std::max(frame.node->height, node->height + 1);
    if (frame.node->size > kMaxNodes) {
      Fail(mark, "the file has more than " + std::to_string(kMaxNodes) +
                     " nodes, counting each alias with all it stands for");
    } else if (frames_.size() + node->height > kMaxDepth) {
      FailDepth(mark);
    } else if (frame.node->kind == NodeKind::kList) {
      frame.node->items.push_back(std::move(node));
    } else {
      AddToMap(mark, frame, std::move(node));
    }
  }

  void AddToMap(const YAML::Mark& mark, Frame& frame, NodePtr node) {
    if (frame.key) {
      frame.node->entries.push_back({std::move(frame.key), std::move(node)});
      frame.key = nullptr;
    } else if (node->kind == NodeKind::kScalar) {
      frame.key = std::move(node);
    } else {
      Fail(mark, "a key must be text");
    }
  }

  Report& report_;
  std::vector<Frame> frames_;
  std::unordered_map<YAML::anchor_t, NodePtr> anchors_;
  NodePtr root_;
  int documents_ = 0;
  bool failed_ = false;
};

// Which anchor is missing, only newer versions of the library say.
std::string WordsOf(const YAML::Exception& e) {
  constexpr std::string_view kNoAnchor = "the referenced anchor is not defined";
  return std::string(e.msg.starts_with(kNoAnchor) ? kNoAnchor : e.msg);
}

}  // namespace

NodePtr ParseAnyDocument(std::string_view text, Report& report) {
  if (!CheckBytes(text, report) || !CheckYamlSyntax(text, report)) {
    return nullptr;
  }
  std::istringstream stream{std::string(text)};
  Builder builder(report);
  try {
    YAML::Parser parser(stream);
    while (!builder.failed() && parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& e) {
    if (!builder.failed()) {
      report.AddFault(std::max(0, e.mark.line + 1), e.mark.column + 1, "",
                      "the YAML is broken here: " + WordsOf(e));
    }
    return nullptr;
  }
  if (builder.failed()) return nullptr;
  if (builder.root()) return builder.root();
  return std::make_shared<const YamlNode>();
}

NodePtr ParseDocument(std::string_view text, Report& report) {
  const NodePtr root = ParseAnyDocument(text, report);
  if (root && root->kind == NodeKind::kNull) {
    report.AddFault(0, 0, "", "the file is empty");
    return nullptr;
  }
  return root;
}

}  // namespace tocsin::config
