#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"

namespace tocsin::store {

// Called on the writer's thread before each statement of a Write, with the
// statement's name, and before the commit ("Commit"). An error makes the Write
// fail there, as a disk would. For tests that show that a failure between any
// two writes leaves nothing behind, and for stopping a process at a named
// point; empty in production.
using WriteProbe = std::function<Status(std::string_view point)>;

}  // namespace tocsin::store
