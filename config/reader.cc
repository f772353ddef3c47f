#include "config/reader.h"

#include <algorithm>
#include <charconv>
#include <unordered_map>
#include <unordered_set>

#include "base/check.h"
#include "config/suggest.h"

namespace tocsin::config {
namespace {

using std::chrono::seconds;

std::string_view KindName(const YamlNode& node) {
  switch (node.kind) {
    case NodeKind::kNull:
      return "empty";
    case NodeKind::kScalar:
      return "a single value";
    case NodeKind::kList:
      return "a list";
    case NodeKind::kMap:
      return "a mapping";
  }
  return "unknown";
}

bool IsControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool IsPathText(std::string_view key) {
  return !key.empty() && key.size() <= 100 &&
         std::none_of(key.begin(), key.end(), [](char c) {
           return IsControl(c) || c == ' ' || c == '.' || c == '"' || c == ':';
         });
}

std::string Joined(const std::vector<std::string_view>& words,
                   std::string_view separator) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += separator;
    text += word;
  }
  return text;
}

}  // namespace

bool Reader::Is(NodeKind kind, std::string_view expected) const {
  if (node_->kind == kind) return true;
  AddFault("must be " + std::string(expected) + ", but is " +
           std::string(KindName(*node_)));
  return false;
}

Reader Reader::Child(const YamlNode& node, std::string path) const {
  return Reader(node, std::move(path), *report_);
}

std::string Reader::PathOf(std::string_view key) const {
  const std::string shown = IsPathText(key) ? std::string(key) : Quoted(key);
  return path_.empty() ? shown : path_ + "." + shown;
}

std::optional<std::string> Reader::Text() const {
  std::optional<std::string> text = TextOrEmpty();
  if (text && text->empty()) {
    AddFault("must not be empty");
    return std::nullopt;
  }
  return text;
}

std::optional<std::string> Reader::TextOrEmpty() const {
  if (!Is(NodeKind::kScalar, "text")) return std::nullopt;
  if (std::any_of(node_->text.begin(), node_->text.end(), IsControl)) {
    AddFault("must be one line of text without control characters");
    return std::nullopt;
  }
  return node_->text;
}

std::optional<std::string> Reader::Block() const {
  if (!Is(NodeKind::kScalar, "text")) return std::nullopt;
  return node_->text;
}

std::optional<bool> Reader::Flag() const {
  if (node_->kind == NodeKind::kScalar && node_->plain) {
    if (node_->text == "true") return true;
    if (node_->text == "false") return false;
  }
  AddFault("must be true or false");
  return std::nullopt;
}

std::optional<std::uint32_t> Reader::Count() const {
  std::uint32_t count = 0;
  const char* const end = node_->text.data() + node_->text.size();
  const auto [stop, error] = std::from_chars(node_->text.data(), end, count);
  if (node_->kind == NodeKind::kScalar && node_->plain && stop == end &&
      error == std::errc() && count > 0) {
    return count;
  }
  AddFault("must be a whole number from 1");
  return std::nullopt;
}

std::optional<Duration> Reader::AnyLength() const {
  const std::optional<std::string> text = Text();
  if (!text) return std::nullopt;
  const Result<Duration> length = ParseDuration(*text);
  if (!length.ok() && length.error().code == Code::kExhausted) {
    AddFault("is too long: less than 292y is allowed");
    return std::nullopt;
  }
  if (!length.ok()) {
    AddFault(Quoted(*text) +
             " is not a duration: write whole numbers with units, largest "
             "first, as in 1h30m or 90s");
    return std::nullopt;
  }
  return length.value();
}

std::optional<Duration> Reader::Length() const {
  const std::optional<Duration> length = AnyLength();
  if (length && *length < seconds(1)) {
    AddFault("is too short: 1s is the least");
    return std::nullopt;
  }
  return length;
}

std::vector<Reader> Reader::Items() const {
  std::vector<Reader> items;
  if (node_->kind == NodeKind::kNull || !Is(NodeKind::kList, "a list")) {
    return items;
  }
  for (std::size_t i = 0; i < node_->items.size(); ++i) {
    items.push_back(
        Child(*node_->items[i], path_ + "[" + std::to_string(i) + "]"));
  }
  return items;
}

std::vector<Reader::Entry> Reader::Texts() const {
  std::vector<Entry> texts;
  std::unordered_set<std::string> seen;
  for (const Reader& item : Items()) {
    const std::optional<std::string> text = item.Text();
    if (!text) continue;
    if (seen.insert(*text).second) {
      texts.push_back({*text, item, item});
    } else {
      item.AddFault(Quoted(*text) + " is in the list twice");
    }
  }
  return texts;
}

