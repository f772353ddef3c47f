#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/inbox.h"
#include "engine/settings.h"
#include "paging/alert_group.h"
#include "routing/route.h"

// What turn.cc and assign.cc share; private to them.
namespace tocsin::engine {

// Keys of the turn's own look-ups.
std::string Key(const paging::GroupIdentity& identity);
std::string Key(const std::string& source, std::uint64_t fingerprint);

// Where the tree sends an alert of this webhook. `receiver` is unquoted.
std::vector<const routing::Route*> RoutesOf(const Settings& settings,
                                            const WebhookPosted& post,
                                            const std::string& receiver,
                                            const routing::Alert& alert);

paging::GroupIdentity IdentityOf(const WebhookPosted& post,
                                 const std::string& receiver,
                                 const routing::Alert& alert,
                                 const routing::Route& route);

}  // namespace tocsin::engine
