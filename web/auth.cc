#include "web/auth.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include <optional>
#include <utility>

namespace tocsin::web {
namespace {

constexpr std::string_view kBearer = "bearer ";
constexpr std::string_view kBasic = "basic ";

// Longest base64 text looked at: far above any token of ours.
constexpr std::size_t kMaxBasicLength = 1024;

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// What follows the scheme word `prefix` (lower case, with its space).
std::optional<std::string_view> After(std::string_view text,
                                      std::string_view prefix) {
  if (text.size() < prefix.size()) return std::nullopt;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (Lower(text[i]) != prefix[i]) return std::nullopt;
  }
  text.remove_prefix(prefix.size());
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return text;
}

std::string DecodeBase64(std::string_view text) {
  if (text.empty() || text.size() > kMaxBasicLength || text.size() % 4 != 0) {
    return {};
  }
  std::string out(text.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                      reinterpret_cast<const unsigned char*>(text.data()),
                      static_cast<int>(text.size()));
  if (length < 0) return {};
  const std::size_t padding = text.size() - 1 - text.find_last_not_of('=');
  if (padding > 2) return {};
  out.resize(static_cast<std::size_t>(length) - padding);
  return out;
}

// The credential whose hash is that of `token`. All are compared, whatever is
// found, so that time does not tell which one was nearly right.
template <typename Credential>
const Credential* Find(const std::vector<Credential>& credentials,
                       std::string_view token) {
  const TokenHash hash = HashToken(token);
  const Credential* found = nullptr;
  for (const Credential& credential : credentials) {
    if (CRYPTO_memcmp(credential.hash.data(), hash.data(), hash.size()) == 0) {
      found = &credential;
    }
  }
  return token.empty() ? nullptr : found;
}

Error Unauthenticated(std::string_view given) {
  return {Code::kUnauthenticated,
          given.empty() ? "Authentication credentials were not provided."
                        : "Invalid token."};
}

}  // namespace

Result<Role> ParseRole(std::string_view text) {
  for (const Role role : {Role::kViewer, Role::kResponder, Role::kAdmin}) {
    if (text == RoleName(role)) return role;
  }
  return Error{Code::kInvalid, "role '" + std::string(text) +
                                   "' is none of viewer, responder, admin"};
}

const char* RoleName(Role role) {
  switch (role) {
    case Role::kViewer:
      return "viewer";
    case Role::kResponder:
      return "responder";
    case Role::kAdmin:
      return "admin";
  }
  return "viewer";
}

TokenHash HashToken(std::string_view token) {
  TokenHash hash{};
  SHA256(reinterpret_cast<const unsigned char*>(token.data()), token.size(),
         hash.data());
  return hash;
}

std::optional<BasicCredentials> ParseBasic(std::string_view authorization) {
  const auto encoded = After(authorization, kBasic);
  if (!encoded) return std::nullopt;
  const std::string pair = DecodeBase64(*encoded);
  const std::size_t colon = pair.find(':');
  if (colon == std::string::npos) return std::nullopt;
  return BasicCredentials{pair.substr(0, colon), pair.substr(colon + 1)};
}

Credentials::Credentials(std::vector<SourceToken> sources,
                         std::vector<ApiToken> tokens)
    : sources_(std::move(sources)), tokens_(std::move(tokens)) {}

Result<std::string> Credentials::Source(std::string_view token) const {
  const SourceToken* found = Find(sources_, token);
  if (found == nullptr) return Unauthenticated(token);
  return found->source;
}

Result<std::string> Credentials::SourceByHeader(
    std::string_view authorization) const {
  if (const auto token = After(authorization, kBearer)) return Source(*token);
  const auto basic = ParseBasic(authorization);
  if (!basic) return Unauthenticated(authorization);
  return Source(basic->password);
}

Result<Actor> Credentials::Api(std::string_view authorization) const {
  const std::string_view token =
      After(authorization, kBearer).value_or(authorization);
  const ApiToken* found = Find(tokens_, token);
  if (found == nullptr) return Unauthenticated(token);
  return Actor{
      .name = found->user.empty() ? "token:" + found->name : found->user,
      .role = found->role};
}

Status Require(const Actor& actor, Role needed) {
  if (actor.role >= needed) return {};
  return Error{Code::kForbidden, std::string("This needs the role ") +
                                     RoleName(needed) + ", the token has " +
                                     RoleName(actor.role) + "."};
}

}  // namespace tocsin::web
