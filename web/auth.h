#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// Who is asking. Tokens are kept as SHA-256 and compared in constant time,
// always with all of them, so that time tells nothing about a token.
namespace tocsin::web {

enum class Role { kViewer, kResponder, kAdmin };

// "viewer", "responder", "admin".
Result<Role> ParseRole(std::string_view text);
const char* RoleName(Role role);

using TokenHash = std::array<unsigned char, 32>;

TokenHash HashToken(std::string_view token);

// What follows `Basic` in an Authorization header, decoded; absent where there
// is none, or none that can be understood.
struct BasicCredentials {
  std::string name;
  std::string password;
};
std::optional<BasicCredentials> ParseBasic(std::string_view authorization);

// A token of a source; while rotating, a source has two.
struct SourceToken {
  std::string source;
  TokenHash hash{};
};

// A token of the API. Bound to a user, or a service of its own.
struct ApiToken {
  std::string name;
  TokenHash hash{};
  Role role = Role::kViewer;
  std::string user{};  // "": a service
};

// Who acts: the user a token is bound to, else `token:NAME`.
struct Actor {
  std::string name;
  Role role = Role::kViewer;
};

// All tokens of the running configuration. Immutable, thread-safe.
class Credentials {
 public:
  Credentials(std::vector<SourceToken> sources, std::vector<ApiToken> tokens);

  // The source whose token this is; kUnauthenticated for any other text.
  Result<std::string> Source(std::string_view token) const;

  // The same for an Authorization header: `Bearer TOKEN`, or `Basic` with the
  // token as password under any user name.
  Result<std::string> SourceByHeader(std::string_view authorization) const;

  // Who an Authorization header of the API is: `TOKEN` or `Bearer TOKEN`.
  // kUnauthenticated for none or a wrong one.
  Result<Actor> Api(std::string_view authorization) const;

 private:
  std::vector<SourceToken> sources_;
  std::vector<ApiToken> tokens_;
};

// kForbidden when the actor's role is below `needed`.
Status Require(const Actor& actor, Role needed);

}  // namespace tocsin::web
