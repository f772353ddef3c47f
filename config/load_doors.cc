#include <algorithm>
#include <cctype>
#include <string_view>
#include <utility>

#include "config/sections.h"

// Who may come in: sources and API tokens.
namespace tocsin::config {
namespace {

// Two, so that a token can be changed without a gap.
constexpr std::size_t kMaxSourceTokens = 2;
constexpr std::size_t kSha256HexDigits = 64;

// The token of a source stands in a URL's path: RFC 3986, unreserved.
bool IsUrlText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || c == '-' || c == '.' || c == '_' ||
           c == '~';
  });
}

bool Opens(const Source& source, const Secret& token) {
  return std::any_of(
      source.tokens.begin(), source.tokens.end(),
      [&](const Secret& own) { return own.Reveal() == token.Reveal(); });
}

void AddSourceToken(const Reader& at, Secret token, const Config& config,
                    Source& source) {
  if (!IsUrlText(token.Reveal())) {
    at.AddFault(
        "a source's token stands in a URL: it may have letters, digits and "
        "- . _ ~ only");
    return;
  }
  if (Opens(source, token)) {
    at.AddFault("the source has this token twice");
    return;
  }
  for (const Source& other : config.sources) {
    if (!Opens(other, token)) continue;
    at.AddFault("the source " + Quoted(other.name) + " has the same token");
    return;
  }
  source.tokens.push_back(std::move(token));
}

void ReadSourceTokens(const Reader::Entry& list, const Config& config,
                      Source& source) {
  const bool from_files = list.name == "token_files";
  const std::vector<Reader> items = list.value.Items();
  for (const Reader& item : items) {
    std::optional<Secret> token;
    if (from_files) {
      token = ReadSecretFile(item);
    } else if (const std::optional<std::string> text = item.Text()) {
      token = Secret(*text);
    }
    if (token) AddSourceToken(item, std::move(*token), config, source);
  }
  if (items.empty() || items.size() > kMaxSourceTokens) {
    list.value.AddFault("a source has one token, or two while one is changed");
  }
}

Source ReadSource(const Reader::Entry& entry, const Config& config) {
  const Fields fields = entry.value.Keys({"kind", "tokens", "token_files"});
  Source source{.name = entry.name, .kind = "", .tokens = {}};
  if (const Reader* kind = fields.Require("kind")) {
    source.kind =
        kind->Choice<std::string>("kind", {{"alertmanager", "alertmanager"}})
            .value_or("");
  }
  if (const Reader::Entry* list =
          fields.RequireOneOf({"tokens", "token_files"})) {
    ReadSourceTokens(*list, config, source);
  }
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

void ReadCredential(const Fields& fields, ApiToken& token) {
  const Reader::Entry* const given =
      fields.RequireOneOf({"token", "token_file", "token_sha256"});
  if (given == nullptr) return;
  if (given->name == "token_sha256") {
    token.token_sha256 = ReadSha256(given->value);
  } else {
    token.token = ReadSecret(fields, "token").value_or(Secret());
  }
}

void ReadUserAndRole(const Fields& fields, const Config& config,
                     ApiToken& token) {
  if (const Reader* user = fields.Find("user")) {
    token.user = user->Text().value_or("");
    if (!token.user.empty() &&
        CheckReference(*user, "user", token.user, config.roles)) {
      token.role = config.roles.at(token.user);
    }
  }
  const Reader* const role = token.user.empty() && !fields.Find("user")
                                 ? fields.Require("role")
                                 : fields.Find("role");
  if (role != nullptr) token.role = ReadRole(*role).value_or(token.role);
}

// Whom the token stands for must be certain, so it must be the only one.
void CheckUnique(const Reader& at, const ApiToken& token,
                 const Config& config) {
  for (const ApiToken& other : config.tokens) {
    const bool same_text =
        !token.token.empty() && token.token.Reveal() == other.token.Reveal();
    const bool same_hash =
        !token.token_sha256.empty() && token.token_sha256 == other.token_sha256;
    if (same_text || same_hash) {
      at.AddFault("the token " + Quoted(other.name) + " is the same");
    }
  }
}

}  // namespace

void LoadSources(const Reader* section, Config& config) {
  if (section == nullptr) return;
  for (const Reader::Entry& entry : section->Entries()) {
    config.sources.push_back(ReadSource(entry, config));
  }
}

void LoadTokens(const Reader* section, Config& config) {
  if (section == nullptr) return;
  for (const Reader::Entry& entry : section->Entries()) {
    const Fields fields = entry.value.Keys(
        {"user", "role", "token", "token_file", "token_sha256"});
    ApiToken token;
    token.name = entry.name;
    ReadUserAndRole(fields, config, token);
    ReadCredential(fields, token);
    CheckUnique(entry.key, token, config);
    config.tokens.push_back(std::move(token));
  }
}

}  // namespace tocsin::config
