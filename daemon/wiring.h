#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "config/config.h"
#include "daemon/options.h"
#include "http/loop.h"
#include "metrics/metrics.h"
#include "notify/delivery.h"
#include "web/settings.h"

// From the configuration to the plain structs of the folders that do not know
// it. Pure but for MakeDirectory, which builds senders.
namespace tocsin::daemon {

// Tokens become hashes here; their text goes no further.
std::shared_ptr<const web::Settings> MakeWebSettings(
    const config::Config& config, const std::string& external_url);

// The senders use `loop` and `clock`, which outlive their use.
// `external_url` is what links in messages begin with.
std::shared_ptr<const notify::Directory> MakeDirectory(
    const config::Config& config, const std::string& external_url,
    http::Loop& loop, const Clock& clock);

// What the command line replaces in the file.
std::string StorePath(const config::Config& config, const Options& options);
// Without a slash at its end.
std::string ExternalUrl(const config::Config& config, const Options& options);

metrics::Names MakeNames(const config::Config& config);

}  // namespace tocsin::daemon
