#pragma once

#include <boost/test/unit_test.hpp>
#include <sstream>
#include <string>
#include <utility>

#include "config/load.h"
#include "said.h"

namespace tocsin::config {

// The teams: web pages people, chat posts only, none has no way out, loud
// pages people for important alerts only. The rest begins in line 13.
inline const std::string kTeams = R"(providers: {console: }
chat_channels: {ops: {provider: console, address: ops}, dev: {provider: console, address: dev}}
default_notification_policies: {default: [{notify: console}]}
users: {ada: {contact_methods: {console: }}, mute: }
escalation_chains:
  page: {aliases: [P1], steps: [{notify_users: [ada]}]}
  post: [{notify_chat: [ops]}]
teams:
  web: {aliases: [W1], direct_paging: {default: {escalation_chain: page}}}
  chat: {direct_paging: {default: {chat_channels: [ops]}}}
  none:
  loud: {direct_paging: {important: {escalation_chain: page}}}
)";

// What is said of those lines, but of what this version does not do yet.
inline std::string SaidOf(const std::string& rest) {
  std::istringstream lines(WithoutNotYet(Said(kTeams + rest)));
  std::string said;
  for (std::string line; std::getline(lines, line);) {
    if (line.find(": teams.chat") == std::string::npos) said += line + "\n";
  }
  return said;
}

inline Config Loaded(const std::string& rest) {
  LoadResult result = LoadText("tocsin.yml", kTeams + rest);
  for (const Fault& fault : result.faults) BOOST_ERROR(FaultText(fault));
  BOOST_REQUIRE(result.config.has_value());
  return *std::move(result.config);
}

}  // namespace tocsin::config
