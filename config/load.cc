#include "config/load.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "config/document.h"
#include "config/doors.h"
#include "config/include.h"
#include "config/read_file.h"
#include "config/reader.h"
#include "config/sections.h"
#include "routing/fnv.h"
#include "routing/labels.h"

namespace tocsin::config {
namespace {

constexpr const char* kDefaultStoragePath = "tocsin.db";

// What an included file may have, too.
const std::vector<std::string_view> kShared = {"users", "schedules",
                                               "escalation_chains", "teams"};

Fields MainKeys(const Reader& root) {
  return root.Keys({"global", "storage", "include", "providers",
                    "chat_channels", "sources", "default_notification_policies",
                    "users", "schedules", "time_intervals",
                    "mute_time_intervals", "escalation_chains", "teams",
                    "receivers", "route", "tokens"});
}

// The sections of the main file, and those of all files where they are spread
// over several.
class Sections {
 public:
  explicit Sections(const Reader& main) : main_(MainKeys(main)) {
    for (const std::string_view key : kShared) {
      if (const Reader* part = main_.Find(key)) parts_[key].push_back(*part);
    }
  }

  // Takes the sections of an included file; all others are reported.
  void Include(const Reader& root) {
    for (Reader::Entry& entry : root.Entries()) {
      const auto shared = std::find(kShared.begin(), kShared.end(), entry.name);
      if (shared != kShared.end()) {
        parts_[*shared].push_back(std::move(entry.value));
      } else if (main_.Knows(entry.name)) {
        entry.key.AddFault("the key " + Quoted(entry.name) +
                           " belongs into the main file");
      } else {
        entry.key.AddUnknown("key", entry.name, kShared);
      }
    }
  }

  // The main file's.
  const Reader* Find(std::string_view key) const { return main_.Find(key); }
  const Reader* Require(std::string_view key) const {
    return main_.Require(key);
  }

  // The entries of all files. Reports a name that two of them have.
  std::vector<Reader::Entry> Merge(std::string_view key) const;

 private:
  Fields main_;
  std::unordered_map<std::string_view, std::vector<Reader>> parts_;
};

std::vector<Reader::Entry> Sections::Merge(std::string_view key) const {
  std::vector<Reader::Entry> merged;
  const auto parts = parts_.find(key);
  if (parts == parts_.end()) return merged;
  std::unordered_map<std::string, std::string> places;
  for (const Reader& part : parts->second) {
    for (Reader::Entry& entry : part.Entries()) {
      const auto [first, added] = places.emplace(entry.name, entry.key.Place());
      if (added) {
        merged.push_back(std::move(entry));
      } else {
        entry.key.AddFault("the name " + Quoted(entry.name) +
                           " is given in two files, first in " + first->second);
      }
    }
  }
  return merged;
}

void LoadSections(const Sections& sections, NameIndex names, Secrets secrets,
                  Config& config) {
  const std::vector<Reader::Entry> users = sections.Merge("users");
  const std::vector<Reader::Entry> schedules = sections.Merge("schedules");
  const std::vector<Reader::Entry> chains = sections.Merge("escalation_chains");
  const std::vector<Reader::Entry> teams = sections.Merge("teams");
  names.users.Collect(users);
  names.schedules.Collect(schedules);
  names.chains.Collect(chains);
  names.teams.Collect(teams);
  LoadGlobal(sections.Find("global"), names, config);
  LoadStorage(sections.Find("storage"), config);
  LoadProviders(sections.Find("providers"), secrets, config);
  for (const Provider& provider : config.providers) {
    names.providers.emplace(provider.name, provider.kind);
  }
  LoadChatChannels(sections.Find("chat_channels"), config);
  LoadUsers(users, sections.Find("default_notification_policies"), names,
            config);
  LoadSchedules(schedules, names, config);
  LoadChains(chains, names, config);
  LoadTeams(teams, names, config);
  CheckEscalationCycles(chains, config);
  WarnOfQuietChains(chains, config);
  LoadIntervals(sections.Find("time_intervals"), config);
  RefuseMuteTimeIntervals(sections.Find("mute_time_intervals"));
  const Receivers receivers =
      LoadReceivers(sections.Find("receivers"), names, config);
  LoadRoute(sections.Require("route"), receivers, names, config);
  Doors doors;
  LoadSources(sections.Find("sources"), names, secrets, doors, config);
  LoadTokens(sections.Find("tokens"), names, secrets, doors, config);
}

// Returns the documents of the included files, null for those with faults.
std::vector<NodePtr> LoadDocument(const Reader& root, std::string_view text,
                                  Secrets secrets, Config& config) {
  Sections sections(root);
  NameIndex names;
  Included included;
  if (const Reader* patterns = sections.Find("include")) {
    included = ReadIncluded(*patterns, text);
    config.hash = routing::FingerprintText(included.hash);
    if (!included.complete) names.SetIncomplete();
  }
  std::vector<NodePtr> documents;
  for (IncludedFile& file : included.files) {
    config.files.push_back(file.report.file());
    documents.push_back(file.document);
    if (file.document) {
      sections.Include(Reader(*file.document, "", file.report));
    } else {
      names.SetIncomplete();
    }
  }
  LoadSections(sections, std::move(names), secrets, config);
  return documents;
}

LoadResult Refuse(const std::string& path, std::string message) {
  LoadResult result;
  result.faults.push_back({path, 0, 0, "", std::move(message)});
  return result;
}

}  // namespace

LoadResult LoadText(const std::string& path, std::string_view text,
                    const LoadOptions& options) {
  if (text.size() > kMaxFileBytes) {
    return Refuse(path, "the file is larger than " +
                            std::to_string(kMaxFileBytes) + " bytes");
  }
  Report report(path);
  Config config;
  config.files.push_back(path);
  config.hash = routing::FingerprintText(routing::Fnv1a(text));
  config.storage_path = ResolvePath(report, kDefaultStoragePath);
  std::vector<NodePtr> documents;
  if (const NodePtr document = ParseDocument(text, report)) {
    documents = LoadDocument(Reader(*document, "", report), text,
                             options.secrets, config);
    documents.insert(documents.begin(), document);
  }
  LoadResult result;
  if (options.keep_documents) result.documents = std::move(documents);
  result.faults = report.SortedFaults();
  result.warnings = report.SortedWarnings();
  if (report.clean()) result.config = std::move(config);
  return result;
}

LoadResult Load(const std::string& path, const LoadOptions& options) {
  const Result<std::string> text = options.wait_for_pipes
                                       ? ReadAnyFile(path, kMaxFileBytes)
                                       : ReadRegularFile(path, kMaxFileBytes);
  if (!text.ok()) {
    return Refuse(path, "cannot be read: " + text.error().message);
  }
  return LoadText(path, text.value(), options);
}

}  // namespace tocsin::config
