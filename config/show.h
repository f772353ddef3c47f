#pragma once

#include <string>
#include <vector>

#include "config/config.h"
#include "config/document.h"

namespace tocsin::config {

// What stands for a secret in a shown configuration.
inline constexpr const char* kShownSecret = "<secret>";

// The files of a loaded configuration as one YAML text: what was included
// stands in the sections of the main file, entries are in the order of the
// files, comments are gone, nothing is filled in. Each secret is kShownSecret;
// of URLs that may carry one, scheme and host are left. The paths of secret
// files are shown, their contents are not looked at. Paths of included files
// are made to count from the main file's folder.
//
// It takes a loaded configuration because a file with faults might hold a
// secret under a key that is misspelt. `documents` are those of the load.
std::string Show(const Config& config, const std::vector<NodePtr>& documents);

}  // namespace tocsin::config
