#include <utility>

#include "config/sections.h"

namespace tocsin::config {
namespace {

std::optional<std::string> ReadWayOut(const Reader* section,
                                      const Config& config) {
  if (section == nullptr) return std::nullopt;
  const Fields fields = section->Keys({"escalation_chain"});
  const Reader* const chain = fields.Require("escalation_chain");
  if (chain == nullptr) return std::nullopt;
  std::optional<std::string> name = chain->Text();
  if (name) CheckReference(*chain, "chain", *name, config.roster.chains);
  return name;
}

}  // namespace

void LoadTeams(const Reader* section, Config& config) {
  if (section == nullptr) return;
  for (const Reader::Entry& entry : section->Entries()) {
    const Fields fields =
        entry.value.Keys({"members", "contact", "direct_paging"});
    TeamFacts& facts = config.teams[entry.name];
    paging::Team& team = config.roster.teams[entry.name];
    team.name = entry.name;
    if (const Reader* members = fields.Find("members")) {
      facts.members = ReadReferences(*members, "user", config.roster.users);
    }
    if (const Reader* contact = fields.Find("contact")) {
      facts.contact = contact->Text().value_or("");
    }
    if (const Reader* direct_paging = fields.Find("direct_paging")) {
      const Fields ways = direct_paging->Keys({"default", "important"});
      team.default_chain = ReadWayOut(ways.Find("default"), config);
      team.important_chain = ReadWayOut(ways.Find("important"), config);
    }
  }
}

}  // namespace tocsin::config
