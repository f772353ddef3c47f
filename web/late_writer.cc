#include "web/late_writer.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>
#include <utility>

namespace tocsin::web {
namespace {

int Checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return fd;
}

int StartClock(std::chrono::milliseconds tick) {
  const int fd = Checked(
      ::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd");
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(tick);
  const std::chrono::nanoseconds rest = tick - seconds;
  itimerspec spec{};
  spec.it_interval.tv_sec = seconds.count();
  spec.it_interval.tv_nsec = rest.count();
  spec.it_value = spec.it_interval;
  Checked(::timerfd_settime(fd, 0, &spec, nullptr), "timerfd");
  return fd;
}

// How often the eventfd or timerfd fired since it was last read.
std::uint64_t ReadCount(int fd) {
  std::uint64_t count = 0;
  const ssize_t size = ::read(fd, &count, sizeof count);
  return size == static_cast<ssize_t>(sizeof count) ? count : 0;
}

}  // namespace

LateWriter::LateWriter(std::chrono::milliseconds tick, OnTick on_tick)
    : on_tick_(std::move(on_tick)),
      wake_(Checked(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC), "eventfd")),
      clock_(StartClock(tick)),
      thread_([this] { Run(); }) {}

LateWriter::~LateWriter() {
  Stop();
  ::close(clock_);
  ::close(wake_);
}

bool LateWriter::Finish(int fd, std::string data, std::size_t offset,
                        std::size_t ticks, Done done) {
  {
    const MutexLock lock(mutex_);
    if (stopped_) return false;
    new_jobs_.push_back({fd, std::move(data), offset, ticks, std::move(done)});
  }
  Wake();
  return true;
}

void LateWriter::Stop() {
  {
    const MutexLock lock(mutex_);
    stopped_ = true;
  }
  Wake();
  if (thread_.joinable()) thread_.join();
}

void LateWriter::Wake() {
  const std::uint64_t one = 1;
  // A full counter means that a wake-up is pending already.
  if (::write(wake_, &one, sizeof one) < 0) return;
}

bool LateWriter::Stopped() {
  const MutexLock lock(mutex_);
  return stopped_;
}

void LateWriter::Adopt(std::vector<Job>& jobs) {
  const MutexLock lock(mutex_);
  for (Job& job : new_jobs_) jobs.push_back(std::move(job));
  new_jobs_.clear();
}

LateWriter::Progress LateWriter::Send(Job& job) {
  const ssize_t sent =
      ::send(job.fd, job.data.data() + job.offset, job.data.size() - job.offset,
             MSG_NOSIGNAL | MSG_DONTWAIT);
  if (sent < 0) {
    return errno == EAGAIN || errno == EINTR ? Progress::kWaiting
                                             : Progress::kFailed;
  }
  job.offset += static_cast<std::size_t>(sent);
  return job.offset == job.data.size() ? Progress::kSent : Progress::kWaiting;
}

LateWriter::End LateWriter::EndOf(Progress progress) {
  switch (progress) {
    case Progress::kSent:
      return End::kSent;
    case Progress::kWaiting:
      return End::kLate;
    case Progress::kFailed:
      return End::kLost;
  }
  return End::kLost;
}

void LateWriter::Run() {
  std::vector<Job> jobs;
  std::vector<pollfd> polled;
  while (!Stopped()) {
    Adopt(jobs);
    polled.assign({{wake_, POLLIN, 0}, {clock_, POLLIN, 0}});
    for (const Job& job : jobs) polled.push_back({job.fd, POLLOUT, 0});
    ::poll(polled.data(), polled.size(), -1);
    ReadCount(wake_);
    const std::uint64_t ticks = ReadCount(clock_);

    std::vector<Job> kept;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      Job& job = jobs[i];
      Progress progress = Progress::kWaiting;
      if (polled[i + 2].revents != 0) progress = Send(job);
      if (progress == Progress::kWaiting && job.ticks >= ticks) {
        job.ticks -= ticks;
        kept.push_back(std::move(job));
      } else {
        job.done(EndOf(progress));
      }
    }
    jobs = std::move(kept);
    if (ticks > 0) on_tick_();
  }
  Adopt(jobs);
  for (const Job& job : jobs) job.done(End::kLost);
}

}  // namespace tocsin::web
