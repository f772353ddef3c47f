#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "base/result.h"

// What the daemon tells systemd (Type=notify), as datagrams to the socket that
// NOTIFY_SOCKET names. Without that variable each call does nothing and is ok:
// the daemon runs as well from a shell. An error says why a datagram did not
// leave; it is worth a log line, never a reason to stop. The environment must
// not change while these run; otherwise thread-safe.
namespace tocsin::systemd {

// Start-up or reload is complete.
Status NotifyReady();

// A reload begins; NotifyReady ends it, also when the file had faults.
Status NotifyReloading();

Status NotifyStopping();

// One line for `systemctl status`; a newline in it becomes a blank.
Status NotifyStatus(std::string_view line);

// "I am alive". systemd restarts the daemon when none came for the unit's
// WatchdogSec.
Status NotifyWatchdog();

// How often to call NotifyWatchdog: half of what systemd allows. Absent: the
// unit has no watchdog, or it watches another process.
std::optional<std::chrono::microseconds> WatchdogInterval();

}  // namespace tocsin::systemd
