#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "base/time.h"
#include "http/loop.h"
#include "notify/sender.h"

namespace tocsin::notify {

// The provider `webhook`: POSTs each page as JSON to one URL, or to one for
// each address; the address stands in the body too. Thread-safe.
class Webhook final : public Sender {
 public:
  struct Options {
    // May carry a secret. "{{ address }}" in it stands for the address,
    // percent-encoded.
    std::string url;
    std::string bearer_token;  // empty: no Authorization header
    // Sent besides ours; where both have a name, ours is sent.
    std::map<std::string, std::string> headers;
    std::string external_url;  // without a trailing slash; empty: no links
    std::string version;       // of Tocsin, for the User-Agent
  };

  // `loop` and `clock` outlive this.
  Webhook(Options options, http::Loop& loop, const Clock& clock);

  void Send(const engine::Message& message, const std::string& address,
            Permit permit, Callback callback) override;

 private:
  const Options options_;
  http::Loop& loop_;
  const Clock& clock_;
};

// `url` with the address put in where the URL asks for it.
std::string UrlFor(std::string_view url, std::string_view address);

// The JSON text of a page. Ids are strings; `url` is null without an
// external URL; `attempt` counts from 1.
std::string PageBody(const engine::Message& message, const std::string& address,
                     const std::string& external_url, Instant sent_at);

// What an answer to a page, or its absence, means.
Attempt AttemptFrom(const Result<http::Response>& answer);

}  // namespace tocsin::notify
