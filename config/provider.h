#pragma once

#include <map>
#include <optional>
#include <string>

#include "base/time.h"
#include "config/secret.h"

namespace tocsin::config {

enum class ProviderKind { kConsole, kWebhook, kEmail, kSlack };

// "console", "webhook", "email", "slack".
const char* ProviderKindName(ProviderKind kind);

// Stands in the URL of a webhook, behind the host, for the address of the
// contact method. There are no other templates in URLs.
inline constexpr const char* kAddressTemplate = "{{ address }}";

struct Email {
  std::string smarthost;  // "host:port"
  std::string from;       // an address
  std::string username;   // "": no log-in
  Secret password;        // there when `username` is
  bool require_tls = true;
};

struct Slack {
  Secret bot_token;
  Secret signing_secret;  // empty: none
  std::string api_url;    // "": Slack's own
};

// A way to reach people. Plain data.
struct Provider {
  std::string name;
  ProviderKind kind = ProviderKind::kConsole;
  std::optional<Duration> probe_interval;  // not for the console
  // For webhooks.
  std::string url;      // http or https; may carry a secret, so do not print it
  Secret bearer_token;  // empty: none
  std::map<std::string, std::string> headers;  // sent as they are, also secret
  // For those kinds.
  Email email;
  Slack slack;
};

}  // namespace tocsin::config
