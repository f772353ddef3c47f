#include "http/transfer.h"

#include <algorithm>
#include <utility>

#include "base/check.h"

namespace tocsin::http {
namespace {

// Enough for any error text of a provider; a server cannot fill our memory.
constexpr std::size_t kBodyLimit = 64 * 1024;
// A kept connection idle for longer is likely closed by a middlebox.
constexpr long kMaxIdleSeconds = 90;

// An option that libcurl does not take is a fault of ours, not of a request.
template <typename T>
void Set(CURL* handle, CURLoption option, T value) {
  TOCSIN_CHECK(curl_easy_setopt(handle, option, value) == CURLE_OK);
}

}  // namespace

Transfer::Transfer(Request request, Loop::Permit permit,
                   Loop::Callback callback)
    : request_(std::move(request)),
      permit_(std::move(permit)),
      callback_(std::move(callback)),
      handle_(curl_easy_init()) {
  TOCSIN_CHECK(handle_ != nullptr);
  SetRequest();
  SetLimits();
  SetHeaders();
}

void Transfer::SetRequest() {
  CURL* const handle = handle_.get();
  Set(handle, CURLOPT_URL, request_.url.c_str());
  if (request_.method == "GET") {
    Set(handle, CURLOPT_HTTPGET, 1L);
  } else {
    Set(handle, CURLOPT_POST, 1L);
    Set(handle, CURLOPT_POSTFIELDSIZE_LARGE,
        static_cast<curl_off_t>(request_.body.size()));
    Set(handle, CURLOPT_POSTFIELDS, request_.body.c_str());
    Set(handle, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
  Set(handle, CURLOPT_ERRORBUFFER, error_.data());
  Set(handle, CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  Set(handle, CURLOPT_WRITEDATA, static_cast<void*>(this));
  Set(handle, CURLOPT_PREREQFUNCTION, &Transfer::OnBeforeRequest);
  Set(handle, CURLOPT_PREREQDATA, static_cast<void*>(this));
}

void Transfer::SetLimits() {
  CURL* const handle = handle_.get();
  Set(handle, CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(request_.connect_timeout.count()));
  Set(handle, CURLOPT_TIMEOUT_MS, static_cast<long>(request_.timeout.count()));
  Set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  Set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  Set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  Set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  Set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  Set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  SetIdentity();
  Set(handle, CURLOPT_MAXAGE_CONN, kMaxIdleSeconds);
  // Signals belong to the daemon, not to a library in one of its threads.
  Set(handle, CURLOPT_NOSIGNAL, 1L);
  // No proxy and no .netrc from the environment: only the file decides.
  Set(handle, CURLOPT_PROXY, "");
  Set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  // A resolver that hangs must not hold up the end of its transfer, and with
  // it every other one.
  Set(handle, CURLOPT_QUICK_EXIT, 1L);
}

void Transfer::SetIdentity() {
  const auto set = [this](CURLoption option, const std::string& value) {
    if (!value.empty()) Set(handle_.get(), option, value.c_str());
  };
  set(CURLOPT_CAINFO, request_.ca_file);
  set(CURLOPT_SSLCERT, request_.certificate_file);
  set(CURLOPT_SSLKEY, request_.key_file);
  Set(handle_.get(), CURLOPT_HTTPAUTH, static_cast<long>(CURLAUTH_BASIC));
  set(CURLOPT_USERPWD, request_.user_password);
}

void Transfer::SetHeaders() {
  const auto append = [this](const std::string& line) {
    curl_slist* const longer = curl_slist_append(headers_.get(), line.c_str());
    TOCSIN_CHECK(longer != nullptr);
    (void)headers_.release();
    headers_.reset(longer);
  };
  for (const auto& [name, value] : request_.headers) {
    append(value.empty() ? name + ";" : name + ": " + value);
  }
  append("Expect:");  // no round trip before the body
  Set(handle_.get(), CURLOPT_HTTPHEADER, headers_.get());
}

void Transfer::Finish(CURLcode code) { callback_(Outcome(code)); }

void Transfer::Fail(Error error) { callback_(std::move(error)); }

Result<Response> Transfer::Outcome(CURLcode code) const {
  if (refused_) {
    return Error{Code::kConflict, "not sent: the permit was refused"};
  }
  // The same code for an answer that is not HTTP/1 blames the server instead.
  if (code == CURLE_URL_MALFORMAT ||
      (code == CURLE_UNSUPPORTED_PROTOCOL && !connected_)) {
    return Error{Code::kInvalid, "not an http or https URL"};
  }
  if (code != CURLE_OK && !cut_) {
    const std::string why =
        error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
    return Error{Code::kUnavailable, "no answer from " + Host() + ": " + why};
  }
  Response response;
  response.body = body_;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &response.status);
  curl_off_t retry_after = 0;  // also from an HTTP date
  curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &retry_after);
  if (retry_after > 0) {
    response.retry_after = std::chrono::seconds(retry_after);
  }
  return response;
}

std::string Transfer::Host() const {
  const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> url(
      curl_url(), &curl_url_cleanup);
  char* host = nullptr;
  if (url == nullptr ||
      curl_url_set(url.get(), CURLUPART_URL, request_.url.c_str(), 0) !=
          CURLUE_OK ||
      curl_url_get(url.get(), CURLUPART_HOST, &host, 0) != CURLUE_OK) {
    return "the host";
  }
  const std::unique_ptr<char, decltype(&curl_free)> owned(host, &curl_free);
  return host;
}

std::size_t Transfer::OnBody(char* data, std::size_t, std::size_t count,
                             void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::size_t room = kBodyLimit - transfer.body_.size();
  transfer.body_.append(data, std::min(count, room));
  if (count <= room) return count;
  transfer.cut_ = true;
  return 0;  // ends the transfer; the rest is not read
}

int Transfer::OnBeforeRequest(void* self, char*, char*, int, int) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.connected_ = true;
  if (!transfer.permit_ || transfer.permit_()) return CURL_PREREQFUNC_OK;
  transfer.refused_ = true;
  return CURL_PREREQFUNC_ABORT;
}

}  // namespace tocsin::http
