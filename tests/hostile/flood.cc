// flood --port P --connections N --seed S [--threads N]
//       (--token T --groups FIRST,LAST | --hello HEX): that many hostile
// connections of all kinds of attack.h against a running tocsind, beside good
// clients. Each of those asks for an alert group by its id and looks whether
// that very group comes back. With --hello the port is one of TLS and the good
// clients are somebody else's. Prints one line of counts; exits 1 when a good
// client got a wrong answer or none, or a stranger was left without an end.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "tests/hostile/attack.h"
#include "tests/web/client.h"

namespace tocsin::hostile {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

// Slow ones that each thread keeps open at a time.
constexpr std::size_t kHeld = 25;

struct Flags {
  std::uint16_t port = 0;
  std::uint64_t connections = 0;
  std::uint64_t seed = 1;
  std::string token;
  std::string hello;
  std::uint64_t first_group = 0;
  std::uint64_t last_group = 0;
  int threads = 6;
};

struct Counts {
  std::atomic<std::uint64_t> begun{0};    // hostile connections
  std::atomic<std::uint64_t> failed{0};   // of those, not even connected
  std::atomic<std::uint64_t> silent{0};   // waited for an answer in vain
  std::atomic<std::uint64_t> good{0};     // answers that were right
  std::atomic<std::uint64_t> wrong{0};    // the group of somebody else
  std::atomic<std::uint64_t> refused{0};  // 503
  std::atomic<std::uint64_t> lost{0};     // no answer to a good client
  std::atomic<std::uint64_t> slowest{0};  // microseconds
};

// One hostile connection.
class Stranger {
 public:
  // From some address of the loopback network, as there are not enough ports
  // for a million connections from one.
  Stranger(std::uint16_t port, Random& random)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(fd_, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    const auto host = static_cast<std::uint32_t>(2 + random() % 60'000);
    const sockaddr_in from = Address(INADDR_LOOPBACK + host, 0);
    const sockaddr_in to = Address(INADDR_LOOPBACK, port);
    connected_ = Do(::bind, from) && Do(::connect, to);
  }
  ~Stranger() { ::close(fd_); }
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;

  bool connected() const { return connected_; }

  void Say(const std::string& bytes) {
    ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
  }

  // Whether an answer or the end came.
  bool Hears() {
    char part[4096];
    return ::recv(fd_, part, sizeof part, 0) >= 0 || errno != EAGAIN;
  }

  void CloseHalf() { ::shutdown(fd_, SHUT_WR); }

  // The destructor then resets.
  void WillReset() {
    const linger reset{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  }

 private:
  static sockaddr_in Address(std::uint32_t host, std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(host);
    return address;
  }
  template <typename Call>
  bool Do(Call call, const sockaddr_in& address) const {
    return call(fd_, reinterpret_cast<const sockaddr*>(&address),
                sizeof address) == 0;
  }

  const int fd_;
  bool connected_ = false;
};

void Run(const Attack& attack, std::unique_ptr<Stranger> stranger,
         std::deque<std::unique_ptr<Stranger>>& held, Counts& counts) {
  for (const std::string& part : attack.parts) stranger->Say(part);
  switch (attack.leave) {
    case Leave::kClose:
      break;
    case Leave::kReset:
      stranger->WillReset();
      break;
    case Leave::kHalfClose:
      stranger->CloseHalf();
      if (!stranger->Hears()) ++counts.silent;
      break;
    case Leave::kRead:
      // Noise may be the beginning of something; nothing more will come.
      stranger->CloseHalf();
      if (!stranger->Hears()) ++counts.silent;
      break;
    case Leave::kHold:
      held.push_back(std::move(stranger));
      if (held.size() > kHeld) held.pop_front();
      for (const auto& slow : held) slow->Say("x");
      break;
  }
}

void Attackers(const Flags& flags, std::uint64_t number, Counts& counts) {
  Random random(flags.seed * 1000 + number);
  std::deque<std::unique_ptr<Stranger>> held;
  while (counts.begun++ < flags.connections) {
    auto stranger = std::make_unique<Stranger>(flags.port, random);
    const Attack attack = flags.hello.empty()
                              ? SomeAttack(random)
                              : SomeTlsAttack(random, flags.hello);
    if (stranger->connected()) {
      Run(attack, std::move(stranger), held, counts);
    } else {
      ++counts.failed;
    }
  }
}

void Judge(const std::string& answer, const std::string& id, Counts& counts) {
  const std::string status = web::StatusOf(answer);
  if (status == "503") {
    ++counts.refused;
  } else if (status == "200" &&
             web::BodyOf(answer).find("\"id\":\"" + id + "\"") !=
                 std::string::npos) {
    ++counts.good;
  } else if (answer.empty()) {
    ++counts.lost;
  } else {
    if (counts.wrong++ == 0) {
      std::printf("asked for %s, got %s\n", id.c_str(), answer.c_str());
    }
  }
}

// Keeps a connection for twenty requests, then takes a new one.
void GoodClient(const Flags& flags, std::uint64_t number, Counts& counts) {
  Random random(number);
  const std::string authorization = "Authorization: " + flags.token + "\r\n";
  std::unique_ptr<web::Client> client;
  for (int i = 0; counts.begun < flags.connections; ++i) {
    const std::uint64_t groups = flags.last_group - flags.first_group + 1;
    const std::string id =
        std::to_string(flags.first_group + random() % groups);
    const auto begun = Steady::now();
    try {
      if (i % 20 == 0) client = std::make_unique<web::Client>(flags.port);
      Judge(client->Ask(web::Compose("GET", "/api/v1/alert_groups/" + id + "/",
                                     authorization)),
            id, counts);
    } catch (const std::system_error&) {
      ++counts.lost;
      client = std::make_unique<web::Client>(flags.port);
    }
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        Steady::now() - begun);
    const auto micros = static_cast<std::uint64_t>(took.count());
    std::uint64_t slowest = counts.slowest;
    while (micros > slowest &&
           !counts.slowest.compare_exchange_weak(slowest, micros)) {
    }
  }
}

std::string FromHex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

Flags Parse(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--token") {
      flags.token = value;
    } else if (name == "--hello") {
      flags.hello = FromHex(value);
    } else if (name == "--port") {
      flags.port = static_cast<std::uint16_t>(std::stoul(value));
    } else if (name == "--connections") {
      flags.connections = std::stoull(value);
    } else if (name == "--seed") {
      flags.seed = std::stoull(value);
    } else if (name == "--threads") {
      flags.threads = std::stoi(value);
    } else if (name == "--groups") {
      const std::size_t comma = value.find(',');
      flags.first_group = std::stoull(value);
      flags.last_group = std::stoull(value.substr(comma + 1));
    }
  }
  TOCSIN_CHECK(flags.port != 0 && flags.last_group >= flags.first_group);
  return flags;
}

