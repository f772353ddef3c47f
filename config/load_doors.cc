#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "config/doors.h"
#include "config/not_yet.h"
#include "config/quiet_routes.h"
#include "config/sections.h"

// Who may come in: sources and API tokens.
namespace tocsin::config {
namespace {

// Two, so that a token can be changed without a gap.
constexpr std::size_t kMaxSourceTokens = 2;
constexpr std::size_t kSha256HexDigits = 64;
// A source that was silent for so many of its intervals is gone, not late.
constexpr int kStaleIntervals = 3;

// The token of a source stands in a URL's path: RFC 3986, unreserved.
bool IsUrlText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' ||
           c == '~';
  });
}

void AddSourceToken(const Reader& at, Secret token, Doors& doors,
                    Source& source) {
  if (!IsUrlText(token.Reveal())) {
    at.AddFault(
        "a source's token stands in a URL: it may have letters, digits and "
        "- . _ ~ only");
    return;
  }
  const Doors::Door own{Doors::Kind::kSource, source.name};
  if (const auto other = doors.Give(token, own)) {
    at.AddFault(*other == own ? "the source has this token twice"
                              : "the source " + Quoted(other->name) +
                                    " has the same token");
    return;
  }
  source.tokens.push_back(std::move(token));
}

void ReadSourceTokens(const Reader::Entry& list, Secrets secrets, Doors& doors,
                      Source& source) {
  const bool from_files = list.name == "token_files";
  const std::vector<Reader> items = list.value.Items();
  for (const Reader& item : items) {
    std::optional<Secret> token =
        from_files ? ReadSecretFile(item, secrets) : ReadSecretText(item);
    if (token && !token->empty()) {
      AddSourceToken(item, std::move(*token), doors, source);
    }
  }
  if (items.empty() || items.size() > kMaxSourceTokens) {
    list.value.AddFault("a source has one token, or two while one is changed");
  }
}

void ReadStaleness(const Fields& fields, Source& source) {
  if (const Reader* interval = fields.Find("repeat_interval")) {
    source.repeat_interval =
        interval->Length().value_or(source.repeat_interval);
    WarnNotYet(*interval, "repeat_interval");
  }
  source.stale_after = kStaleIntervals * source.repeat_interval;
  if (const Reader* after = fields.Find("stale_after")) {
    source.stale_after = after->Length().value_or(source.stale_after);
    WarnNotYet(*after, "stale_after");
  }
  if (const Reader* then = fields.Find("on_stale")) {
    source.resolve_when_stale =
        then->Choice<bool>("answer to on_stale",
                           {{"mark", false}, {"resolve", true}})
            .value_or(false);
    WarnNotYet(*then, "on_stale");
  }
}

Source ReadSource(const Reader::Entry& entry, const NameIndex& names,
                  Secrets secrets, Doors& doors) {
  const Fields fields =
      entry.value.Keys({"kind", "tokens", "token_files", "default_team",
                        "repeat_interval", "stale_after", "on_stale"});
  Source source;
  source.name = entry.name;
  if (const Reader* kind = fields.Require("kind")) {
    source.kind =
        kind->Choice<std::string>("kind", {{"alertmanager", "alertmanager"}})
            .value_or("");
  }
  if (const Reader::Entry* list =
          fields.RequireOneOf({"tokens", "token_files"})) {
    ReadSourceTokens(*list, secrets, doors, source);
  }
  if (const Reader* team = fields.Find("default_team")) {
    source.default_team = names.teams.Resolve(*team).value_or("");
  }
  ReadStaleness(fields, source);
  return source;
}

std::string ReadSha256(const Reader& at) {
  std::string text = at.Text().value_or("");
  if (text.empty()) return text;
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  if (text.size() != kSha256HexDigits ||
      text.find_first_not_of("0123456789abcdef") != std::string::npos) {
    at.AddFault("must be the 64 hex digits of a SHA-256");
  }
  return text;
}

void ReadCredential(const Fields& fields, Secrets secrets, ApiToken& token) {
  const Reader::Entry* const given =
      fields.RequireOneOf({"token", "token_file", "token_sha256"});
  if (given == nullptr) return;
  if (given->name == "token_sha256") {
    token.token_sha256 = ReadSha256(given->value);
  } else {
    token.token = ReadSecret(fields, "token", secrets).value_or(Secret());
  }
}

void ReadUserAndRole(const Fields& fields, const NameIndex& names,
                     const Config& config, ApiToken& token) {
  const Reader* const user = fields.Find("user");
  if (user != nullptr) {
    token.user = names.users.Resolve(*user).value_or("");
    const auto role = config.roles.find(token.user);
    if (role != config.roles.end()) token.role = role->second;
  }
  const Reader* const role =
      user != nullptr ? fields.Find("role") : fields.Require("role");
  if (role != nullptr) token.role = ReadRole(*role).value_or(token.role);
}

void CheckUnique(const Reader& at, const ApiToken& token, Doors& doors) {
  const Doors::Door own{Doors::Kind::kApi, token.name};
  std::optional<Doors::Door> other;
  if (!token.token_sha256.empty()) {
    other = doors.GiveSha256(token.token_sha256, own);
  } else if (!token.token.empty()) {
    other = doors.Give(token.token, own);
  }
  if (!other) return;
  at.AddFault(other->kind == Doors::Kind::kApi
                  ? "the token " + Quoted(other->name) + " is the same"
                  : "the source " + Quoted(other->name) +
                        " has the same token");
}

}  // namespace

void LoadSources(const Reader* section, const NameIndex& names, Secrets secrets,
                 Doors& doors, Config& config) {
  if (section == nullptr) return;
  for (const Reader::Entry& entry : section->Entries()) {
    config.sources.push_back(ReadSource(entry, names, secrets, doors));
  }
  WarnOfQuietDefaultTeams(section, config);
}

void LoadTokens(const Reader* section, const NameIndex& names, Secrets secrets,
                Doors& doors, Config& config) {
  if (section == nullptr) return;
  for (const Reader::Entry& entry : section->Entries()) {
    const Fields fields = entry.value.Keys(
        {"user", "role", "token", "token_file", "token_sha256"});
    ApiToken token;
    token.name = entry.name;
    ReadUserAndRole(fields, names, config, token);
    ReadCredential(fields, secrets, token);
    CheckUnique(entry.key, token, doors);
    config.tokens.push_back(std::move(token));
  }
}

}  // namespace tocsin::config
