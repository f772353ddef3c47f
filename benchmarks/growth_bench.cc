// growth_bench [--groups N] [--rounds N] [--seconds S] [--check]
// What a large store costs. A webhook with 1,000 open groups in the store
// beside one with a million; the lateness of timers while 2,000 a second of a
// million are due; and a start over 100,000 open groups: its time, and the
// memory of a process that did nothing else. --check fails when a goal is
// missed.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/mutex.h"
#include "benchmarks/figures.h"
#include "benchmarks/house.h"
#include "benchmarks/load.h"

namespace {

using namespace std::chrono_literals;
using namespace tocsin;  // a bench touches every folder
using namespace tocsin::benchmarks;
using Steady = std::chrono::steady_clock;

constexpr std::int64_t kSmall = 1'000;
constexpr std::int64_t kOpenAtStart = 100'000;
constexpr std::int64_t kDuePerSecond = 2'000;
constexpr int kDueSeconds = 10;

double Millis(Steady::duration length) {
  return std::chrono::duration<double, std::milli>(length).count();
}

// Groups `first` to `last` are in the store of this file; `due` says when the
// chain of each is.
template <typename Due>
void Fill(const std::string& file, std::int64_t first, std::int64_t last,
          const Due& due) {
  constexpr std::int64_t kBatch = 4096;
  auto store = store::SqliteStore::Open({.path = file, .probe = {}});
  TOCSIN_CHECK(store.ok());
  const auto settings = Platform();
  const Instant now = SystemClock().Now();
  for (std::int64_t id = first; id <= last;) {
    engine::Changes changes;
    changes.snapshots = {
        paging::TakeSnapshot(settings->roster.chains.begin()->second)};
    for (std::int64_t n = 0; n < kBatch && id <= last; ++n, ++id) {
      changes.groups.push_back(Group(*settings, id, now, due(id)));
    }
    TOCSIN_CHECK(store.value()->Write(changes).ok());
  }
}

double WebhooksPerSecond(const std::string& file, std::size_t first,
                         std::chrono::milliseconds length) {
  const House house(file);
  std::size_t group = first;
  const auto result = Load(house.port(), House::kIntake, 64, length,
                           [&] { return Body({.group = ++group}); });
  TOCSIN_CHECK(result.other == 0);
  return result.per_second();
}

// Delivery that only looks at the clock.
class Watch final : public engine::Outbox {
 public:
  Watch(Instant begin, const Clock& clock) : begin_(begin), clock_(clock) {}

  static Instant DueOf(Instant begin, std::int64_t id) {
    return begin + std::chrono::milliseconds(id * 1000 / kDuePerSecond);
  }

  std::size_t Room() const override { return 256; }

  void Hand(std::vector<engine::Message> messages) override {
    const Instant now = clock_.Now();
    const MutexLock lock(mutex_);
    for (const engine::Message& message : messages) {
      const Instant due = DueOf(begin_, message.id.group.value());
      late_.push_back(static_cast<double>((now - due).count()));
    }
  }

  std::vector<double> late() const {
    const MutexLock lock(mutex_);
    return late_;
  }

