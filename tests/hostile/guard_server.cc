// guard_server [--threads N] [--max-request BYTES] [--keepalive-ms MS]
//              [--connections N] [--tls CERT KEY] [--restarts N]: our
// listener with the paths of stock_server, so that one judge can look at both.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/current.h"
#include "tests/hostile/self.h"
#include "web/listener.h"
#include "web/query.h"
#include "web/tls_context.h"

namespace tocsin::web {
namespace {

using std::chrono::milliseconds;

struct Flags {
  Limits limits;
  int restarts = 0;
  std::string certificate;
  std::string key;
};

Flags Parse(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    if (name == "--tls") {
      flags.certificate = argv[i + 1];
      flags.key = argv[++i + 1];
      continue;
    }
    const int value = std::stoi(argv[i + 1]);
    if (name == "--threads") flags.limits.transport_threads = value;
    if (name == "--restarts") flags.restarts = value;
    if (name == "--keepalive-ms") {
      flags.limits.idle = milliseconds(value);
      flags.limits.tick = milliseconds(100);
    }
    if (name == "--connections") {
      flags.limits.connections = static_cast<std::size_t>(value);
    }
    if (name == "--max-request") {
      flags.limits.body_bytes = static_cast<std::size_t>(value);
    }
  }
  return flags;
}

// Answers from threads of its own, joined at the end.
class House {
 public:
  ~House() {
    for (std::thread& thread : later_) thread.join();
  }

  void Handle(const Request& request, const Reply& reply) {
    const Query query(request.query);
    const std::string id = query.Get("x").value_or("");
    if (request.path == "/hello") return reply.Send({.body = "hello"});
    if (request.path == "/id") return reply.Send({.body = id});
    if (request.path == "/len") {
      return reply.Send({.body = std::to_string(request.body.size())});
    }
    if (request.path == "/big") {
      const std::size_t size = std::stoul(query.Get("n").value_or("0"));
      return reply.Send({.body = std::string(size, 'x')});
    }
    if (request.path == "/throw") throw 42;
    if (request.path == "/header") {
      return reply.Send({.body = "header",
                         .headers = {{"Server", "a\r\nX-Second: smuggled"}}});
    }
    if (request.path == "/raw") {
      return reply.Send({.body = "raw", .headers = {{"X-Raw", "there"}}});
    }
    if (request.path == "/later") {
      return Later(milliseconds(std::stoi(query.Get("ms").value_or("0"))),
                   [reply, id] { reply.Send({.body = id}); });
    }
    if (request.path == "/stream") {
      return Later(milliseconds(0), [reply] {
        const Stream stream = reply.Stream({.body = "part"});
        for (int i = 1; i < 10 && stream.Write("part"); ++i) {
        }
      });
    }
    reply.Send({.status = 404, .body = "nothing here"});
  }

 private:
  template <typename Work>
  void Later(milliseconds wait, Work work) {
    const MutexLock lock(mutex_);
    later_.emplace_back([wait, work] {
      std::this_thread::sleep_for(wait);
      work();
    });
  }

  Mutex mutex_;
  std::vector<std::thread> later_;
};

std::string Contents(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Running {
  std::unique_ptr<Current<TlsContext>> tls;  // null: plain HTTP
  std::shared_ptr<WorkerPool> pool;
  std::unique_ptr<Listener> listener;
};

Running Start(const Flags& flags, House& house) {
  const Limits& limits = flags.limits;
  Running running;
  if (!flags.certificate.empty()) {
    const TlsResult made =
        TlsContext::Make({.certificates = {.text = Contents(flags.certificate)},
                          .key = {.text = Contents(flags.key)}});
    TOCSIN_CHECK(made.context != nullptr);
    running.tls = std::make_unique<Current<TlsContext>>(made.context);
  }
  running.pool =
      std::make_shared<WorkerPool>(limits.workers, limits.waiting_reads);
  auto listener = Listener::Start(
      {"127.0.0.1:0"}, limits,
      {.handle = [&house](const Request& request,
                          const Reply& reply) { house.Handle(request, reply); },
       .refused = {},
       .client_left = {}},
      running.pool, {.rules = nullptr, .tls = running.tls.get()});
  TOCSIN_CHECK(listener.ok());
  running.listener = std::move(listener).value();
  return running;
}

void Stop(const Running& running) {
  running.listener->Stop();
  running.pool->Stop();
}

int Main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ends, nullptr);

  const Flags flags = Parse(argc, argv);
  House house;
  for (int i = 0; i < flags.restarts; ++i) {
    const Running running = Start(flags, house);
    const hostile::Visitor visitor(running.listener->ports().front());
    Stop(running);
  }
  if (flags.restarts > 0) {
    std::printf("%zu\n", hostile::OpenDescriptors());
    return 0;
  }
  const Running running = Start(flags, house);
  std::printf("port %u backlog %u\n",
              static_cast<unsigned>(running.listener->ports().front()),
              hostile::Backlog());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ends, &signal);
  Stop(running);
  return 0;
}

}  // namespace
}  // namespace tocsin::web

int main(int argc, char** argv) { return tocsin::web::Main(argc, argv); }
