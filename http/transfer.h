#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>

#include "http/loop.h"

// Private to http/: one request as libcurl runs it.
namespace tocsin::http {

// A request with its easy handle. libcurl keeps pointers into it, so it stays
// where it is. Confined to the thread that runs it.
class Transfer {
 public:
  Transfer(Request request, Loop::Permit permit, Loop::Callback callback);
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  CURL* handle() const { return handle_.get(); }

  // Calls the callback with what `code`, libcurl's last word, means.
  void Finish(CURLcode code);

  // Calls the callback with an error of ours.
  void Fail(Error error);

 private:
  struct HandleDeleter {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct ListDeleter {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  void SetRequest();
  void SetLimits();
  void SetIdentity();
  void SetHeaders();
  Result<Response> Outcome(CURLcode code) const;
  std::string Host() const;

  static std::size_t OnBody(char* data, std::size_t size, std::size_t count,
                            void* self) noexcept;
  static int OnBeforeRequest(void* self, char* remote_ip, char* local_ip,
                             int remote_port, int local_port) noexcept;

  const Request request_;
  const Loop::Permit permit_;
  const Loop::Callback callback_;
  std::array<char, CURL_ERROR_SIZE> error_{};
  std::unique_ptr<curl_slist, ListDeleter> headers_;
  std::string body_;
  bool connected_ = false;
  bool cut_ = false;      // the answer was longer than we keep
  bool refused_ = false;  // the permit said no
  // Last: it points to the members above.
  std::unique_ptr<CURL, HandleDeleter> handle_;
};

}  // namespace tocsin::http
