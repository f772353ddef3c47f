// stock_server [--threads N] [--max-request BYTES] [--keepalive-ms MS]
//              [--backlog N] [--tls CERT KEY] [--restarts N]: Pistache as its
// documentation shows it, Rest::Router and all. It is what the traps are shown
// to break, and must stay as plain as it is. --restarts starts and stops that
// often, a client connected each time, and prints the descriptors left open.
#include <pistache/endpoint.h>
#include <pistache/router.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <exception>
#include <string>
#include <thread>
#include <utility>

#include "tests/hostile/self.h"

namespace {

namespace http = Pistache::Http;
using Request = Pistache::Rest::Request;
using std::chrono::milliseconds;

struct Flags {
  int threads = 2;
  int backlog = 0;
  int restarts = 0;
  std::size_t max_request = 0;  // 0: the library's own
  milliseconds keepalive{0};    // 0: the library's own
  std::string certificate;
  std::string key;
};

Flags Parse(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--threads") flags.threads = std::stoi(argv[i + 1]);
    if (name == "--restarts") flags.restarts = std::stoi(argv[i + 1]);
    if (name == "--backlog") flags.backlog = std::stoi(argv[i + 1]);
    if (name == "--max-request") flags.max_request = std::stoul(argv[i + 1]);
    if (name == "--keepalive-ms") {
      flags.keepalive = milliseconds(std::stoi(argv[i + 1]));
    }
    if (name == "--tls") {
      flags.certificate = argv[i + 1];
      flags.key = argv[++i + 1];
    }
  }
  return flags;
}

std::string Parameter(const Request& request, const char* name) {
  return request.query().get(name).value_or("");
}

milliseconds Wait(const Request& request) {
  return milliseconds(std::stoi(Parameter(request, "ms")));
}

// From a thread of its own, as the library allows it.
void Later(const Request& request, http::ResponseWriter writer) {
  std::thread([wait = Wait(request), id = Parameter(request, "x"),
               response = std::move(writer)]() mutable {
    std::this_thread::sleep_for(wait);
    response.send(http::Code::Ok, id);
  }).detach();
}

void Stream(const Request&, http::ResponseWriter writer) {
  std::thread([response = std::move(writer)]() mutable {
    try {
      auto stream = response.stream(http::Code::Ok);
      for (int i = 0; i < 10; ++i) {
        stream << "part" << http::flush;
      }
      stream.ends();
    } catch (const std::exception&) {
    }
  }).detach();
}

void AddRoutes(Pistache::Rest::Router& router) {
  using Result = Pistache::Rest::Route::Result;
  const auto route = [](auto work) {
    return [work](const Request& request, http::ResponseWriter writer) {
      work(request, std::move(writer));
      return Result::Ok;
    };
  };
  router.get("/hello", route([](const Request&, http::ResponseWriter writer) {
               writer.send(http::Code::Ok, "hello");
             }));
  router.get("/id",
             route([](const Request& request, http::ResponseWriter writer) {
               writer.send(http::Code::Ok, Parameter(request, "x"));
             }));
  router.post(
      "/len", route([](const Request& request, http::ResponseWriter writer) {
        writer.send(http::Code::Ok, std::to_string(request.body().size()));
      }));
  router.get(
      "/big", route([](const Request& request, http::ResponseWriter writer) {
        writer.send(http::Code::Ok,
                    std::string(std::stoul(Parameter(request, "n")), 'x'));
      }));
  router.get("/throw", route([](const Request&, http::ResponseWriter) {
               throw 42;  // not derived from std::exception
             }));
  router.get(
      "/header", route([](const Request&, http::ResponseWriter writer) {
        writer.headers().add<http::Header::Server>("a\r\nX-Second: smuggled");
        writer.send(http::Code::Ok, "header");
      }));
  router.get("/raw", route([](const Request&, http::ResponseWriter writer) {
               writer.headers().addRaw(http::Header::Raw("X-Raw", "there"));
               writer.send(http::Code::Ok, "raw");
             }));
  router.get("/later", route(Later));
  router.get("/stream", route(Stream));
}

// One life of the library's server with these flags.
class Life {
 public:
  Life(const Flags& flags, const Pistache::Rest::Router& router)
      : endpoint_(Pistache::Address("127.0.0.1", Pistache::Port(0))) {
    auto options = http::Endpoint::options()
                       .threads(flags.threads)
                       .flags(Pistache::Tcp::Options::ReuseAddr |
                              Pistache::Tcp::Options::NoDelay);
    if (flags.max_request > 0) options.maxRequestSize(flags.max_request);
    if (flags.keepalive > milliseconds(0)) {
      options.keepaliveTimeout(flags.keepalive);
    }
    if (flags.backlog > 0) options.backlog(flags.backlog);
    endpoint_.init(options);
    if (!flags.certificate.empty()) {
      endpoint_.useSSL(flags.certificate, flags.key);
    }
    endpoint_.setHandler(router.handler());
    endpoint_.serveThreaded();
  }
  ~Life() { endpoint_.shutdown(); }
  Life(const Life&) = delete;
  Life& operator=(const Life&) = delete;

  std::uint16_t port() const { return endpoint_.getPort(); }

 private:
  http::Endpoint endpoint_;
};

}  // namespace

int main(int argc, char** argv) {
  const Flags flags = Parse(argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  Pistache::Rest::Router router;
  AddRoutes(router);
  for (int i = 0; i < flags.restarts; ++i) {
    const Life life(flags, router);
    const tocsin::hostile::Visitor visitor(life.port());
  }
  if (flags.restarts > 0) {
    std::printf("%zu\n", tocsin::hostile::OpenDescriptors());
    return 0;
  }
  const Life life(flags, router);
  std::printf("port %u backlog %u\n", static_cast<unsigned>(life.port()),
              tocsin::hostile::Backlog());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  return 0;
}
