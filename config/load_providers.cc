#include <algorithm>
#include <charconv>
#include <map>
#include <string_view>
#include <system_error>

#include "config/not_yet.h"
#include "config/sections.h"

namespace tocsin::config {
namespace {

// RFC 9110, token.
bool IsHeaderName(std::string_view name) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || kOthers.find(c) != std::string_view::npos;
  });
}

void ReadHeaders(const Reader& section, Provider& provider) {
  for (const Reader::Entry& header : section.Entries()) {
    if (!IsHeaderName(header.name)) {
      header.key.AddFault(Quoted(header.name) +
                          " cannot be the name of an HTTP header");
    }
    const std::optional<Secret> value = ReadSecretText(header.value);
    if (value) provider.headers[header.name] = value->Reveal();
  }
}

void ReadProbe(const Fields& fields, Provider& provider) {
  const Reader* const interval = fields.Find("probe_interval");
  if (interval == nullptr) return;
  provider.probe_interval = interval->Length();
  WarnNotYet(*interval, "probe_interval");
}

void ReadWebhook(const Reader& section, Secrets secrets, Provider& provider) {
  const Fields fields =
      section.Keys({"kind", "url", "bearer_token", "bearer_token_file",
                    "headers", "probe_interval"});
  if (const Reader* url = fields.Require("url")) {
    provider.url = ReadUrlWithAddress(*url).value_or("");
  }
  provider.bearer_token =
      ReadSecret(fields, "bearer_token", secrets).value_or(Secret());
  if (const Reader* headers = fields.Find("headers")) {
    ReadHeaders(*headers, provider);
  }
  ReadProbe(fields, provider);
}

// "mail.example.org:587"; the host may be an IPv6 address in brackets.
bool IsHostAndPort(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  const std::string_view host = text.substr(0, colon);
  const std::string_view port = text.substr(colon + 1);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (host.find_first_of(" /@") != std::string_view::npos) return false;
  if (!bracketed && host.find_first_of("[]:") != std::string_view::npos) {
    return false;
  }
  unsigned number = 0;
  const auto [stop, error] =
      std::from_chars(port.data(), port.data() + port.size(), number);
  return error == std::errc() && stop == port.data() + port.size() &&
         number > 0 && number <= 65535;
}

bool IsMailAddress(std::string_view text) {
  const std::size_t at = text.find('@');
  return at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
         text.find_first_of(" <>,@", at + 1) == std::string_view::npos &&
         text.substr(0, at).find_first_of(" <>,") == std::string_view::npos;
}

void ReadLogIn(const Fields& fields, Secrets secrets, Email& email) {
  const Reader* const username = fields.Find("username");
  const std::optional<Secret> password =
      ReadSecret(fields, "password", secrets);
  if (username != nullptr) email.username = username->Text().value_or("");
  email.password = password.value_or(Secret());
  const bool has_password =
      fields.Find("password") != nullptr || fields.Find("password_file");
  if ((username != nullptr) != has_password) {
    fields.at().AddFault("username and password come together: only the " +
                         std::string(has_password ? "password" : "username") +
                         " is given");
  }
}

void ReadEmail(const Reader& section, Secrets secrets, Provider& provider) {
  const Fields fields =
      section.Keys({"kind", "smarthost", "from", "username", "password",
                    "password_file", "require_tls", "probe_interval"});
  Email& email = provider.email;
  if (const Reader* smarthost = fields.Require("smarthost")) {
    email.smarthost = smarthost->Text().value_or("");
    if (!email.smarthost.empty() && !IsHostAndPort(email.smarthost)) {
      smarthost->AddFault(
          "must be a host and its port, as in mail.example.org:587");
    }
  }
  if (const Reader* from = fields.Require("from")) {
    email.from = from->Text().value_or("");
    if (!email.from.empty() && !IsMailAddress(email.from)) {
      from->AddFault("must be a mail address, as in pager@example.org");
    }
  }
  ReadLogIn(fields, secrets, email);
  if (const Reader* require_tls = fields.Find("require_tls")) {
    email.require_tls = require_tls->Flag().value_or(true);
  }
  ReadProbe(fields, provider);
}

