#pragma once

#include <memory>

#include "base/result.h"
#include "config/config.h"
#include "engine/settings.h"

namespace tocsin::daemon {

// What the engine decides by, the same for the daemon and for the commands that
// try a file. Fails only where the loader let something through that the tree
// refuses.
Result<std::shared_ptr<const engine::Settings>> MakeSettings(
    const config::Config& config);

}  // namespace tocsin::daemon
