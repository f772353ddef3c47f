#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/secret.h"
#include "paging/roster.h"
#include "routing/route.h"

// What the configuration file says, checked and with all defaults filled in:
// every name in it refers to something that is there. Plain data in the words
// of the folders that use it; only daemon/ hands it on. Immutable once loaded,
// thread-safe.
//
// Small rules of the file that its keys do not show:
// - Relative paths count from the folder of the file.
// - A secret KEY has a twin KEY_file, at most one of the two; the content of
//   the file is trimmed and must not be empty.
// - An empty value ("users:") is an empty mapping or list, never an empty text.
// - A provider without `kind` is of the kind it is named after.
// - A contact method without `provider` uses the provider of its own name, one
//   without `address` has the user's name for address.
// - A user without `role` is a responder; a token without `role` has its
// user's.
// - A user's own policy names only methods the user has. The top-level policies
//   stand in for each one the user did not write; there, a method the user
//   lacks is skipped with a warning, and so are waits before the first method
//   that is left. Where no important policy is left, the default one is taken.
//   A user without contact methods needs no policy.
// - A team's important way out falls back to its default one.
// - `discard` and `continue` are not inherited by child routes, the rest is.
namespace tocsin::config {

// A door for webhooks. `kind` is always "alertmanager" so far. Each token opens
// it; two of them let a token be changed without a gap.
struct Source {
  std::string name;
  std::string kind;
  std::vector<Secret> tokens;  // 1 or 2, no two of them equal in all the file
};

enum class ProviderKind { kConsole, kWebhook };

// A way to reach people. All but `name` and `kind` is for webhooks only.
struct Provider {
  std::string name;
  ProviderKind kind = ProviderKind::kConsole;
  std::string url;      // http or https; may carry a secret, so do not print it
  Secret bearer_token;  // empty: none
  std::map<std::string, std::string> headers;  // sent as they are, also secret
};

// Where one contact method of one user leads.
struct Address {
  std::string provider;
  std::string address;
  bool verified = false;  // as the file says; unverified methods are used too
};

// What the file says of a team besides its ways out.
struct TeamFacts {
  std::vector<std::string> members;
  std::string contact;  // for people: whom to ask when the team has no way out
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
  std::string external_url;  // without a trailing slash; "" when not given
  std::string storage_path;  // the SQLite file, resolved; default tocsin.db
  std::vector<Source> sources;
  std::vector<Provider> providers;
  // user -> contact method -> where it leads
  std::map<std::string, std::map<std::string, Address>> addresses;
  std::map<std::string, Role> roles;       // of each user
  std::map<std::string, TeamFacts> teams;  // of each team
  std::vector<ApiToken> tokens;
  paging::Roster roster;
  routing::RouteSpec route;
  std::string hash;  // 16 hex digits, FNV-1a over the bytes of the file
};

}  // namespace tocsin::config