 private:
  const Instant begin_;
  const Clock& clock_;
  mutable Mutex mutex_;
  std::vector<double> late_ GUARDED_BY(mutex_);
};

// Milliseconds that each timer of groups 1 to N was late.
std::vector<double> Lateness(const std::string& file, Instant begin) {
  const SystemClock clock;
  auto store = store::SqliteStore::Open({.path = file, .probe = {}});
  TOCSIN_CHECK(store.ok());
  metrics::Metrics metrics(
      {.sources = {}, .teams = {"platform"}, .providers = {}});
  Watch watch(begin, clock);
  engine::SequentialIds ids{paging::AlertGroupId(1'000'000'000)};
  engine::Engine engine({}, Platform(), *store.value(), watch, ids, clock,
                        metrics);
  engine::Inbox inbox({});
  TOCSIN_CHECK(clock.Now() < begin);  // else the start counts as lateness
  engine::Runner runner({}, engine, inbox, clock, metrics);
  const Instant end = begin + std::chrono::seconds(kDueSeconds + 2);
  std::this_thread::sleep_for(end - clock.Now());
  runner.Stop();
  return watch.late();
}

double ResidentMegabytes() {
  std::ifstream statm("/proc/self/statm");
  double total = 0;
  double resident = 0;
  statm >> total >> resident;
  return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1e6;
}

struct Start {
  double millis = 0;
  double megabytes = 0;
};

// What a child finds: this program again, so that the memory is that of this
// start alone.
int TellStart(const char* file) {
  const double before = ResidentMegabytes();
  const auto begun = Steady::now();
  const House house(file);
  const double millis = Millis(Steady::now() - begun);
  std::printf("%f %f", millis, ResidentMegabytes() - before);
  return 0;
}

Start StartOver(const std::string& program, const std::string& file) {
  const std::string command = program + " --start " + file;
  std::FILE* child = ::popen(command.c_str(), "r");
  TOCSIN_CHECK(child != nullptr);
  Start start;
  TOCSIN_CHECK(std::fscanf(child, "%lf %lf", &start.millis, &start.megabytes) ==
               2);
  TOCSIN_CHECK(::pclose(child) == 0);
  return start;
}

void JudgeStart(const std::string& program, int rounds, Report& report) {
  const Scratch scratch;
  const std::string file = scratch.File("t.db");
  const Instant later = SystemClock().Now() + 1h;
  Fill(file, 1, kOpenAtStart, [later](std::int64_t) { return later; });
  std::vector<double> millis;
  std::vector<double> megabytes;
  for (int round = 0; round < rounds; ++round) {
    const Start start = StartOver(program, file);
    millis.push_back(start.millis);
    megabytes.push_back(start.megabytes);
  }
  report.AtMost("start over 100,000 open groups", Median(millis), 1000, "ms");
  report.AtMost("memory of that start", Median(megabytes), 200, "MB");
}

void JudgeGrowth(std::int64_t groups, int rounds,
                 std::chrono::milliseconds length, Report& report) {
  const Scratch scratch;
  const std::string small = scratch.File("small.db");
  const std::string large = scratch.File("large.db");
  const Instant later = SystemClock().Now() + 24h;
  const auto never = [later](std::int64_t) { return later; };
  Fill(small, 1, kSmall, never);
  Fill(large, 1, groups, never);
  std::vector<double> smalls;
  std::vector<double> larges;
  for (int round = 0; round < rounds; ++round) {
    const auto first = static_cast<std::size_t>(2'000'000 * (round + 1));
    // A copy each round: a small store does not stay small.
    const std::string copy = scratch.File("copy.db");
    std::filesystem::copy_file(
        small, copy, std::filesystem::copy_options::overwrite_existing);
    smalls.push_back(1e6 / WebhooksPerSecond(copy, first, length));
    larges.push_back(1e6 / WebhooksPerSecond(large, first, length));
  }
  Report::Say("a webhook with 1,000 open groups in the store", Median(smalls),
              "us");
  Report::Say("a webhook with " + std::to_string(groups), Median(larges), "us");
  report.AtMost("ratio", Median(larges) / Median(smalls), 1.5, "x");
}

void JudgeTimers(std::int64_t groups, Report& report) {
  const Scratch scratch;
  const std::string file = scratch.File("t.db");
  // The store is filled twice as fast as this; the rest is a pause.
  const std::int64_t due = kDuePerSecond * kDueSeconds;
  const Instant later = SystemClock().Now() + 24h;
  Fill(file, due + 1, groups, [later](std::int64_t) { return later; });
  const Instant begin = SystemClock().Now() + 10s + groups / 50 * 1ms;
  Fill(file, 1, due,
       [begin](std::int64_t id) { return Watch::DueOf(begin, id); });
  const std::vector<double> late = Lateness(file, begin);
  TOCSIN_CHECK(static_cast<std::int64_t>(late.size()) == due);
  Report::Say("timers run, of " + std::to_string(groups) + " pending",
              static_cast<double>(late.size()), "");
  Report::Say("late, median", Median(late), "ms");
  report.AtMost("late, p99", Quantile(late, 0.99), 100, "ms");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && Has(argc, argv, "--start")) return TellStart(argv[2]);
  const std::int64_t groups = Flag(argc, argv, "--groups", 1'000'000);
  const int rounds = Flag(argc, argv, "--rounds", 3);
  const std::chrono::seconds length(Flag(argc, argv, "--seconds", 3));
  Report report;
  JudgeStart(argv[0], rounds, report);
  JudgeTimers(groups, report);
  JudgeGrowth(groups, rounds, length, report);
  return Has(argc, argv, "--check") && !report.good() ? 1 : 0;
}
