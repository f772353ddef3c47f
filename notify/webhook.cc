#include "notify/webhook.h"

#include <algorithm>
#include <boost/json.hpp>
#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "notify/retry.h"

namespace tocsin::notify {
namespace {

constexpr std::string_view kOpen = "{{";
constexpr std::string_view kClose = "}}";

using Headers = std::vector<std::pair<std::string, std::string>>;

bool SameHeader(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

Headers PageHeaders(const Webhook::Options& options,
                    const engine::Message& message) {
  Headers headers = {
      {"Content-Type", "application/json"},
      {"User-Agent", "Tocsin/" + options.version},
      {"Idempotency-Key", paging::NotificationIdText(message.id)},
  };
  if (!options.bearer_token.empty()) {
    headers.emplace_back("Authorization", "Bearer " + options.bearer_token);
  }
  const auto ours = headers.size();
  for (const auto& [name, value] : options.headers) {
    const auto end = headers.begin() + static_cast<std::ptrdiff_t>(ours);
    if (std::none_of(headers.begin(), end, [&name = name](const auto& header) {
          return SameHeader(header.first, name);
        })) {
      headers.emplace_back(name, value);
    }
  }
  return headers;
}

boost::json::object GroupJson(const engine::Message& message,
                              const std::string& external_url) {
  const std::string id = std::to_string(message.id.group.value());
  boost::json::value url = nullptr;
  if (!external_url.empty()) url = external_url + "/#/alert-groups/" + id;
  return {{"id", id},
          {"team", message.team},
          {"title", message.title},
          {"summary", message.summary},
          {"severity", message.severity},
          {"alerts_firing", message.alerts_firing},
          {"url", std::move(url)}};
}

// What else this one message says.
boost::json::array BundledJson(const engine::Message& message,
                               const std::string& external_url) {
  boost::json::array bundled;
  for (const engine::Message& other : message.bundled) {
    bundled.push_back({{"id", paging::NotificationIdText(other.id)},
                       {"alert_group", GroupJson(other, external_url)},
                       {"why", other.why}});
  }
  return bundled;
}

}  // namespace

Webhook::Webhook(Options options, http::Loop& loop, const Clock& clock)
    : options_(std::move(options)), loop_(loop), clock_(clock) {}

void Webhook::Send(const engine::Message& message, const std::string& address,
                   Permit permit, Callback callback) {
  http::Request request;
  request.url = UrlFor(options_.url, address);
  request.headers = PageHeaders(options_, message);
  request.body =
      PageBody(message, address, options_.external_url, clock_.Now());
  loop_.Start(
      std::move(request), std::move(permit),
      [callback = std::move(callback)](const Result<http::Response>& answer) {
        callback(AttemptFrom(answer));
      });
}

std::string UrlFor(std::string_view url, std::string_view address) {
  const std::string encoded =
      boost::urls::encode(address, boost::urls::unreserved_chars);
  std::string out;
  while (true) {
    const std::size_t open = url.find(kOpen);
    const std::size_t close = url.find(kClose, open);
    out += url.substr(0, open);
    if (close == std::string_view::npos) return out;
    out += encoded;  // the loader knows one name only
    url.remove_prefix(close + kClose.size());
  }
}

std::string PageBody(const engine::Message& message, const std::string& address,
                     const std::string& external_url, Instant sent_at) {
  const boost::json::object body = {
      {"id", paging::NotificationIdText(message.id)},
      {"kind", "page"},
      {"user", message.user},
      {"address", address},
      {"importance", paging::ImportanceName(message.importance)},
      {"alert_group", GroupJson(message, external_url)},
      {"why", message.why},
      {"bundled", BundledJson(message, external_url)},
      {"attempt", message.attempts + 1},
      {"sent_at", FormatRfc3339(sent_at)},
  };
  return boost::json::serialize(body);
}

Attempt AttemptFrom(const Result<http::Response>& answer) {
  if (!answer.ok()) {
    return {.result = AfterError(answer.error().code),
            .detail = answer.error().message,
            .retry_after = {}};
  }
  const http::Response& response = answer.value();
  const bool redirect = response.status >= 300 && response.status < 400;
  return {.result = AfterHttpStatus(response.status),
          .detail = "HTTP " + std::to_string(response.status) +
                    (redirect ? ", a redirect, which is never followed" : ""),
          .retry_after = response.retry_after};
}

}  // namespace tocsin::notify
