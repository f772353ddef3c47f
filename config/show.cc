#include "config/show.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "config/emit.h"

namespace tocsin::config {
namespace {

namespace fs = std::filesystem;

// The keys from the root to a node; items of a list are kItem.
using Path = std::vector<std::string_view>;

constexpr std::string_view kAny = "*";
constexpr std::string_view kItem = "[]";
constexpr std::string_view kInclude = "include";

enum class Hide {
  kAll,
  kBehindHost,  // a URL's path and log-in
  kLogIn,       // of a URL; the rest is known to all
};

struct Place {
  Hide hide;
  std::string_view path;
};

// All the places of the file where a secret may stand.
constexpr std::array<Place, 12> kSecretPlaces = {{
    {Hide::kLogIn, "global.external_url"},
    {Hide::kBehindHost, "providers.*.url"},
    {Hide::kAll, "providers.*.bearer_token"},
    {Hide::kAll, "providers.*.headers.*"},
    {Hide::kAll, "providers.*.password"},
    {Hide::kAll, "providers.*.bot_token"},
    {Hide::kAll, "providers.*.signing_secret"},
    {Hide::kBehindHost, "providers.*.api_url"},
    {Hide::kAll, "sources.*.tokens.*"},
    {Hide::kBehindHost, "schedules.*.ical.url"},
    {Hide::kAll, "tokens.*.token"},
    {Hide::kAll, "tokens.*.token_sha256"},
}};

// Relative paths in included files count from their own folder.
constexpr std::string_view kFilePath = "schedules.*.ical.file";

// Whether `pattern`, keys with dots between, leads there; * is any one key.
bool Leads(std::string_view pattern, const Path& path) {
  for (std::size_t i = 0; i < path.size(); ++i) {
    const std::size_t dot = pattern.find('.');
    const std::string_view key = pattern.substr(0, dot);
    if (key != kAny && key != path[i]) return false;
    if (dot == std::string_view::npos) return i + 1 == path.size();
    pattern.remove_prefix(dot + 1);
  }
  return false;
}

std::optional<Hide> HideAt(const Path& path) {
  for (const Place& place : kSecretPlaces) {
    if (Leads(place.path, path)) return place.hide;
  }
  return std::nullopt;
}

std::string ShownUrl(const std::string& url, Hide hide) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return kShownSecret;
  const std::size_t begin = scheme + 3;
  const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  const std::string_view authority(url.data() + begin, end - begin);
  // A log-in with a slash in it, or an @ of the path: nobody can tell.
  const bool has_late_at = url.find('@', end) != std::string::npos;
  if (has_late_at && authority.find(':') != std::string_view::npos) {
    return url.substr(0, begin) + kShownSecret;
  }
  const std::size_t at = authority.rfind('@');
  const bool has_log_in = at != std::string_view::npos;
  std::string shown = url.substr(0, begin);
  shown += has_log_in ? authority.substr(at + 1) : authority;
  if (hide == Hide::kLogIn) return shown + url.substr(end);
  const bool is_whole = !has_log_in && end + 1 >= url.size();
  return is_whole ? shown : shown + "/" + kShownSecret;
}

// One file on its way into the text.
struct Source {
  fs::path folder;       // of the file
  fs::path main_folder;  // of the main file
};

std::string ShownPath(const fs::path& path, const Source& source) {
  if (path.is_absolute()) return path.string();
  const fs::path resolved = (source.folder / path).lexically_normal();
  if (source.main_folder.empty() ||
      resolved.is_absolute() != source.main_folder.is_absolute()) {
    return resolved.string();
  }
  return resolved.lexically_relative(source.main_folder).string();
}

NodePtr WithText(const YamlNode& node, std::string text) {
  auto copy = std::make_shared<YamlNode>(node);
  copy->text = std::move(text);
  copy->kind = NodeKind::kScalar;
  copy->plain = false;
  return copy;
}

// The node as it is shown. No deeper than the document itself.
NodePtr Shown(const NodePtr& node, Path& path, const Source& source) {
  if (const std::optional<Hide> hide = HideAt(path)) {
    return WithText(*node, *hide == Hide::kAll ? kShownSecret
                                               : ShownUrl(node->text, *hide));
  }
  if (node->kind == NodeKind::kScalar && source.folder != source.main_folder &&
      Leads(kFilePath, path)) {
    return WithText(*node, ShownPath(node->text, source));
  }
  if (node->kind != NodeKind::kList && node->kind != NodeKind::kMap) {
    return node;
  }
  auto copy = std::make_shared<YamlNode>(*node);
  for (NodePtr& item : copy->items) {
    path.push_back(kItem);
    item = Shown(item, path, source);
    path.pop_back();
  }
  for (YamlNode::Entry& entry : copy->entries) {
    path.push_back(entry.key->text);
    entry.value = Shown(entry.value, path, source);
    path.pop_back();
  }
  return copy;
}

NodePtr Shown(const NodePtr& root, const fs::path& folder,
              const fs::path& main_folder) {
  Path path;
  return Shown(root, path, {folder, main_folder});
}

YamlNode::Entry* Find(YamlNode& map, std::string_view key) {
  for (YamlNode::Entry& entry : map.entries) {
    if (entry.key->text == key) return &entry;
  }
  return nullptr;
}

// Puts the sections of an included file behind those of the main file.
void Append(const YamlNode& included, YamlNode& main) {
  for (const YamlNode::Entry& section : included.entries) {
    YamlNode::Entry* const own = Find(main, section.key->text);
    if (own == nullptr) {
      main.entries.push_back(section);
    } else if (own->value->kind != NodeKind::kMap) {
      own->value = section.value;
    } else {
      auto merged = std::make_shared<YamlNode>(*own->value);
      merged->entries.insert(merged->entries.end(),
                             section.value->entries.begin(),
                             section.value->entries.end());
      own->value = merged;
    }
  }
}

}  // namespace

std::string Show(const Config& config, const std::vector<NodePtr>& documents) {
  TOCSIN_CHECK(documents.size() == config.files.size());
  const fs::path main_folder = fs::path(config.files.front()).parent_path();
  YamlNode shown;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    const fs::path folder = fs::path(config.files[i]).parent_path();
    const NodePtr part = Shown(documents[i], folder, main_folder);
    if (shown.kind == NodeKind::kMap) {
      Append(*part, shown);
    } else {
      shown = *part;
    }
  }
  std::erase_if(shown.entries, [](const YamlNode::Entry& entry) {
    return entry.key->text == kInclude;
  });
  return EmitDocument(shown);
}

}  // namespace tocsin::config
