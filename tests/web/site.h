#pragma once

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "metrics/metrics.h"
#include "tests/web/client.h"
#include "web/listener.h"

namespace tocsin::web {

// A listener whose application answers by path: /echo at once with the body,
// /who with the sender, /block when the test unblocks its thread, /big with 16
// MiB, /hold when the test releases it, /drop never, /throw with an exception,
// /none with 404. It admits no body for /private, and takes who comes to /echo
// for a known client. In a test by itself it is "the engine".
class Site {
 public:
  explicit Site(const Limits& limits = {}, const Entrance& entrance = {})
      : pool_(std::make_shared<WorkerPool>(limits.workers,
                                           limits.waiting_reads)) {
    auto started = Listener::Start(
        {"127.0.0.1:0"}, limits,
        {.handle = [this](Request request,
                          const Reply& reply) { Handle(request, reply); },
         .refused =
             [this](const Request& head, const Refusal& refusal) {
               Note(head.path + " refused");
               Note(std::string(refusal.reason));
             },
         .client_left = [this] { Note("left"); },
         .admit = [this](const Request& head) { return Admit(head); },
         .metrics = &metrics_},
        pool_, entrance);
    listener_ = std::move(started).value();
  }
  ~Site() {
    listener_->Stop();
    pool_->Stop();
  }

  std::uint16_t port() const { return listener_->ports().front(); }
  Listener& listener() { return *listener_; }

  // The oldest request to /hold; waits for it.
  Reply Held() {
    const MutexLock lock(mutex_);
    while (held_.empty()) BOOST_REQUIRE(changed_.WaitFor(mutex_, kPatience));
    Reply reply = held_.front();
    held_.erase(held_.begin());
    return reply;
  }
  void Unblock() {
    const MutexLock lock(mutex_);
    unblocked_ = true;
    changed_.NotifyAll();
  }
  // Waits until the application was told that.
  void Expect(const std::string& note) {
    const MutexLock lock(mutex_);
    while (std::find(notes_.begin(), notes_.end(), note) == notes_.end()) {
      BOOST_REQUIRE(changed_.WaitFor(mutex_, kPatience));
    }
  }
  std::vector<std::string> seen() {
    const MutexLock lock(mutex_);
    return seen_;
  }
  std::size_t Noted(const std::string& note) {
    const MutexLock lock(mutex_);
    return static_cast<std::size_t>(
        std::count(notes_.begin(), notes_.end(), note));
  }
  // The threads that handled requests.
  std::set<std::thread::id> threads() {
    const MutexLock lock(mutex_);
    return threads_;
  }
  // The value of a series, as "name{label=\"value\"}".
  double Metric(const std::string& series) const {
    const std::string text = "\n" + metrics_.Serialize();
    const std::size_t at = text.find("\n" + series + " ");
    BOOST_REQUIRE(at != std::string::npos);
    return std::stod(text.substr(at + series.size() + 2));
  }
  double Refused(const std::string& reason) const {
    return Metric("tocsin_http_refused_total{reason=\"" + reason + "\"}");
  }

 private:
  static constexpr std::chrono::milliseconds kPatience{10000};

  void Note(std::string note) {
    const MutexLock lock(mutex_);
    notes_.push_back(std::move(note));
    changed_.NotifyAll();
  }

  Admission Admit(const Request& head) {
    Note(head.path + " judged");
    if (head.path != "/private") return {.known = head.path == "/echo"};
    return {Response{.status = 403, .body = "not you"}};
  }

  void Handle(const Request& request, const Reply& reply) {
    {
      const MutexLock lock(mutex_);
      threads_.insert(std::this_thread::get_id());
      seen_.push_back(request.method + " " + request.path + " " + request.body);
      if (request.path == "/hold") held_.push_back(reply);
      changed_.NotifyAll();
    }
    if (request.path == "/echo") reply.Vouch();
    if (request.path == "/block") Block();
    if (request.path == "/throw") throw 42;
    if (request.path == "/hold" || request.path == "/drop") return;
    if (request.path == "/big") {
      return reply.Send({.body = std::string(16u << 20, 'x')});
    }
    if (request.path == "/who") return reply.Send({.body = request.sender});
    if (request.path == "/none") return reply.Send({.status = 404});
    reply.Send({.body = request.body});
  }

  void Block() {
    const MutexLock lock(mutex_);
    while (!unblocked_ && changed_.WaitFor(mutex_, kPatience)) {
    }
  }

  Mutex mutex_;
  ConditionVariable changed_;
  bool unblocked_ GUARDED_BY(mutex_) = false;
  std::vector<Reply> held_ GUARDED_BY(mutex_);
  std::vector<std::string> notes_ GUARDED_BY(mutex_);
  std::vector<std::string> seen_ GUARDED_BY(mutex_);
  std::set<std::thread::id> threads_ GUARDED_BY(mutex_);
  metrics::Metrics metrics_{metrics::Names{}};
  std::shared_ptr<WorkerPool> pool_;
  std::unique_ptr<Listener> listener_;
};

// Whether that comes true, within a patience.
template <typename Predicate>
bool Eventually(Predicate predicate) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!predicate()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

inline std::string Echo(std::string_view body) {
  return Compose("POST", "/echo", "", body);
}

}  // namespace tocsin::web
