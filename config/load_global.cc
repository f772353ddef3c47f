#include <chrono>
#include <utility>

#include "base/zone.h"
#include "config/not_yet.h"
#include "config/sections.h"

// What concerns all: the house itself, and where it keeps its truth.
namespace tocsin::config {
namespace {

// Shorter, and a group could be gone before somebody asks for it.
constexpr Duration kMinRetention = std::chrono::days(1);
constexpr Duration kMaxFoldWithin = std::chrono::minutes(5);

void ReadExternalUrl(const Reader& url, Config& config) {
  config.external_url = ReadUrl(url).value_or("");
  while (!config.external_url.empty() && config.external_url.back() == '/') {
    config.external_url.pop_back();
  }
}

void ReadRetention(const Reader& at, Config& config) {
  const std::optional<Duration> length = at.Length();
  if (!length) return;
  if (*length < kMinRetention) {
    at.AddFault("is too short: 1d is the least");
    return;
  }
  config.retention = *length;
  WarnNotYet(at, "retention");
}

void ReadFoldWithin(const Reader& at, Config& config) {
  const std::optional<Duration> length = at.AnyLength();
  if (!length) return;
  if (*length > kMaxFoldWithin) {
    at.AddFault("is too long: a page would wait for it, 5m is the most");
    return;
  }
  config.fold_within = *length;
}

void ReadLastResort(const Reader& at, const NameIndex& names, Config& config) {
  const Fields fields = at.Keys({"team", "importance"});
  paging::LastResort last_resort;
  if (const Reader* team = fields.Require("team")) {
    last_resort.team = names.teams.Resolve(*team).value_or("");
  }
  if (const Reader* importance = fields.Find("importance")) {
    last_resort.importance =
        ReadImportance(*importance).value_or(last_resort.importance);
  }
  config.roster.last_resort = std::move(last_resort);
}

}  // namespace

std::optional<paging::Importance> ReadImportance(const Reader& at) {
  return at.Choice<paging::Importance>(
      "importance", {{"default", paging::Importance::kDefault},
                     {"important", paging::Importance::kImportant}});
}

std::optional<std::string> ReadZone(const Reader& at) {
  const std::optional<std::string> name = at.Text();
  if (!name) return std::nullopt;
  if (!Zone::Find(*name).ok()) {
    at.AddFault("no time zone is named " + Quoted(*name) +
                ": write it as in \"Europe/Zurich\" or \"UTC\"");
    return std::nullopt;
  }
  return name;
}

void LoadGlobal(const Reader* section, const NameIndex& names, Config& config) {
  if (section == nullptr) return;
  const Fields fields = section->Keys(
      {"external_url", "time_zone", "retention", "fold_within", "last_resort"});
  if (const Reader* url = fields.Find("external_url")) {
    ReadExternalUrl(*url, config);
  }
  if (const Reader* zone = fields.Find("time_zone")) {
    config.time_zone = ReadZone(*zone).value_or(config.time_zone);
  }
  if (const Reader* retention = fields.Find("retention")) {
    ReadRetention(*retention, config);
  }
  if (const Reader* fold_within = fields.Find("fold_within")) {
    ReadFoldWithin(*fold_within, config);
  }
  if (const Reader* last_resort = fields.Find("last_resort")) {
    ReadLastResort(*last_resort, names, config);
  }
}

void LoadStorage(const Reader* section, Config& config) {
  if (section == nullptr) return;
  const Fields fields = section->Keys({"sqlite"});
  const Reader* const sqlite = fields.Require("sqlite");
  if (sqlite == nullptr) return;
  const Fields keys = sqlite->Keys({"path"});
  if (const Reader* path = keys.Require("path")) {
    config.storage_path = ReadPath(*path).value_or(config.storage_path);
  }
}

}  // namespace tocsin::config
