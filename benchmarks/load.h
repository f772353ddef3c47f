#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace tocsin::benchmarks {

// No answer came from `begin` to `end`.
struct Silence {
  std::chrono::steady_clock::time_point begin;
  std::chrono::steady_clock::time_point end;
};
// Shorter ones are not worth a line.
inline constexpr std::chrono::milliseconds kSilence{50};

struct LoadResult {
  std::int64_t answered = 0;  // with status 200
  std::int64_t other = 0;     // any other answer, or a broken connection
  double seconds = 0;
  std::vector<Silence> silences;

  double per_second() const {
    return seconds > 0 ? static_cast<double>(answered) / seconds : 0;
  }
};

// Posts bodies over `connections` kept connections to 127.0.0.1, one request in
// flight each, for `length`. One thread; its own CPU time is part of what the
// machine does, in every row alike. `body` makes the next body; for an empty
// one the request is a GET.
LoadResult Load(std::uint16_t port, const std::string& path, int connections,
                std::chrono::milliseconds length,
                const std::function<std::string()>& body);

}  // namespace tocsin::benchmarks
