// ingest_bench [--seconds S] [--rounds N] [--connections C] [--check]
//              [--sustained SECONDS | --big]
// Durable webhooks a second through the whole daemon (socket, parser, routing,
// core, SQLite with fsync, answer after commit), beside what bounds it: the
// bare HTTP guard that answers at once, the store alone, and fdatasync of one
// page. New groups of two alerts (2.5 KB), unchanged repeats, one connection,
// and groups of 2,000 alerts (alone with --big). With --sustained only new
// groups for so long, with a probe beside that writes 4 KB every 10 ms: what
// the probe shares is the disk's, not ours. --check fails when a goal is
// missed.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "benchmarks/figures.h"
#include "benchmarks/house.h"
#include "benchmarks/load.h"
#include "web/listener.h"

namespace {

using namespace std::chrono_literals;
using namespace tocsin;  // a bench touches every folder
using namespace tocsin::benchmarks;
using Steady = std::chrono::steady_clock;

struct Options {
  std::chrono::milliseconds length = 3s;
  int rounds = 3;
  int connections = 64;
};

double Rate(std::int64_t count, std::chrono::milliseconds length) {
  return static_cast<double>(count) /
         std::chrono::duration<double>(length).count();
}

std::string NewBody() {
  static std::atomic<std::size_t> number{0};
  return Body({.group = ++number});
}

// One page, written and flushed as a database does.
class Page {
 public:
  Page()
      : fd_(::open(scratch_.File("page").c_str(), O_CREAT | O_RDWR | O_CLOEXEC,
                   0600)) {
    TOCSIN_CHECK(fd_ >= 0);
  }
  ~Page() { ::close(fd_); }
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  void Write() const {
    TOCSIN_CHECK(::pwrite(fd_, bytes_.data(), bytes_.size(), 0) == 4096);
    TOCSIN_CHECK(::fdatasync(fd_) == 0);
  }

