#pragma once

#include <cstddef>

#include "daemon/options.h"
#include "web/limits.h"

namespace tocsin::daemon {

// How many files the process may have open. See PrepareProcess.
std::size_t FileLimit();

// The limits of the HTTP side: what the command line asks for, and no more
// connections than fit into `files` beside all else that the daemon opens.
// Logs a warning where that leaves fewer than a daemon should have.
web::Limits MakeWebLimits(const Options& options, std::size_t files);

}  // namespace tocsin::daemon