int Main(int argc, char** argv) {
  const Flags flags = Parse(argc, argv);
  Counts counts;
  std::vector<std::thread> threads;
  for (int i = 0; i < flags.threads; ++i) {
    threads.emplace_back(Attackers, std::cref(flags), i, std::ref(counts));
  }
  const std::uint64_t good = flags.hello.empty() ? 2 : 0;
  for (std::uint64_t i = 0; i < good; ++i) {
    threads.emplace_back(GoodClient, std::cref(flags), i, std::ref(counts));
  }
  for (std::thread& thread : threads) thread.join();
  const auto number = [](const std::atomic<std::uint64_t>& count) {
    return static_cast<unsigned long long>(count.load());
  };
  std::printf(
      "hostile %llu failed %llu silent %llu good %llu wrong %llu refused %llu "
      "lost %llu slowest_ms %llu\n",
      static_cast<unsigned long long>(flags.connections), number(counts.failed),
      number(counts.silent), number(counts.good), number(counts.wrong),
      number(counts.refused), number(counts.lost),
      number(counts.slowest) / 1000);
  const bool held = counts.wrong == 0 && counts.lost == 0 &&
                    counts.silent == 0 && (good == 0 || counts.good > 0);
  return held ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace
}  // namespace tocsin::hostile

int main(int argc, char** argv) { return tocsin::hostile::Main(argc, argv); }
