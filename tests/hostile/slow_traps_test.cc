// The traps of stock Pistache that take many seconds, much memory or many
// descriptors. `./dev check` runs them.
#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/hostile/trial.h"
#include "tests/web/client.h"

namespace tocsin::hostile {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using web::Client;
using web::Compose;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kMegabyte = 1u << 20;
// What one client may not make a server keep.
constexpr std::size_t kTooMuch = 100 * kMegabyte;

std::string Megabytes(std::size_t bytes) {
  return std::to_string(bytes / kMegabyte) + " MB";
}

// CPU that a request with headers of `size` bytes costs, in seconds.
double CpuOfHeaders(Victim& victim, std::size_t size) {
  const double before = victim.CpuSeconds();
  Client client(victim.port(), 0, seconds(60));
  std::string request = "GET /hello HTTP/1.1\r\nHost: a\r\n";
  while (request.size() < size) request += "X-A: b\r\n";
  client.Send(request + "\r\n");
  client.Receive();
  return victim.CpuSeconds() - before;
}

Finding HugeHeaders(Victim& victim) {
  const double spent = CpuOfHeaders(victim, kMegabyte);
  return {spent > 0.5,
          std::to_string(static_cast<int>(spent * 1000)) + " ms of CPU"};
}

// One client asks for 100 KB, again and again, and takes nothing.
Finding AsksAndNeverReads(Victim& victim) {
  const std::size_t before = victim.ResidentBytes();
  Client client(victim.port(), 0, milliseconds(500));
  const std::string request =
      Compose("GET", "/big?n=100000", "Connection: keep-alive\r\n");
  std::size_t most = before;
  const auto end = Steady::now() + seconds(8);
  while (Steady::now() < end && most < before + kTooMuch) {
    for (int i = 0; i < 10; ++i) client.Send(request);
    std::this_thread::sleep_for(milliseconds(2));
    most = std::max(most, victim.ResidentBytes());
  }
  const std::size_t grown = most - before;
  return {grown >= kTooMuch, "grew by " + Megabytes(grown)};
}

using Crowd = std::vector<std::unique_ptr<Client>>;

// As many connections as the server lets us have, at most `most`, each of which
// said something that is no whole request. Ends when several fail in a row.
Crowd Gather(const Victim& victim, std::size_t most) {
  Crowd crowd;
  for (int failed = 0; crowd.size() < most && failed < 3;) {
    try {
      crowd.push_back(std::make_unique<Client>(victim.port(), 0, seconds(2)));
      crowd.back()->Send("GET /he");
      failed = 0;
    } catch (const std::system_error&) {  // full, its backlog too
      ++failed;
    }
  }
  return crowd;
}

// With 2,000 strangers at the door, whether it ever says that 500 are enough.
Finding NoCap(Victim& victim) {
  const Crowd crowd = Gather(victim, 2'000);
  std::size_t held = victim.Descriptors();
  // Who had to make room is let go of a moment later.
  for (int i = 0; i < 50 && held > 1'500; ++i) {
    victim.Dies(std::chrono::milliseconds(100));
    held = victim.Descriptors();
  }
  return {held > 1'500, "holds " + std::to_string(held) + " descriptors"};
}

// More connections than descriptors: it must not spin, and must serve as soon
// as there is room again.
Finding OutOfDescriptors(Victim& victim) {
  Crowd crowd = Gather(victim, 400);
  const double before = victim.CpuSeconds();
  victim.Dies(seconds(1));
  const double busy = victim.CpuSeconds() - before;
  crowd.clear();
  const bool serves = victim.Answers(seconds(5));
  return {busy > 0.3 || !serves,
          "CPU " + std::to_string(static_cast<int>(busy * 100)) + " %" +
              (serves ? "" : ", never serves again")};
}

struct Mixed {
  std::int64_t aborted = 0;
  std::int64_t asked = 0;
  std::int64_t wrong = 0;
};

// Two threads of clients that leave right after asking, two that look whether
// the answer they get is theirs.
Mixed AbortBesideOthers(const Victim& victim, seconds length) {
  std::atomic<bool> stop{false};
  std::atomic<std::int64_t> aborted{0};
  std::atomic<std::int64_t> asked{0};
  std::atomic<std::int64_t> wrong{0};
  const auto leaver = [&](bool reset) {
    const std::string request = Compose("GET", "/id?x=stranger");
    while (!stop) {
      try {
        Client client(victim.port(), 0, seconds(2));
        client.Send(request);
        if (reset) client.Abort();
        ++aborted;
      } catch (const std::system_error&) {
      }
    }
  };
  const auto asker = [&](const std::string& name) {
    for (int i = 0; !stop; ++i) {
      const std::string id = name + std::to_string(i);
      try {
        Client client(victim.port(), 0, seconds(2));
        const std::string answer = client.Ask(Compose("GET", "/id?x=" + id));
        ++asked;
        const bool served = web::StatusOf(answer) == "200";
        if (served && web::BodyOf(answer) != id) ++wrong;
      } catch (const std::system_error&) {
      }
      if (wrong > 0) stop = true;
    }
  };
  std::vector<std::thread> threads;
  threads.emplace_back(leaver, true);
  threads.emplace_back(leaver, false);
  threads.emplace_back(asker, "ada");
  threads.emplace_back(asker, "bob");
  const auto end = Steady::now() + length;
  while (!stop && Steady::now() < end) {
    std::this_thread::sleep_for(milliseconds(20));
  }
  stop = true;
  for (std::thread& thread : threads) thread.join();
  return {.aborted = aborted, .asked = asked, .wrong = wrong};
}

Finding AnswersToOthers(Victim& victim) {
  const Mixed mixed = AbortBesideOthers(victim, seconds(30));
  return {mixed.wrong > 0, std::to_string(mixed.wrong) + " wrong of " +
                               std::to_string(mixed.asked)};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(slow_traps)

BOOST_AUTO_TEST_CASE(a_client_costs_what_it_sends) {
  Try({.name = "headers of 1 MB",
       .judge = HugeHeaders,
       .stock_flags = {"--max-request", "4000000"}});
  Try({.name = "asks and never reads",
       .judge = AsksAndNeverReads,
       .stock_tries = 4});
}

BOOST_AUTO_TEST_CASE(a_crowd_of_strangers_has_an_end) {
  Try({.name = "2,000 strangers",
       .judge = NoCap,
       .our_flags = {"--connections", "500"}});
  Try({.name = "more connections than descriptors",
       .judge = OutOfDescriptors,
       // As tocsind fits its cap to the limit that it finds.
       .our_flags = {"--connections", "20"},
       .descriptors = 100});
}

BOOST_AUTO_TEST_CASE(each_answer_reaches_the_one_who_asked) {
  Try({.name = "clients that leave before their answer",
       .judge = AnswersToOthers,
       .stock_tries = 4});
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace tocsin::hostile
