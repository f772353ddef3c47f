#pragma once

#include <cstdint>
#include <functional>
#include <memory>

// The servers that http_bench loads, each with two transport threads, each
// with the same small answer to everything.
namespace tocsin::benchmarks {

// Listens on a free port of 127.0.0.1 for as long as it lives.
class HttpServer {
 public:
  virtual ~HttpServer() = default;
  virtual std::uint16_t port() const = 0;
};

using MakeServer = std::function<std::unique_ptr<HttpServer>()>;

std::unique_ptr<HttpServer> OurGuard();
std::unique_ptr<HttpServer> BoostBeast();
std::unique_ptr<HttpServer> StockPistache();

// Our guard again; a thread that stands for the engine commits, 5 ms each
// time, all requests that came meanwhile. Either the transport's thread waits
// for that, or it hands on its Reply and is free.
std::unique_ptr<HttpServer> BlocksUntilCommit(int transport_threads);
std::unique_ptr<HttpServer> RepliesAfterCommit(int transport_threads);

}  // namespace tocsin::benchmarks
