#pragma once

#include <chrono>
#include <optional>

namespace tocsin::daemon {

// Makes the process fit to serve: SIGTERM, SIGINT and SIGHUP are blocked (so
// threads started later inherit that and only WaitForSignal sees them), SIGPIPE
// and SIGXFSZ are ignored (a failed write says so by itself), and as many files
// may be open as the system allows. Call it before any thread starts.
void PrepareProcess();

// Makes WaitForSignal return Signal::kReload, as if the signal had come from
// outside. Thread-safe.
void WakeForReload();

enum class Signal { kStop, kReload };

// The next signal sent to the process; absent when `patience` (steady) passed
// without one. For the main thread.
std::optional<Signal> WaitForSignal(std::chrono::milliseconds patience);

}  // namespace tocsin::daemon
