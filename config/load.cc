#include "config/load.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "config/document.h"
#include "config/reader.h"
#include "config/sections.h"
#include "routing/fnv.h"
#include "routing/labels.h"

namespace tocsin::config {
namespace {

constexpr const char* kDefaultStoragePath = "tocsin.db";

void LoadSections(const Reader& root, Config& config) {
  const Fields sections =
      root.Keys({"global", "storage", "providers", "sources",
                 "default_notification_policies", "users", "escalation_chains",
                 "teams", "route", "tokens"});
  LoadGlobal(sections.Find("global"), config);
  LoadStorage(sections.Find("storage"), config);
  LoadProviders(sections.Find("providers"), config);
  LoadUsers(sections.Find("users"),
            sections.Find("default_notification_policies"), config);
  LoadChains(sections.Find("escalation_chains"), config);
  LoadTeams(sections.Find("teams"), config);
  LoadRoute(sections.Require("route"), config);
  LoadSources(sections.Find("sources"), config);
  LoadTokens(sections.Find("tokens"), config);
}

LoadResult Refuse(const std::string& path, std::string message) {
  LoadResult result;
  result.faults.push_back({path, 0, 0, "", std::move(message)});
  return result;
}

}  // namespace

void LoadGlobal(const Reader* section, Config& config) {
  if (section == nullptr) return;
  const Fields fields = section->Keys({"external_url"});
  const Reader* const url = fields.Find("external_url");
  if (url == nullptr) return;
  config.external_url = ReadUrl(*url).value_or("");
  while (!config.external_url.empty() && config.external_url.back() == '/') {
    config.external_url.pop_back();
  }
}

void LoadStorage(const Reader* section, Config& config) {
  if (section == nullptr) return;
  const Fields fields = section->Keys({"sqlite"});
  const Reader* const sqlite = fields.Require("sqlite");
  if (sqlite == nullptr) return;
  const Fields keys = sqlite->Keys({"path"});
  const Reader* const path = keys.Require("path");
  if (path == nullptr) return;
  if (const std::optional<std::string> text = path->Text()) {
    config.storage_path = ResolvePath(path->report(), *text);
  }
}

LoadResult LoadText(const std::string& path, std::string_view text) {
  if (text.size() > kMaxFileBytes) {
    return Refuse(path, "the file is larger than " +
                            std::to_string(kMaxFileBytes) + " bytes");
  }
  Report report(path);
  Config config;
  config.hash = routing::FingerprintText(routing::Fnv1a(text));
  config.storage_path = ResolvePath(report, kDefaultStoragePath);
  if (const NodePtr document = ParseDocument(text, report)) {
    LoadSections(Reader(*document, "", report), config);
  }
  LoadResult result;
  result.faults = report.SortedFaults();
  result.warnings = report.SortedWarnings();
  if (report.clean()) result.config = std::move(config);
  return result;
}

LoadResult Load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return Refuse(path, std::string("cannot be read: ") + std::strerror(errno));
  }
  std::string text;
  char block[64 << 10];
  while (text.size() <= kMaxFileBytes &&
         (file.read(block, sizeof block), file.gcount() > 0)) {
    text.append(block, static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) {
    return Refuse(path, std::string("cannot be read: ") + std::strerror(errno));
  }
  return LoadText(path, text);
}

}  // namespace tocsin::config
