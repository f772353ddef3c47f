#include <utility>

#include "config/not_yet.h"
#include "config/sections.h"

namespace tocsin::config {
namespace {

using paging::WayOut;

// One of the two ways out of a team's direct paging integration.
std::optional<WayOut> ReadWayOut(const Reader* section, const NameIndex& names,
                                 const Config& config) {
  if (section == nullptr) return std::nullopt;
  const Fields fields = section->Keys({"escalation_chain", "chat_channels"});
  const Reader* const chain = fields.Find("escalation_chain");
  const Reader* const channels = fields.Find("chat_channels");
  WayOut way;
  if (chain != nullptr) way.chain = names.chains.Resolve(*chain);
  if (channels != nullptr) {
    way.chat_channels = ReadChatChannels(*channels, config);
    WarnNotYet(*channels, "chat_channels");
    if (channels->IsEmptyList()) channels->AddFault("names no chat channels");
  }
  if (chain == nullptr && channels == nullptr) {
    section->AddFault("one of escalation_chain, chat_channels must be given");
  } else if (chain == nullptr) {
    section->AddWarning("has no escalation chain: it posts, but wakes nobody");
  }
  return way;
}

void ReadDirectPaging(const Reader& section, const NameIndex& names,
                      const Config& config, paging::Team& team,
                      TeamFacts& facts) {
  const Fields fields = section.Keys({"default", "important", "stop_on"});
  team.standard = ReadWayOut(fields.Find("default"), names, config);
  team.important = ReadWayOut(fields.Find("important"), names, config);
  if (const Reader* stop_on = fields.Find("stop_on")) {
    facts.any_acknowledge_stops =
        stop_on
            ->Choice<bool>("answer to stop_on",
                           {{"own_answer", false}, {"any_acknowledge", true}})
            .value_or(false);
    WarnNotYet(*stop_on, "stop_on");
  }
}

void ReadAcknowledge(const Reader& section, TeamFacts& facts) {
  const Fields fields = section.Keys({"remind_every", "timeout"});
  if (const Reader* remind = fields.Find("remind_every")) {
    facts.remind_every = remind->Length();
  }
  if (const Reader* timeout = fields.Find("timeout")) {
    facts.acknowledge_timeout = timeout->Length();
  }
  WarnNotYet(section, "acknowledge");
}

void ReadTeam(const Reader::Entry& entry, const NameIndex& names,
              Config& config) {
  const Fields fields = entry.value.Keys(
      {"aliases", "members", "contact", "direct_paging", "acknowledge"});
  TeamFacts& facts = config.teams[entry.name];
  paging::Team& team = config.roster.teams[entry.name];
  team.name = entry.name;
  if (const Reader* members = fields.Find("members")) {
    for (Reader::Entry& member : names.users.ResolveList(*members)) {
      team.members.push_back(std::move(member.name));
    }
  }
  if (const Reader* contact = fields.Find("contact")) {
    facts.contact = contact->Text().value_or("");
  }
  if (const Reader* direct_paging = fields.Find("direct_paging")) {
    ReadDirectPaging(*direct_paging, names, config, team, facts);
  }
  if (const Reader* acknowledge = fields.Find("acknowledge")) {
    ReadAcknowledge(*acknowledge, facts);
  }
}

}  // namespace

void LoadTeams(const std::vector<Reader::Entry>& teams, const NameIndex& names,
               Config& config) {
  for (const Reader::Entry& entry : teams) ReadTeam(entry, names, config);
  config.roster.team_aliases = names.teams.aliases();
}

}  // namespace tocsin::config