std::vector<Reader::Entry> Reader::Entries() const {
  std::vector<Entry> entries;
  if (node_->kind == NodeKind::kNull || !Is(NodeKind::kMap, "a mapping")) {
    return entries;
  }
  std::unordered_map<std::string_view, int> lines;
  for (const YamlNode::Entry& entry : node_->entries) {
    const std::string& name = entry.key->text;
    const Reader key = Child(*entry.key, PathOf(name));
    if (!key.Text()) continue;
    const auto [first, added] = lines.emplace(name, entry.key->line);
    if (!added) {
      key.AddFault("the key is given twice, first in line " +
                   std::to_string(first->second));
      continue;
    }
    entries.push_back({name, key, Child(*entry.value, PathOf(name))});
  }
  return entries;
}

bool Reader::IsEmptyList() const {
  return node_->kind == NodeKind::kNull ||
         (node_->kind == NodeKind::kList && node_->items.empty());
}

std::optional<Reader> Reader::Peek(std::string_view key) const {
  for (const YamlNode::Entry& entry : node_->entries) {
    if (entry.key->text == key) return Child(*entry.value, PathOf(key));
  }
  return std::nullopt;
}

Fields Reader::Keys(std::initializer_list<std::string_view> known) const {
  return Fields(*this, known);
}

void Reader::AddFault(std::string message) const {
  report_->AddFault(node_->line, node_->column, path_, std::move(message));
}

void Reader::AddWarning(std::string message) const {
  report_->AddWarning(node_->line, node_->column, path_, std::move(message));
}

void Reader::AddWarningOnce(std::string message) const {
  report_->AddWarningOnce(node_->line, node_->column, path_,
                          std::move(message));
}

std::string Reader::Place() const {
  return report_->file() + ":" + std::to_string(node_->line);
}

void Reader::AddUnknown(std::string_view what, std::string_view written,
                        const std::vector<std::string_view>& known) const {
  const std::string guess = DidYouMean(written, known);
  const bool vowel =
      std::string_view("aeiou").find(what.front()) != std::string_view::npos;
  AddFault(Quoted(written) + " is not " + (vowel ? "an " : "a ") +
           std::string(what) + " this version knows" +
           (guess.empty() ? " (" + Joined(known, ", ") + ")" : guess));
}

Fields::Fields(Reader at, std::initializer_list<std::string_view> known)
    : at_(std::move(at)), known_(known) {
  for (Reader::Entry& entry : at_.Entries()) {
    if (std::find(known_.begin(), known_.end(), entry.name) != known_.end()) {
      entries_.push_back(std::move(entry));
    } else if (entry.name == "<<") {
      entry.key.AddFault("merge keys are not used in this file");
    } else {
      entry.key.AddUnknown("key", entry.name, known_);
    }
  }
}

bool Fields::Knows(std::string_view key) const {
  return std::find(known_.begin(), known_.end(), key) != known_.end();
}

const Reader* Fields::Find(std::string_view key) const {
  TOCSIN_CHECK(Knows(key));
  for (const Reader::Entry& entry : entries_) {
    if (entry.name == key) return &entry.value;
  }
  return nullptr;
}

bool Fields::CanMiss() const { return !at_.IsScalar() && !at_.IsList(); }

const Reader* Fields::Require(std::string_view key) const {
  const Reader* const found = Find(key);
  if (found == nullptr && CanMiss()) {
    at_.AddFault("the key " + Quoted(key) + " is missing");
  }
  return found;
}

std::size_t Fields::CountOf(
    std::initializer_list<std::string_view> keys) const {
  std::size_t count = 0;
  for (const std::string_view key : keys) count += Find(key) ? 1 : 0;
  return count;
}

const Reader::Entry* Fields::OneOf(
    std::initializer_list<std::string_view> keys) const {
  const std::size_t count = CountOf(keys);
  if (count > 1) {
    at_.AddFault("only one of " + Joined(keys, ", ") + " may be given");
  }
  if (count != 1) return nullptr;
  for (const Reader::Entry& entry : entries_) {
    if (std::find(keys.begin(), keys.end(), entry.name) != keys.end()) {
      return &entry;
    }
  }
  return nullptr;
}

const Reader::Entry* Fields::RequireOneOf(
    std::initializer_list<std::string_view> keys) const {
  if (CountOf(keys) == 0 && CanMiss()) {
    at_.AddFault("one of " + Joined(keys, ", ") + " must be given");
  }
  return OneOf(keys);
}

}  // namespace tocsin::config
