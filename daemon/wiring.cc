#include "daemon/wiring.h"

#include <unistd.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/check.h"
#include "daemon/version.h"
#include "notify/console.h"
#include "notify/webhook.h"

namespace tocsin::daemon {
namespace {

unsigned HexDigit(char digit) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  const std::size_t value = kDigits.find(digit);
  TOCSIN_CHECK(value != std::string_view::npos);  // the loader has looked
  return static_cast<unsigned>(value);
}

web::TokenHash HashFromHex(std::string_view hex) {
  web::TokenHash hash{};
  TOCSIN_CHECK(hex.size() == 2 * hash.size());
  for (std::size_t i = 0; i < hash.size(); ++i) {
    hash[i] = static_cast<unsigned char>(HexDigit(hex[2 * i]) * 16 +
                                         HexDigit(hex[2 * i + 1]));
  }
  return hash;
}

web::Role RoleOf(config::Role role) {
  switch (role) {
    case config::Role::kViewer:
      return web::Role::kViewer;
    case config::Role::kResponder:
      return web::Role::kResponder;
    case config::Role::kAdmin:
      return web::Role::kAdmin;
  }
  return web::Role::kViewer;
}

web::ApiToken TokenOf(const config::ApiToken& token) {
  return {.name = token.name,
          .hash = token.token.empty() ? HashFromHex(token.token_sha256)
                                      : web::HashToken(token.token.Reveal()),
          .role = RoleOf(token.role),
          .user = token.user};
}

std::shared_ptr<notify::Sender> SenderOf(const config::Provider& provider,
                                         const std::string& external_url,
                                         http::Loop& loop, const Clock& clock) {
  if (provider.kind == config::ProviderKind::kConsole) {
    return std::make_shared<notify::Console>(STDOUT_FILENO);
  }
  return std::make_shared<notify::Webhook>(
      notify::Webhook::Options{.url = provider.url,
                               .bearer_token = provider.bearer_token.Reveal(),
                               .headers = provider.headers,
                               .external_url = external_url,
                               .version = std::string(kVersion)},
      loop, clock);
}

}  // namespace

std::shared_ptr<const web::Settings> MakeWebSettings(
    const config::Config& config, const std::string& external_url) {
  std::vector<web::SourceToken> sources;
  for (const config::Source& source : config.sources) {
    for (const config::Secret& token : source.tokens) {
      sources.push_back({source.name, web::HashToken(token.Reveal())});
    }
  }
  std::vector<web::ApiToken> tokens;
  for (const config::ApiToken& token : config.tokens) {
    tokens.push_back(TokenOf(token));
  }
  std::set<std::string, std::less<>> teams;
  for (const auto& [name, team] : config.roster.teams) teams.insert(name);
  return std::make_shared<const web::Settings>(web::Settings{
      .credentials = web::Credentials(std::move(sources), std::move(tokens)),
      .external_url = external_url,
      .team_aliases = config.roster.team_aliases,
      .teams = std::move(teams)});
}

std::shared_ptr<const notify::Directory> MakeDirectory(
    const config::Config& config, const std::string& external_url,
    http::Loop& loop, const Clock& clock) {
  notify::Directory directory;
  for (const auto& [user, methods] : config.addresses) {
    for (const auto& [method, address] : methods) {
      directory.users[user][method] = {address.provider, address.address};
    }
  }
  // Messages written before a rename have the name of then.
  for (const auto& [alias, user] : config.roster.user_aliases) {
    const auto named = directory.users.find(user);
    if (named != directory.users.end()) directory.users[alias] = named->second;
  }
  for (const config::Provider& provider : config.providers) {
    directory.senders[provider.name] =
        SenderOf(provider, external_url, loop, clock);
  }
  return std::make_shared<const notify::Directory>(std::move(directory));
}

std::string StorePath(const config::Config& config, const Options& options) {
  return options.storage_path.value_or(config.storage_path);
}

std::string ExternalUrl(const config::Config& config, const Options& options) {
  std::string url = options.external_url.value_or(config.external_url);
  url.erase(url.find_last_not_of('/') + 1);
  return url;
}

metrics::Names MakeNames(const config::Config& config) {
  metrics::Names names;
  for (const auto& source : config.sources) {
    names.sources.push_back(source.name);
  }
  for (const auto& [name, team] : config.roster.teams) {
    names.teams.push_back(name);
  }
  for (const auto& provider : config.providers) {
    names.providers.push_back(provider.name);
  }
  return names;
}

}  // namespace tocsin::daemon
