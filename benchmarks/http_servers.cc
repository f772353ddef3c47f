#include "benchmarks/http_servers.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/mutex.h"
#include "web/listener.h"

namespace tocsin::benchmarks {
namespace {

constexpr int kTransportThreads = 2;
constexpr const char* kBody = "hello\n";
constexpr const char* kType = "text/plain";

// --- ours -------------------------------------------------------------------

class Guarded : public HttpServer {
 public:
  Guarded(int threads, std::function<void(web::Request, web::Reply)> handle) {
    web::Limits limits;
    limits.transport_threads = threads;
    pool_ =
        std::make_shared<web::WorkerPool>(limits.workers, limits.waiting_reads);
    web::Application application;
    application.handle = std::move(handle);
    auto listener = web::Listener::Start({"127.0.0.1:0"}, limits,
                                         std::move(application), pool_);
    TOCSIN_CHECK(listener.ok());
    listener_ = std::move(listener).value();
  }
  ~Guarded() override {
    listener_->Stop();
    pool_->Stop();
  }

  std::uint16_t port() const override { return listener_->ports().front(); }

 private:
  std::shared_ptr<web::WorkerPool> pool_;  // shared with the listener
  std::unique_ptr<web::Listener> listener_;
};

web::Response Hello() { return {.body = kBody, .content_type = kType}; }

// Stands for the engine: commits what waits, one batch after the other.
class Committer {
 public:
  using Done = std::function<void()>;

  Committer() : thread_([this] { Run(); }) {}
  ~Committer() {
    {
      const MutexLock lock(mutex_);
      stopped_ = true;
    }
    changed_.NotifyAll();
    thread_.join();
  }

  void Post(Done done) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    waiting_.push_back(std::move(done));
    changed_.NotifyAll();
  }

 private:
  static constexpr std::chrono::milliseconds kCommit{5};

  void Run() EXCLUDES(mutex_) {
    for (std::vector<Done> batch; Next(batch); batch.clear()) {
      std::this_thread::sleep_for(kCommit);
      for (const Done& done : batch) done();
    }
  }

  bool Next(std::vector<Done>& batch) EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    while (waiting_.empty() && !stopped_) changed_.Wait(mutex_);
    batch.swap(waiting_);
    return !batch.empty();
  }

  Mutex mutex_;
  ConditionVariable changed_;
  std::vector<Done> waiting_ GUARDED_BY(mutex_);
  bool stopped_ GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

// The committer outlives the listener, whose handlers post to it.
class WithCommits final : public HttpServer {
 public:
  using Handle =
      std::function<void(Committer& committer, const web::Reply& reply)>;

  WithCommits(int threads, Handle handle)
      : server_(threads, [this, handle = std::move(handle)](
                             const web::Request&, const web::Reply& reply) {
          handle(committer_, reply);
        }) {}

  std::uint16_t port() const override { return server_.port(); }

 private:
  Committer committer_;
  Guarded server_;
};

// --- Boost.Beast ------------------------------------------------------------

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;

class Session : public std::enable_shared_from_this<Session> {
 public:
  explicit Session(Tcp::socket socket) : stream_(std::move(socket)) {}

  void Read() {
    request_ = {};
    http::async_read(
        stream_, buffer_, request_,
        [self = shared_from_this()](beast::error_code fault, std::size_t) {
          if (!fault) self->Write();
        });
  }

 private:
  void Write() {
    response_ = {http::status::ok, request_.version()};
    response_.set(http::field::content_type, kType);
    response_.keep_alive(request_.keep_alive());
    response_.body() = kBody;
    response_.prepare_payload();
    http::async_write(
        stream_, response_,
        [self = shared_from_this()](beast::error_code fault, std::size_t) {
          if (!fault) self->Read();
        });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
};

class Beast final : public HttpServer {
 public:
  Beast() : acceptor_(io_, {asio::ip::make_address("127.0.0.1"), 0}) {
    Accept();
    for (int i = 0; i < kTransportThreads; ++i) {
      threads_.emplace_back([this] { io_.run(); });
    }
  }
  ~Beast() override {
    io_.stop();
    for (std::thread& thread : threads_) thread.join();
  }

  std::uint16_t port() const override {
    return acceptor_.local_endpoint().port();
  }

 private:
  void Accept() {
    acceptor_.async_accept(
        asio::make_strand(io_),
        [this](beast::error_code fault, Tcp::socket socket) {
          if (fault) return;
          socket.set_option(Tcp::no_delay(true));
          std::make_shared<Session>(std::move(socket))->Read();
          Accept();
        });
  }

  asio::io_context io_{kTransportThreads};
  Tcp::acceptor acceptor_;
  std::vector<std::thread> threads_;
};

}  // namespace

std::unique_ptr<HttpServer> OurGuard() {
  return std::make_unique<Guarded>(
      kTransportThreads, [](const web::Request&, const web::Reply& reply) {
        reply.Send(Hello());
      });
}

std::unique_ptr<HttpServer> BoostBeast() { return std::make_unique<Beast>(); }

std::unique_ptr<HttpServer> BlocksUntilCommit(int transport_threads) {
  return std::make_unique<WithCommits>(
      transport_threads, [](Committer& committer, const web::Reply& reply) {
        std::promise<void> committed;
        committer.Post([&committed] { committed.set_value(); });
        committed.get_future().wait();
        reply.Send(Hello());
      });
}

std::unique_ptr<HttpServer> RepliesAfterCommit(int transport_threads) {
  return std::make_unique<WithCommits>(
      transport_threads, [](Committer& committer, const web::Reply& reply) {
        committer.Post([reply] { reply.Send(Hello()); });
      });
}

}  // namespace tocsin::benchmarks
