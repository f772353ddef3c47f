#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "config/document.h"
#include "config/fault.h"

namespace tocsin::config {

class Fields;

// One node of the file, read as the type its place asks for. A node of another
// type is reported with its line and path, and read as absent, so that loading
// goes on and finds the other faults too. A cheap view: the document and the
// report must outlive it. Confined to one thread.
class Reader {
 public:
  struct Entry;

  Reader(const YamlNode& node, std::string path, Report& report)
      : node_(&node), path_(std::move(path)), report_(&report) {}

  // One line of text that is not empty. Numbers and booleans are text as they
  // are written.
  std::optional<std::string> Text() const;
  // The same, but "" is a text too.
  std::optional<std::string> TextOrEmpty() const;
  // Text of any number of lines, also none.
  std::optional<std::string> Block() const;
  // `true` or `false`, without quotes, and nothing else.
  std::optional<bool> Flag() const;
  // A whole number from 1.
  std::optional<std::uint32_t> Count() const;
  // A duration as Prometheus writes it; `Length` asks for 1 s at least.
  std::optional<Duration> AnyLength() const;
  std::optional<Duration> Length() const;

  // One of the words given. `what` names them in the fault: "kind".
  template <typename T>
  std::optional<T> Choice(
      std::string_view what,
      std::initializer_list<std::pair<std::string_view, T>> words) const;

  // The nodes of a list.
  std::vector<Reader> Items() const;
  // A list of texts, of which each is taken once: a second one is reported.
  std::vector<Entry> Texts() const;
  // A mapping from names that the user chooses. A name given twice is reported
  // and left out.
  std::vector<Entry> Entries() const;
  // A mapping whose keys are ours: all others are reported.
  Fields Keys(std::initializer_list<std::string_view> known) const;

  // Report nothing.
  bool IsNull() const { return node_->kind == NodeKind::kNull; }
  bool IsScalar() const { return node_->kind == NodeKind::kScalar; }
  bool IsList() const { return node_->kind == NodeKind::kList; }
  bool IsMap() const { return node_->kind == NodeKind::kMap; }
  // A single value that is exactly this word.
  bool Says(std::string_view word) const {
    return node_->kind == NodeKind::kScalar && node_->text == word;
  }
  // No value, or a list without items.
  bool IsEmptyList() const;
  // No value, or a mapping without keys.
  bool IsEmptyMap() const {
    return IsNull() || (IsMap() && node_->entries.empty());
  }
  // The value of a key, if this is a mapping that has it.
  std::optional<Reader> Peek(std::string_view key) const;

  void AddFault(std::string message) const;
  void AddWarning(std::string message) const;
  // Of equal messages of one load only the first in the files is kept.
  void AddWarningOnce(std::string message) const;
  // "... is not a WHAT this version knows", with the one that is meant or else
  // with all of them. `what` must not be empty.
  void AddUnknown(std::string_view what, std::string_view written,
                  const std::vector<std::string_view>& known) const;

  const std::string& path() const { return path_; }
  // "tocsin.yml:12", for a fault elsewhere that names this place.
  std::string Place() const;
  Report& report() const { return *report_; }

 private:
  friend class Fields;
  bool Is(NodeKind kind, std::string_view expected) const;
  Reader Child(const YamlNode& node, std::string path) const;
  std::string PathOf(std::string_view key) const;

  const YamlNode* node_;
  std::string path_;
  Report* report_;
};

// A name and what it stands for. In a list of texts, both readers are at the
// item.
struct Reader::Entry {
  std::string name;
  Reader key;  // where the name stands
  Reader value;
};

// A mapping with keys of ours. Each key asked for must be among those that it
// was made with.
class Fields {
 public:
  Fields(Reader at, std::initializer_list<std::string_view> known);

  // Whether the mapping could have this key.
  bool Knows(std::string_view key) const;
  // Null when the key is not there. Require reports that.
  const Reader* Find(std::string_view key) const;
  const Reader* Require(std::string_view key) const;
  // The one of `keys` that is there; several are reported. Null when there is
  // none (RequireOneOf reports that) or more than one.
  const Reader::Entry* OneOf(
      std::initializer_list<std::string_view> keys) const;
  const Reader::Entry* RequireOneOf(
      std::initializer_list<std::string_view> keys) const;

  // The mapping itself, for faults that concern all of it.
  const Reader& at() const { return at_; }

 private:
  // Whether a missing key is news: what is no mapping is reported as that.
  bool CanMiss() const;
  std::size_t CountOf(std::initializer_list<std::string_view> keys) const;

  Reader at_;
  std::vector<std::string_view> known_;
  std::vector<Reader::Entry> entries_;
};

template <typename T>
std::optional<T> Reader::Choice(
    std::string_view what,
    std::initializer_list<std::pair<std::string_view, T>> words) const {
  const std::optional<std::string> text = Text();
  if (!text) return std::nullopt;
  std::vector<std::string_view> known;
  for (const auto& [word, value] : words) {
    if (*text == word) return value;
    known.push_back(word);
  }
  AddUnknown(what, *text, known);
  return std::nullopt;
}

}  // namespace tocsin::config
