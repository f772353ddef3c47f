#include <algorithm>
#include <string_view>
#include <utility>

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
    const std::optional<std::string> value = header.value.Text();
    if (value) provider.headers[header.name] = *value;
  }
}

void ReadWebhook(const Reader& section, Provider& provider) {
  const Fields fields = section.Keys(
      {"kind", "url", "bearer_token", "bearer_token_file", "headers"});
  if (const Reader* url = fields.Require("url")) {
    provider.url = ReadUrl(*url).value_or("");
  }
  provider.bearer_token = ReadSecret(fields, "bearer_token").value_or(Secret());
  if (const Reader* headers = fields.Find("headers")) {
    ReadHeaders(*headers, provider);
  }
}

// The other keys depend on the kind, so they are looked at by whoever knows it.
Provider ReadProvider(const Reader::Entry& entry) {
  constexpr std::string_view kKinds[] = {"console", "webhook"};
  Provider provider;
  provider.name = entry.name;
  const std::optional<Reader> given = entry.value.Peek("kind");
  const std::string kind = given ? given->Text().value_or("") : entry.name;
  if (kind == kKinds[0]) {
    entry.value.Keys({"kind"});
  } else if (kind == kKinds[1]) {
    provider.kind = ProviderKind::kWebhook;
    ReadWebhook(entry.value, provider);
  } else if (!kind.empty()) {
    given.value_or(entry.key).AddUnknown("kind", kind, {kKinds[0], kKinds[1]});
  }
  return provider;
}

}  // namespace

std::optional<std::string> ReadUrl(const Reader& url) {
  std::optional<std::string> text = url.Text();
  if (!text) return std::nullopt;
  if (text->find("{{") != std::string::npos) {
    url.AddFault("this version knows no templates in URLs");
    return std::nullopt;
  }
  std::string_view rest = *text;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text->rfind(scheme, 0) == 0) rest.remove_prefix(scheme.size());
  }
  const bool has_scheme = rest.size() < text->size();
  const bool has_host = !rest.empty() && std::string_view("/?#:").find(
                                             rest[0]) == std::string_view::npos;
  if (!has_scheme || !has_host || text->find(' ') != std::string::npos) {
    url.AddFault("must be a URL that begins with http:// or https://");
    return std::nullopt;
  }
  return text;
}

void LoadProviders(const Reader* section, Config& config) {
  if (section == nullptr) return;
  for (const Reader::Entry& entry : section->Entries()) {
    config.providers.push_back(ReadProvider(entry));
  }
}

}  // namespace tocsin::config
