// Apart from the other servers: Pistache has a macro REQUIRES, as base/mutex.h.
#include <pistache/endpoint.h>

#include <memory>

#include "benchmarks/http_servers.h"

namespace tocsin::benchmarks {
namespace {

constexpr int kTransportThreads = 2;

namespace pistache = Pistache;

class Plain final : public pistache::Http::Handler {
 public:
  HTTP_PROTOTYPE(Plain)

  void onRequest(const pistache::Http::Request&,
                 pistache::Http::ResponseWriter response) override {
    response.send(pistache::Http::Code::Ok, "hello\n");
  }
};

class Stock final : public HttpServer {
 public:
  Stock() : endpoint_(pistache::Address("127.0.0.1", pistache::Port(0))) {
    endpoint_.init(pistache::Http::Endpoint::options()
                       .threads(kTransportThreads)
                       .flags(pistache::Tcp::Options::ReuseAddr |
                              pistache::Tcp::Options::NoDelay));
    endpoint_.setHandler(pistache::Http::make_handler<Plain>());
    endpoint_.serveThreaded();
  }
  ~Stock() override { endpoint_.shutdown(); }

  std::uint16_t port() const override { return endpoint_.getPort(); }

 private:
  pistache::Http::Endpoint endpoint_;
};

}  // namespace

std::unique_ptr<HttpServer> StockPistache() {
  return std::make_unique<Stock>();
}

}  // namespace tocsin::benchmarks
