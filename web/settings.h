#pragma once

#include <functional>
#include <map>
#include <string>

#include "base/current.h"
#include "web/auth.h"

namespace tocsin::web {

// What the web side takes from the running configuration. Built by daemon/;
// each request goes by the one that runs when it asks. Immutable.
struct Settings {
  Credentials credentials{{}, {}};
  // What people reach us by, for links; without a slash at the end.
  std::string external_url{};
  // Another name of a team -> the name it has now.
  std::map<std::string, std::string, std::less<>> team_aliases{};
};

using CurrentSettings = Current<Settings>;

}  // namespace tocsin::web
