#include <cstdio>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/audience.h"
#include "config/load.h"
#include "config/show.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/table.h"
#include "daemon/web_entry.h"

// Commands that look at files and need no daemon. Faults go to stderr.
namespace tocsin::ctl {
namespace {

// Warnings of a text that is shown go to stderr, as the text may be piped.
void PrintFindings(const std::vector<config::Fault>& warnings,
                   const std::vector<config::Fault>& faults,
                   std::FILE* to_warn) {
  for (const config::Fault& warning : warnings) {
    std::fprintf(to_warn, "%s (warning)\n", config::FaultText(warning).c_str());
  }
  for (const config::Fault& fault : faults) {
    std::fprintf(stderr, "%s\n", config::FaultText(fault).c_str());
  }
}

// What becomes of groups that nobody hears of is nobody's fault in the file,
// but should be known before the night.
std::vector<config::Fault> WarningsOfLastResort(const std::string& file,
                                                const config::Config& config) {
  const auto warning = [&file](std::string text) {
    return config::Fault{file, 0, 0, "global.last_resort", std::move(text)};
  };
  const paging::Roster& roster = config.roster;
  if (!roster.last_resort) {
    return {
        warning("is not given: nobody is paged for a group that nobody could "
                "be told of, or that nobody acknowledged")};
  }
  const paging::LastResort& rule = *roster.last_resort;
  const paging::Team* team = roster.FindTeam(rule.team);
  const paging::Chain* chain =
      ChooseChain(roster, rule.team, std::nullopt, rule.importance);
  const config::Audiences audiences(config);
  const bool heard =
      chain != nullptr
          ? audiences.OfChain(chain->name) == config::Audience::kPeople
          : team != nullptr && !team->members.empty();
  if (heard) return {};
  return {warning("pages nobody: team " + rule.team +
                  " has no chain that notifies people, and no members")};
}

Failure Faulty(const std::string& file, std::size_t faults) {
  return {ExitCode::kRefused, file + " has " + Counted(faults, "fault")};
}

}  // namespace

Outcome CheckConfig(const Invocation& invocation) {
  const std::string& file = invocation.arguments.front();
  config::LoadResult loaded = config::Load(
      file, {.secrets = invocation.without_secrets ? config::Secrets::kSkip
                                                   : config::Secrets::kRead,
             .wait_for_pipes = true,
             .keep_documents = invocation.show});
  if (loaded.config) {
    for (config::Fault& more : WarningsOfLastResort(file, *loaded.config)) {
      loaded.warnings.push_back(std::move(more));
    }
  }
  PrintFindings(loaded.warnings, loaded.faults,
                invocation.show ? stderr : stdout);
  if (!loaded.config) return Faulty(file, loaded.faults.size());
  const config::Config& config = *loaded.config;
  if (invocation.show) {
    std::fputs(config::Show(config, loaded.documents).c_str(), stdout);
    return std::nullopt;
  }
  std::printf("%s is good: %s, %s, %s, %s\n", file.c_str(),
              Counted(config.roster.teams.size(), "team").c_str(),
              Counted(config.roster.users.size(), "user").c_str(),
              Counted(config.roster.chains.size(), "chain").c_str(),
              Counted(loaded.warnings.size(), "warning").c_str());
  return std::nullopt;
}

Outcome CheckWebConfig(const Invocation& invocation) {
  const std::string& file = invocation.arguments.front();
  const daemon::WebEntryResult loaded = daemon::LoadWebEntry(file);
  PrintFindings(loaded.warnings, loaded.faults, stdout);
  if (!loaded.entry) return Faulty(file, loaded.faults.size());
  std::printf("%s is good: %s, %s, %s\n", file.c_str(),
              loaded.entry->tls ? "TLS" : "plain HTTP",
              Counted(loaded.entry->rules->users.size(), "user").c_str(),
              Counted(loaded.warnings.size(), "warning").c_str());
  return std::nullopt;
}

}  // namespace tocsin::ctl
