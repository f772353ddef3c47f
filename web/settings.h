#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "base/current.h"
#include "web/auth.h"
#include "web/message.h"
#include "web/tls_context.h"

namespace tocsin::web {

// What the web side takes from the running configuration. Built by daemon/;
// each request goes by the one that runs when it asks. Immutable.
struct Settings {
  Credentials credentials{{}, {}};
  // What people reach us by, for links; without a slash at the end.
  std::string external_url{};
  // Another name of a team -> the name it has now.
  std::map<std::string, std::string, std::less<>> team_aliases{};
  // The teams there are, by the names they have now.
  std::set<std::string, std::less<>> teams{};
};

using CurrentSettings = Current<Settings>;

// One request each `interval`, and `burst` of them at once.
struct Rate {
  std::chrono::milliseconds interval{};
  std::uint32_t burst = 0;
};

// What --web.config.file says of requests. Immutable.
struct EntryRules {
  Headers headers{};  // sent with each answer
  // Name -> bcrypt hash, as crypt(5) has it. Empty: the doors of users are
  // open to everybody.
  std::map<std::string, std::string, std::less<>> users{};
  // Of all requests at the doors of users together; absent: no limit. The
  // doors of tokens have none, as pages come in there.
  std::optional<Rate> rate{};
};

// What a listener goes by, in versions that a reload replaces: each new
// connection takes the TLS of its time, each request the rules. Both outlive
// the listener.
struct Entrance {
  const Current<EntryRules>* rules = nullptr;  // null: none
  const Current<TlsContext>* tls = nullptr;    // null: plain HTTP
};

}  // namespace tocsin::web
