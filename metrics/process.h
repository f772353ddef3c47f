#pragma once

#include <cstddef>
#include <optional>

// What the kernel says of this process, read from /proc at each call. Absent
// where /proc cannot be read. Thread-safe.
namespace tocsin::metrics {

// Unix time of the start, in seconds.
std::optional<double> ProcessStartSeconds();

std::optional<double> ResidentBytes();

// Open file descriptors, without the one that counts them.
std::optional<std::size_t> OpenFileDescriptors();

}  // namespace tocsin::metrics