void ReadSlack(const Reader& section, Secrets secrets, Provider& provider) {
  const Fields fields =
      section.Keys({"kind", "bot_token", "bot_token_file", "signing_secret",
                    "signing_secret_file", "api_url", "probe_interval"});
  Slack& slack = provider.slack;
  if (fields.RequireOneOf({"bot_token", "bot_token_file"})) {
    slack.bot_token =
        ReadSecret(fields, "bot_token", secrets).value_or(Secret());
  }
  slack.signing_secret =
      ReadSecret(fields, "signing_secret", secrets).value_or(Secret());
  if (const Reader* url = fields.Find("api_url")) {
    slack.api_url = ReadUrl(*url).value_or("");
  }
  ReadProbe(fields, provider);
}

std::optional<ProviderKind> ReadKind(const Reader::Entry& entry) {
  constexpr ProviderKind kKinds[] = {
      ProviderKind::kConsole, ProviderKind::kWebhook, ProviderKind::kEmail,
      ProviderKind::kSlack};
  const std::optional<Reader> given = entry.value.Peek("kind");
  const std::string written = given ? given->Text().value_or("") : entry.name;
  if (written.empty()) return std::nullopt;
  std::vector<std::string_view> known;
  for (const ProviderKind kind : kKinds) {
    if (written == ProviderKindName(kind)) return kind;
    known.push_back(ProviderKindName(kind));
  }
  if (given) {
    given->AddUnknown("kind", written, known);
  } else if (!entry.value.IsMap() && !entry.value.IsNull()) {
    entry.value.Keys({"kind"});  // reports that it is no mapping
  } else {
    const std::string guess = DidYouMean(written, known);
    entry.value.AddFault(
        "the key \"kind\" is missing, and the provider's name is no kind" +
        (guess.empty() ? " (console, webhook, email, slack)" : guess));
  }
  return std::nullopt;
}

// The other keys depend on the kind, so they are looked at by whoever knows it.
Provider ReadProvider(const Reader::Entry& entry, Secrets secrets) {
  Provider provider;
  provider.name = entry.name;
  const std::optional<ProviderKind> kind = ReadKind(entry);
  if (!kind) return provider;
  provider.kind = *kind;
  switch (*kind) {
    case ProviderKind::kConsole:
      entry.value.Keys({"kind"});
      break;
    case ProviderKind::kWebhook:
      ReadWebhook(entry.value, secrets, provider);
      break;
    case ProviderKind::kEmail:
      ReadEmail(entry.value, secrets, provider);
      WarnNotYet(entry.key, "kind: email");
      break;
    case ProviderKind::kSlack:
      ReadSlack(entry.value, secrets, provider);
      WarnNotYet(entry.key, "kind: slack");
      break;
  }
  return provider;
}

}  // namespace

const char* ProviderKindName(ProviderKind kind) {
  switch (kind) {
    case ProviderKind::kConsole:
      return "console";
    case ProviderKind::kWebhook:
      return "webhook";
    case ProviderKind::kEmail:
      return "email";
    case ProviderKind::kSlack:
      return "slack";
  }
  return "console";
}

void LoadProviders(const Reader* section, Secrets secrets, Config& config) {
  if (section == nullptr) return;
  for (const Reader::Entry& entry : section->Entries()) {
    config.providers.push_back(ReadProvider(entry, secrets));
  }
}

void LoadChatChannels(const Reader* section, Config& config) {
  if (section == nullptr) return;
  std::map<std::string_view, const Provider*> providers;
  for (const Provider& provider : config.providers) {
    providers[provider.name] = &provider;
  }
  for (const Reader::Entry& entry : section->Entries()) {
    const Fields fields = entry.value.Keys({"provider", "address"});
    ChatChannel& channel = config.chat_channels[entry.name];
    if (const Reader* provider = fields.Require("provider")) {
      channel.provider = provider->Text().value_or("");
      if (!channel.provider.empty()) {
        CheckReference(*provider, "provider", channel.provider, providers);
      }
    }
    if (const Reader* address = fields.Require("address")) {
      channel.address = address->Text().value_or("");
    }
  }
}

std::vector<std::string> ReadChatChannels(const Reader& list,
                                          const Config& config) {
  std::vector<std::string> names;
  for (const Reader::Entry& item : list.Texts()) {
    CheckReference(item.value, "chat channel", item.name, config.chat_channels);
    names.push_back(item.name);
  }
  return names;
}

}  // namespace tocsin::config
