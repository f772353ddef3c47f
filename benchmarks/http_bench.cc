// http_bench [--seconds S] [--rounds N] [--connections C]
//            [--beside NAME=PORT,PID] [--waits]: requests a second and CPU a
// request of our guard beside Boost.Beast and stock Pistache, each in a process
// of its own, for a small GET and for a POST of 2.5 KB. CPU a request is what
// to trust: the load runs on the same cores. --beside adds a server that runs
// already. --waits compares, instead, two ways to answer after a commit of 5 ms
// (docs/adr/0006).
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/check.h"
#include "benchmarks/figures.h"
#include "benchmarks/http_servers.h"
#include "benchmarks/load.h"

namespace {

using namespace std::chrono_literals;
using namespace tocsin::benchmarks;  // a bench of this folder's servers

struct Options {
  std::chrono::milliseconds length = 3s;
  int rounds = 3;
  int connections = 64;
  bool waits = false;
  std::vector<std::string> beside;  // NAME=PORT,PID
};

struct Row {
  std::string name;
  std::uint16_t port = 0;
  pid_t pid = -1;
  bool ours = false;  // a child of this process
};

// Forks before this process has threads.
Row InChild(const std::string& name, const MakeServer& make) {
  int ends[2];
  TOCSIN_CHECK(::pipe(ends) == 0);
  const pid_t pid = ::fork();
  TOCSIN_CHECK(pid >= 0);
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    std::signal(SIGPIPE, SIG_IGN);
    const auto server = make();
    const std::uint16_t port = server->port();
    TOCSIN_CHECK(::write(ends[1], &port, sizeof port) == sizeof port);
    for (;;) ::pause();  // until the parent kills it
  }
  Row row{.name = name, .pid = pid, .ours = true};
  TOCSIN_CHECK(::read(ends[0], &row.port, sizeof row.port) == sizeof row.port);
  ::close(ends[0]);
  ::close(ends[1]);
  return row;
}

Row Beside(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t comma = text.find(',', equals);
  TOCSIN_CHECK(equals != std::string::npos && comma != std::string::npos);
  return {.name = text.substr(0, equals),
          .port = static_cast<std::uint16_t>(
              std::stoi(text.substr(equals + 1, comma - equals - 1))),
          .pid = std::stoi(text.substr(comma + 1))};
}

double CpuSeconds(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string word;
  while (file >> word && word.back() != ')') {
  }
  for (int i = 3; i < 14; ++i) file >> word;
  double user = 0;
  double system = 0;
  file >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

// About what Alertmanager sends for two alerts.
std::string Body() {
  return "{\"alerts\":\"" + std::string(2'500, 'x') + "\"}";
}
std::string NoBody() { return ""; }

struct Samples {
  std::vector<double> per_second;
  std::vector<double> cpu;  // microseconds a request
};

void Measure(const Row& row, const Options& options, std::string (*body)(),
             Samples& samples) {
  const double before = CpuSeconds(row.pid);
  const LoadResult result =
      Load(row.port, "/hello", options.connections, options.length, body);
  const double spent = CpuSeconds(row.pid) - before;
  TOCSIN_CHECK(result.answered > 0 && result.other == 0);
  samples.per_second.push_back(result.per_second());
  samples.cpu.push_back(spent * 1e6 / static_cast<double>(result.answered));
}

std::vector<Row> Start(const Options& options) {
  std::vector<Row> rows;
  if (options.waits) {
    rows.push_back(
        InChild("blocks, 2 threads", [] { return BlocksUntilCommit(2); }));
    rows.push_back(
        InChild("blocks, 64 threads", [] { return BlocksUntilCommit(64); }));
    rows.push_back(InChild("shared Reply, 2 threads",
                           [] { return RepliesAfterCommit(2); }));
    return rows;
  }
  rows.push_back(InChild("our guard", OurGuard));
  rows.push_back(InChild("Boost.Beast", BoostBeast));
  rows.push_back(InChild("stock Pistache, plain handler", StockPistache));
  for (const std::string& text : options.beside) rows.push_back(Beside(text));
  return rows;
}

Options Parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--waits") {
      options.waits = true;
      continue;
    }
    TOCSIN_CHECK(i + 1 < argc);
    const std::string value = argv[++i];
    if (name == "--beside") options.beside.push_back(value);
    if (name == "--rounds") options.rounds = std::stoi(value);
    if (name == "--connections") options.connections = std::stoi(value);
    if (name == "--seconds") {
      options.length = std::chrono::seconds(std::stoi(value));
    }
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) {
  const Options options = Parse(argc, argv);
  const std::vector<Row> rows = Start(options);
  const std::pair<const char*, std::string (*)()> loads[] = {
      {"GET", NoBody}, {"POST 2.5 KB", Body}};
  std::map<std::pair<std::string, std::string>, Samples> samples;
  for (int round = 0; round < options.rounds; ++round) {
    for (const Row& row : rows) {
      for (const auto& [load, body] : loads) {
        Measure(row, options, body, samples[{row.name, load}]);
      }
    }
  }
  std::printf("%-30s %-12s %10s %14s %8s\n", "median of the rounds", "",
              "a second", "CPU a request", "of first");
  for (const auto& [load, body] : loads) {
    const double first = Median(samples[{rows.front().name, load}].cpu);
    for (const Row& row : rows) {
      const Samples& found = samples[{row.name, load}];
      const double cpu = Median(found.cpu);
      std::printf("%-30s %-12s %10.0f %11.1f us %7.2fx\n", row.name.c_str(),
                  load, Median(found.per_second), cpu, cpu / first);
    }
  }
  std::printf("%d rounds of %lld ms in turn, %d connections\n", options.rounds,
              static_cast<long long>(options.length.count()),
              options.connections);
  for (const Row& row : rows) {
    if (!row.ours) continue;
    ::kill(row.pid, SIGKILL);
    ::waitpid(row.pid, nullptr, 0);
  }
  return 0;
}
