#include "metrics/process.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <system_error>

namespace tocsin::metrics {
namespace {

// Ticks from boot to the start of this process: field 22 of its stat line. The
// second field is the program's name and may hold blanks, so count from its
// ')'.
std::optional<double> StartTicks() {
  std::ifstream file("/proc/self/stat");
  const std::string line{std::istreambuf_iterator<char>(file), {}};
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  constexpr int kFieldsBetween = 19;  // 3 to 21
  std::istringstream fields(line.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < kFieldsBetween; ++i) fields >> skipped;
  double ticks = 0;
  if (!(fields >> ticks)) return std::nullopt;
  return ticks;
}

// Unix time of the boot, in seconds.
std::optional<double> BootSeconds() {
  std::ifstream file("/proc/stat");
  for (std::string key; file >> key; std::getline(file, key)) {
    double seconds = 0;
    if (key == "btime" && file >> seconds) return seconds;
  }
  return std::nullopt;
}

}  // namespace

std::optional<double> ProcessStartSeconds() {
  const auto ticks = StartTicks();
  const auto boot = BootSeconds();
  const long ticks_per_second = sysconf(_SC_CLK_TCK);
  if (!ticks || !boot || ticks_per_second <= 0) return std::nullopt;
  return *boot + *ticks / static_cast<double>(ticks_per_second);
}

std::optional<double> ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  double total_pages = 0;
  double resident_pages = 0;
  if (!(file >> total_pages >> resident_pages)) return std::nullopt;
  return resident_pages * static_cast<double>(sysconf(_SC_PAGESIZE));
}

std::optional<std::size_t> OpenFileDescriptors() {
  std::error_code error;
  std::filesystem::directory_iterator entry("/proc/self/fd", error);
  std::size_t count = 0;
  while (!error && entry != std::filesystem::directory_iterator()) {
    ++count;
    entry.increment(error);
  }
  if (error || count == 0) return std::nullopt;
  return count - 1;
}

}  // namespace tocsin::metrics
