#include "daemon/process.h"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <ctime>

#include "base/check.h"
#include "base/log.h"

namespace tocsin::daemon {
namespace {

sigset_t AwaitedSignals() {
  sigset_t awaited;
  sigemptyset(&awaited);
  sigaddset(&awaited, SIGTERM);
  sigaddset(&awaited, SIGINT);
  sigaddset(&awaited, SIGHUP);
  return awaited;
}

void Ignore(int signal) {
  struct sigaction action {};
  action.sa_handler = SIG_IGN;
  TOCSIN_CHECK(sigaction(signal, &action, nullptr) == 0);
}

// Each client and each send needs a file; the usual soft limit of 1024 is there
// for programs that use select().
void RaiseFileLimit() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    log::Warn("cannot raise the limit of open files");
  }
}

}  // namespace

void PrepareProcess() {
  const sigset_t awaited = AwaitedSignals();
  TOCSIN_CHECK(pthread_sigmask(SIG_BLOCK, &awaited, nullptr) == 0);
  Ignore(SIGPIPE);
  Ignore(SIGXFSZ);
  RaiseFileLimit();
}

void WakeForReload() { TOCSIN_CHECK(kill(getpid(), SIGHUP) == 0); }

std::optional<Signal> WaitForSignal(std::chrono::milliseconds patience) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(patience);
  const std::chrono::nanoseconds rest = patience - seconds;
  const timespec length{.tv_sec = seconds.count(), .tv_nsec = rest.count()};
  const sigset_t awaited = AwaitedSignals();
  const int signal = sigtimedwait(&awaited, nullptr, &length);
  if (signal < 0) return std::nullopt;
  return signal == SIGHUP ? Signal::kReload : Signal::kStop;
}

}  // namespace tocsin::daemon
