#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tocsin::hostile {

// A server in a process of its own, to be attacked: whatever happens to it,
// the test goes on. It may use 60 s of CPU and dies with its Victim.
class Victim {
 public:
  struct Bounds {
    std::size_t descriptors = 0;  // 0: as we have
  };

  // Starts `command`, which prints `port N backlog M` once it listens. Throws
  // when it does not.
  explicit Victim(const std::vector<std::string>& command, Bounds bounds);
  explicit Victim(const std::vector<std::string>& command)
      : Victim(command, Bounds{}) {}
  ~Victim();
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  std::uint16_t port() const { return port_; }
  unsigned backlog() const { return backlog_; }

  bool Alive();
  // Waits for its end; whether it came in time.
  bool Dies(std::chrono::milliseconds patience);
  // Asks it to end: "exit 0", "signal 11", "exit -" when it had to be killed.
  std::string Stop();

  // Whether /hello is answered on a new connection.
  bool Answers(std::chrono::milliseconds patience) const;

  double CpuSeconds() const;
  std::size_t ResidentBytes() const;
  std::size_t Descriptors() const;

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::uint16_t port_ = 0;
  unsigned backlog_ = 0;
  bool ended_ = false;
  std::string how_;
};

// What a command prints, when it has ended.
std::string OutputOf(const std::vector<std::string>& command);

}  // namespace tocsin::hostile