 private:
  const Scratch scratch_;
  const int fd_;
  const std::vector<char> bytes_ = std::vector<char>(4096, 'x');
};

double FdatasyncPerSecond(const Options& options) {
  const Page page;
  std::int64_t count = 0;
  const auto end = Steady::now() + options.length;
  for (; Steady::now() < end; ++count) page.Write();
  return Rate(count, options.length);
}

double GuardPerSecond(const Options& options) {
  web::Limits limits;
  auto pool =
      std::make_shared<web::WorkerPool>(limits.workers, limits.waiting_reads);
  auto listener =
      web::Listener::Start({"127.0.0.1:0"}, limits,
                           {.handle =
                                [](web::Request, web::Reply reply) {
                                  reply.Send({.status = 200, .body = "{}"});
                                },
                            .refused = {},
                            .client_left = {}},
                           pool);
  TOCSIN_CHECK(listener.ok());
  const auto result = Load(listener.value()->ports().at(0), "/",
                           options.connections, options.length, NewBody);
  listener.value()->Stop();
  pool->Stop();
  return result.per_second();
}

// So many new groups a commit, straight into the store.
double StorePerSecond(const Options& options, int batch) {
  const Scratch scratch;
  auto store =
      store::SqliteStore::Open({.path = scratch.File("t.db"), .probe = {}});
  TOCSIN_CHECK(store.ok());
  const SystemClock clock;
  const auto settings = Platform();
  const auto snapshot =
      paging::TakeSnapshot(settings->roster.chains.begin()->second);
  std::int64_t id = 0;
  const auto end = Steady::now() + options.length;
  while (Steady::now() < end) {
    engine::Changes changes;
    changes.snapshots = {snapshot};
    const Instant now = clock.Now();
    for (int i = 0; i < batch; ++i) {
      changes.groups.push_back(Group(*settings, ++id, now, now + 1h));
    }
    TOCSIN_CHECK(store.value()->Write(changes).ok());
  }
  return Rate(id, options.length);
}

double BatchesPerSecond(const Options& options) {
  return StorePerSecond(options, 64);
}
double CommitsPerSecond(const Options& options) {
  return StorePerSecond(options, 1);
}

LoadResult LoadHouse(const House& house, int connections,
                     std::chrono::milliseconds length,
                     const std::function<std::string()>& body) {
  LoadResult result =
      Load(house.port(), House::kIntake, connections, length, body);
  if (result.other > 0) {
    std::printf("  %lld requests were not answered 200\n",
                static_cast<long long>(result.other));
  }
  return result;
}

double NewPerSecond(const Options& options) {
  const Scratch scratch;
  const House house(scratch.File("t.db"));
  return LoadHouse(house, options.connections, options.length, NewBody)
      .per_second();
}

double SerialPerSecond(const Options& options) {
  const Scratch scratch;
  const House house(scratch.File("t.db"));
  return LoadHouse(house, 1, options.length, NewBody).per_second();
}

// Each group again and again, by both peers of a pair in turn; the first round
// makes the groups and is not counted.
double RepeatsPerSecond(const Options& options) {
  constexpr std::size_t kGroups = 10'000;
  std::vector<std::string> bodies;
  for (std::size_t i = 0; i < 2 * kGroups; ++i) {
    bodies.push_back(Body({.group = i % kGroups,
                           .sender = i % 2 == 0 ? "http://a" : "http://b"}));
  }
  const Scratch scratch;
  const House house(scratch.File("t.db"));
  std::size_t next = 0;
  const auto body = [&] { return bodies[next++ % bodies.size()]; };
  while (next < 2 * kGroups) {
    LoadHouse(house, options.connections, 100ms, body);
  }
  return LoadHouse(house, options.connections, options.length, body)
      .per_second();
}

// Milliseconds from the request to the answer, new and then unchanged.
std::pair<double, double> BigGroup(const Options& options) {
  const Scratch scratch;
  const House house(scratch.File("t.db"));
  const auto seconds_of = [&](const std::string& body) {
    // Load sends no more at its end; what it has sent it waits for.
    const auto begun = Steady::now();
    Load(house.port(), House::kIntake, 1, 0ms, [&] { return body; });
    return std::chrono::duration<double>(Steady::now() - begun).count();
  };
  std::vector<double> news;
  std::vector<double> repeats;
  for (int round = 0; round < 5 * options.rounds; ++round) {
    const std::string body =
        Body({.group = 1'000'000u + round, .alerts = 2000, .padding = 330});
    news.push_back(1000 * seconds_of(body));
    repeats.push_back(1000 * seconds_of(body));
  }
  return {Median(news), Median(repeats)};
}

void JudgeBigGroup(const Options& options, Report& report) {
  const auto [created, repeated] = BigGroup(options);
  report.AtMost("a group of 2,000 alerts, new", created, 50, "ms");
  report.AtMost("a group of 2,000 alerts, unchanged", repeated, 15, "ms");
}

// How long the probe was not through during a silence of ours.
std::chrono::milliseconds Shared(const Silence& ours,
                                 const std::vector<Silence>& probe) {
  std::chrono::milliseconds shared{0};
  for (const Silence& theirs : probe) {
    const auto begin = std::max(ours.begin, theirs.begin);
    const auto end = std::min(ours.end, theirs.end);
    if (begin < end) {
      shared +=
          std::chrono::duration_cast<std::chrono::milliseconds>(end - begin);
    }
  }
  return shared;
}

void Sustain(const Options& options, std::chrono::seconds length,
             Report& report) {
  std::atomic<bool> over{false};
  std::vector<Silence> probe;
  std::thread prober([&] {
    const Page page;
    while (!over) {
      const auto begun = Steady::now();
      page.Write();
      const auto ended = Steady::now();
      if (ended - begun > 10ms) probe.push_back({.begin = begun, .end = ended});
      std::this_thread::sleep_for(10ms);
    }
  });
  const Scratch scratch;
  LoadResult result;
  {
    const House house(scratch.File("t.db"));
    result = LoadHouse(house, options.connections, length, NewBody);
  }
  over = true;
  prober.join();
  std::chrono::milliseconds longest{0};
  for (const Silence& silence : result.silences) {
    const auto lasted = std::chrono::duration_cast<std::chrono::milliseconds>(
        silence.end - silence.begin);
    longest = std::max(longest, lasted - Shared(silence, probe));
  }
  Report::Say("new groups, sustained", result.per_second(), "a second");
  Report::Say("silences over 50 ms",
              static_cast<double>(result.silences.size()), "");
  report.AtMost("longest silence that the probe does not share",
                static_cast<double>(longest.count()), 300, "ms");
}

void Judge(const std::map<std::string, double>& median, Report& report) {
  const double guard = median.at("guard") / 100;
  report.AtLeast("new groups, of the guard", median.at("new") / guard, 12, "%");
  report.AtLeast("unchanged repeats, of the guard",
                 median.at("repeats") / guard, 40, "%");
  report.AtLeast("one connection, of the store's serial commits",
                 100 * median.at("serial") / median.at("commits"), 70, "%");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.length = std::chrono::seconds(Flag(argc, argv, "--seconds", 3));
  options.rounds = Flag(argc, argv, "--rounds", 3);
  options.connections = Flag(argc, argv, "--connections", 64);
  Report report;
  if (const int seconds = Flag(argc, argv, "--sustained", 0); seconds > 0) {
    Sustain(options, std::chrono::seconds(seconds), report);
    return Has(argc, argv, "--check") && !report.good() ? 1 : 0;
  }
  if (Has(argc, argv, "--big")) {
    JudgeBigGroup(options, report);
    return Has(argc, argv, "--check") && !report.good() ? 1 : 0;
  }
  struct Row {
    const char* key;
    const char* name;
    double (*run)(const Options&);
  };
  const Row rows[] = {
      {"sync", "fdatasync of 4 KB, one after the other", FdatasyncPerSecond},
      {"guard", "bare guard, answers at once", GuardPerSecond},
      {"batches", "store alone, batches of 64 groups", BatchesPerSecond},
      {"commits", "store alone, a commit a group", CommitsPerSecond},
      {"new", "webhooks, each a new group", NewPerSecond},
      {"repeats", "webhooks, unchanged repeats", RepeatsPerSecond},
      {"serial", "webhooks, new, one connection", SerialPerSecond},
  };
  std::map<std::string, std::vector<double>> values;
  for (int round = 0; round < options.rounds; ++round) {
    for (const Row& row : rows) values[row.key].push_back(row.run(options));
  }
  std::map<std::string, double> median;
  for (const Row& row : rows) {
    median[row.key] = Median(values[row.key]);
    Report::Say(row.name, median[row.key], "a second");
  }
  Judge(median, report);
  JudgeBigGroup(options, report);
  std::printf("medians of %d rounds of %lld ms in turn, %d connections\n",
              options.rounds, static_cast<long long>(options.length.count()),
              options.connections);
  return Has(argc, argv, "--check") && !report.good() ? 1 : 0;
}
