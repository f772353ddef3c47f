#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "config/provider.h"
#include "config/schedule.h"
#include "config/secret.h"
#include "paging/roster.h"
#include "routing/intervals.h"
#include "routing/route.h"

// What the configuration file says, checked and with all defaults filled in:
// every name in it refers to something that is there, and where the file wrote
// an alias, the name stands. Plain data in the words of the folders that use
// it; only daemon/ hands it on. Immutable once loaded, thread-safe.
//
// Small rules of the file that its keys do not show:
// - Relative paths count from the folder of the file that they stand in; the
//   patterns of `include` from the main file's.
// - A secret KEY has a twin KEY_file, at most one of the two; the content of
//   the file is trimmed and must not be empty. `credential:NAME` there is a
//   credential that systemd hands to the service.
// - An empty value ("users:") is an empty mapping or list, never an empty text.
// - A provider without `kind` is of the kind it is named after.
// - A contact method without `provider` uses the provider of its own name, one
//   without `address` has the user's name for address.
// - A user without `role` is a responder; a token without `role` has its
//   user's. A user or schedule without `time_zone` has that of `global`.
// - A user's own policy names only methods the user has. The top-level policies
//   stand in where the user has none; there, a method the user lacks is skipped
//   with a warning, and so are waits before the first method that is left. For
//   important groups: the user's own important policy, else the user's own
//   default one, else the top-level important one, else the top-level default.
//   A user without contact methods needs no policy; one whose methods are kept
//   by the person (`self`) has none here.
// - A team's important way out falls back to its default one.
// - Aliases are unique among the names and aliases of their kind.
// - `discard` and `continue` are not inherited by child routes, the rest is.
namespace tocsin::config {

// A door for webhooks. `kind` is always "alertmanager" so far. Each token opens
// it; two of them let a token be changed without a gap.
struct Source {
  std::string name;
  std::string kind;
  std::vector<Secret> tokens;  // 1 or 2, none of which opens another door
  std::string default_team;    // "" for none
  Duration repeat_interval = std::chrono::hours(4);
  Duration stale_after = std::chrono::hours(12);  // default 3 repeat_interval
  bool resolve_when_stale = false;
};

// A shared place that routes and teams post to.
struct ChatChannel {
  std::string provider;
  std::string address;
};

// Where one contact method of one user leads.
struct Address {
  std::string provider;
  std::string address;
  bool verified = false;  // as the file says; unverified methods are used too
};

// What the file says of a team besides what paging decides by.
struct TeamFacts {
  std::string contact;  // for people: whom to ask when the team has no way out
  bool any_acknowledge_stops = false;  // direct_paging.stop_on
  std::optional<Duration> remind_every;
  std::optional<Duration> acknowledge_timeout;
};

enum class Role { kViewer, kResponder, kAdmin };

// "viewer", "responder", "admin".
const char* RoleName(Role role);

// Opens the API. Exactly one of `token` and `token_sha256` is there. Without a
// user it belongs to a service, which acts under the name of the token.
struct ApiToken {
  std::string name;
  std::string user;  // "" for a service
  Role role = Role::kViewer;
  Secret token;
  std::string token_sha256;  // 64 lower-case hex digits of its SHA-256
};

struct Config {
  std::vector<std::string> files;  // all that were read, the main file first
  std::string external_url;  // without a trailing slash; "" when not given
  std::string time_zone = "UTC";
  Duration retention = std::chrono::days(90);       // of resolved groups
  Duration fold_within = std::chrono::seconds(60);  // zero: never
  std::string storage_path;  // the SQLite file, resolved; default tocsin.db
  std::vector<Source> sources;
  std::vector<Provider> providers;
  std::map<std::string, ChatChannel> chat_channels;
  // user -> contact method -> where it leads
  std::map<std::string, std::map<std::string, Address>> addresses;
  std::map<std::string, Role> roles;              // of each user
  std::map<std::string, std::string> time_zones;  // of each user
  std::map<std::string, TeamFacts> teams;         // of each team
  std::map<std::string, Schedule> schedules;
  std::vector<ApiToken> tokens;
  // alias -> name; those of users and teams are in the roster.
  std::map<std::string, std::string, std::less<>> chain_aliases;
  std::map<std::string, std::string, std::less<>> schedule_aliases;
  paging::Roster roster;
  routing::Intervals time_intervals;
  routing::RouteSpec route;
  std::string hash;  // 16 hex digits over the bytes of all files
};

}  // namespace tocsin::config
