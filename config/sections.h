#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/names.h"
#include "config/reader.h"
#include "config/receivers.h"
#include "config/secrets.h"
#include "config/suggest.h"

// The sections of the file, one function each; private to config/. Each adds
// what it reads to the configuration, also entries that have faults. Call them
// in the order given here: later ones look at what earlier ones read. A null
// section is absent; sections that may be spread over several files are given
// by their entries. What others refer to by name stands in `names`.
namespace tocsin::config {

class Doors;

void LoadGlobal(const Reader* section, const NameIndex& names, Config& config);
void LoadStorage(const Reader* section, Config& config);
void LoadProviders(const Reader* section, Secrets secrets, Config& config);
void LoadChatChannels(const Reader* section, Config& config);
void LoadUsers(const std::vector<Reader::Entry>& users,
               const Reader* default_policies, const NameIndex& names,
               Config& config);
void LoadSchedules(const std::vector<Reader::Entry>& schedules,
                   const NameIndex& names, Config& config);
void LoadChains(const std::vector<Reader::Entry>& chains,
                const NameIndex& names, Config& config);
void LoadTeams(const std::vector<Reader::Entry>& teams, const NameIndex& names,
               Config& config);
// After chains and teams: who escalates to whom, round and round.
void CheckEscalationCycles(const std::vector<Reader::Entry>& chains,
                           const Config& config);
// Of chains through which nobody can be notified. Not when there are faults:
// what a step with a fault would do is not known.
void WarnOfQuietChains(const std::vector<Reader::Entry>& chains,
                       const Config& config);
void LoadIntervals(const Reader* section, Config& config);
// Their name in older trees of Alertmanager, which is refused.
void RefuseMuteTimeIntervals(const Reader* section);
Receivers LoadReceivers(const Reader* section, const NameIndex& names,
                        const Config& config);
void LoadRoute(const Reader* section, const Receivers& receivers,
               const NameIndex& names, Config& config);
void LoadSources(const Reader* section, const NameIndex& names, Secrets secrets,
                 Doors& doors, Config& config);
void LoadTokens(const Reader* section, const NameIndex& names, Secrets secrets,
                Doors& doors, Config& config);

// "http://..." or "https://..." with a host, and no template in it.
std::optional<std::string> ReadUrl(const Reader& url);
// The same, but behind the host it may have kAddressTemplate.
std::optional<std::string> ReadUrlWithAddress(const Reader& url);

std::optional<Role> ReadRole(const Reader& at);

std::optional<paging::Importance> ReadImportance(const Reader& at);

// The name of a time zone that the system knows.
std::optional<std::string> ReadZone(const Reader& at);

// A list of names of chat channels.
std::vector<std::string> ReadChatChannels(const Reader& list,
                                          const Config& config);

}  // namespace tocsin::config
