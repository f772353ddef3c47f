#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/config.h"
#include "config/names.h"
#include "config/reader.h"

// Who takes the alerts of a route, as the route says it or as the receiver does
// that it names. Private to config/.
namespace tocsin::config {

struct Receiver {
  std::optional<std::string> team;
  std::optional<bool> important;
  std::optional<std::string> escalation_chain;  // "none": chat only
  std::optional<std::vector<std::string>> chat_channels;
  bool discard = false;
};

// By name. One without a team discards.
using Receivers = std::map<std::string, Receiver, std::less<>>;

// Reads the keys team, important, escalation_chain and chat_channels, all of
// which must be among those of `fields`. Names that are nowhere are reported
// and left out.
Receiver ReadTaker(const Fields& fields, const NameIndex& names,
                   const Config& config);

}  // namespace tocsin::config
