#include "http/loop.h"

#include <curl/curl.h>

#include <atomic>
#include <future>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/mutex.h"
#include "http/transfer.h"

namespace tocsin::http {
namespace {

// One slow host must leave connections for the others.
constexpr long kMaxConnectionsPerHost = 64;
constexpr long kMaxConnections = 256;
// An upper bound only: sockets, time-outs and Start wake the loop earlier.
constexpr int kPollMillis = 10'000;

// libcurl's global set-up, once in the process. The language makes the first
// call thread-safe.
void InitialiseOnce() {
  static const CURLcode kCode = curl_global_init(CURL_GLOBAL_DEFAULT);
  TOCSIN_CHECK(kCode == CURLE_OK);
}

CURLM* NewMulti() {
  InitialiseOnce();
  CURLM* const multi = curl_multi_init();
  TOCSIN_CHECK(multi != nullptr);
  return multi;
}

}  // namespace

class Loop::Impl {
 public:
  Impl() : multi_(NewMulti()) {
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_HOST_CONNECTIONS,
                      kMaxConnectionsPerHost);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS,
                      kMaxConnections);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kMaxConnections);
    thread_ = std::thread([this] { Run(); });
  }

  ~Impl() {
    {
      const MutexLock lock(mutex_);
      stopping_ = true;
    }
    Wake();
    thread_.join();
  }

  void Start(std::unique_ptr<Transfer> transfer) EXCLUDES(mutex_) {
    {
      const MutexLock lock(mutex_);
      started_.push_back(std::move(transfer));
    }
    Wake();
  }

  std::chrono::milliseconds SinceLook() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - looked_.load());
  }

 private:
  using Time = std::chrono::steady_clock::time_point;
  struct MultiDeleter {
    void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
  };
  using Started = std::vector<std::unique_ptr<Transfer>>;

  void Wake() { TOCSIN_CHECK(curl_multi_wakeup(multi_.get()) == CURLM_OK); }

  void Run() {
    while (!Stopping()) {
      looked_ = std::chrono::steady_clock::now();
      for (auto& transfer : TakeStarted()) Add(std::move(transfer));
      int running = 0;
      TOCSIN_CHECK(curl_multi_perform(multi_.get(), &running) == CURLM_OK);
      FinishDone();
      // What a callback has started wakes the poll at once.
      TOCSIN_CHECK(curl_multi_poll(multi_.get(), nullptr, 0, kPollMillis,
                                   nullptr) == CURLM_OK);
    }
    Cancel();
  }

  bool Stopping() EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return stopping_;
  }

  Started TakeStarted() EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    return std::exchange(started_, {});
  }

  void Add(std::unique_ptr<Transfer> transfer) {
    CURL* const handle = transfer->handle();
    running_.emplace(handle, std::move(transfer));
    TOCSIN_CHECK(curl_multi_add_handle(multi_.get(), handle) == CURLM_OK);
  }

  // Takes a transfer out of libcurl's hands.
  std::unique_ptr<Transfer> Remove(CURL* handle) {
    const auto at = running_.find(handle);
    TOCSIN_CHECK(at != running_.end());
    curl_multi_remove_handle(multi_.get(), handle);
    std::unique_ptr<Transfer> transfer = std::move(at->second);
    running_.erase(at);
    return transfer;
  }

  void FinishDone() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      const CURLcode code = message->data.result;  // gone after Remove
      Remove(message->easy_handle)->Finish(code);
    }
  }

  void Cancel() {
    const Error error{Code::kUnavailable, "no answer yet: shutting down"};
    while (!running_.empty()) Remove(running_.begin()->first)->Fail(error);
    for (auto& transfer : TakeStarted()) transfer->Fail(error);
  }

  std::atomic<Time> looked_{std::chrono::steady_clock::now()};
  Mutex mutex_;
  Started started_ GUARDED_BY(mutex_);
  bool stopping_ GUARDED_BY(mutex_) = false;

  // libcurl's own locking makes the wake-up thread-safe; all else of it, and
  // what runs, is confined to the loop's thread.
  const std::unique_ptr<CURLM, MultiDeleter> multi_;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> running_;
  std::thread thread_;
};

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

void Loop::Start(Request request, Permit permit, Callback callback) {
  impl_->Start(std::make_unique<Transfer>(std::move(request), std::move(permit),
                                          std::move(callback)));
}

std::chrono::milliseconds Loop::SinceLook() const { return impl_->SinceLook(); }

Result<Response> Fetch(const Request& request) {
  std::promise<Result<Response>> promise;
  Loop loop;
  loop.Start(request, {}, [&promise](Result<Response> result) {
    promise.set_value(std::move(result));
  });
  return promise.get_future().get();
}

}  // namespace tocsin::http
