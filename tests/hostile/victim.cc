#include "tests/hostile/victim.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "tests/web/client.h"

namespace tocsin::hostile {
namespace {

using std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr rlim_t kCpuSeconds = 60;
constexpr milliseconds kStopPatience{10'000};

[[noreturn]] void Exec(const std::vector<std::string>& command,
                       const Victim::Bounds& bounds, int output) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto limit = [](auto what, rlim_t most) {
    const rlimit both{.rlim_cur = most, .rlim_max = most};
    ::setrlimit(what, &both);
  };
  limit(RLIMIT_CPU, kCpuSeconds);
  limit(RLIMIT_CORE, 0);
  if (bounds.descriptors > 0) limit(RLIMIT_NOFILE, bounds.descriptors);
  ::dup2(output, STDOUT_FILENO);
  std::vector<char*> words;
  for (const std::string& word : command) {
    words.push_back(const_cast<char*>(word.c_str()));  // exec's old signature
  }
  words.push_back(nullptr);
  ::execv(words[0], words.data());
  ::_exit(127);
}

// The child and the reading end of its output.
std::pair<pid_t, int> Spawn(const std::vector<std::string>& command,
                            const Victim::Bounds& bounds) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe");
  }
  const pid_t pid = ::fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category(), "fork");
  if (pid == 0) Exec(command, bounds, ends[1]);
  ::close(ends[1]);
  return {pid, ends[0]};
}

std::string ReadAll(int fd, bool line) {
  std::string text;
  char part[512];
  ssize_t size = 0;
  while ((size = ::read(fd, part, sizeof part)) > 0) {
    text.append(part, static_cast<std::size_t>(size));
    if (line && text.find('\n') != std::string::npos) break;
  }
  return text;
}

std::string HowItEnded(int status) {
  return WIFSIGNALED(status) ? "signal " + std::to_string(WTERMSIG(status))
                             : "exit " + std::to_string(WEXITSTATUS(status));
}

}  // namespace

Victim::Victim(const std::vector<std::string>& command, Bounds bounds) {
  const auto [pid, output] = Spawn(command, bounds);
  pid_ = pid;
  output_ = output;
  const std::string line = ReadAll(output_, true);
  unsigned port = 0;
  if (std::sscanf(line.c_str(), "port %u backlog %u", &port, &backlog_) != 2) {
    throw std::runtime_error("does not start: " + command.front());
  }
  port_ = static_cast<std::uint16_t>(port);
}

Victim::~Victim() {
  if (Alive()) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(output_);
}

bool Victim::Alive() {
  int status = 0;
  if (!ended_ && ::waitpid(pid_, &status, WNOHANG) == pid_) {
    ended_ = true;
    how_ = HowItEnded(status);
  }
  return !ended_;
}

bool Victim::Dies(milliseconds patience) {
  const auto deadline = Steady::now() + patience;
  while (Alive()) {
    if (Steady::now() > deadline) return false;
    std::this_thread::sleep_for(milliseconds(5));
  }
  return true;
}

std::string Victim::Stop() {
  if (!Alive()) return how_;
  ::kill(pid_, SIGTERM);
  return Dies(kStopPatience) ? how_ : "exit -";
}

bool Victim::Answers(milliseconds patience) const {
  try {
    web::Client client(port_, 0, patience);
    return web::StatusOf(client.Ask(web::Compose("GET", "/hello"))) == "200";
  } catch (const std::system_error&) {
    return false;
  }
}

double Victim::CpuSeconds() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/stat");
  std::string word;
  while (file >> word && word.back() != ')') {
  }
  for (int i = 3; i < 14; ++i) file >> word;
  double user = 0;
  double system = 0;
  file >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::size_t Victim::ResidentBytes() const {
  std::ifstream file("/proc/" + std::to_string(pid_) + "/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

std::size_t Victim::Descriptors() const {
  const std::string folder = "/proc/" + std::to_string(pid_) + "/fd";
  const std::unique_ptr<DIR, int (*)(DIR*)> open(::opendir(folder.c_str()),
                                                 ::closedir);
  std::size_t count = 0;
  while (open && ::readdir(open.get()) != nullptr) ++count;
  return count;
}

std::string OutputOf(const std::vector<std::string>& command) {
  const auto [pid, output] = Spawn(command, {});
  std::string text = ReadAll(output, false);
  ::close(output);
  ::waitpid(pid, nullptr, 0);
  return text;
}

}  // namespace tocsin::hostile
