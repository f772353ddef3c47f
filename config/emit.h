#pragma once

#include <string>

#include "config/document.h"

namespace tocsin::config {

// The document as YAML text that ParseDocument takes back to the same nodes:
// same kinds, texts and order; aliases expanded, comments and places gone. A
// text that had quotes keeps them, so that it stays a text. Ends in a newline.
std::string EmitDocument(const YamlNode& root);

}  // namespace tocsin::config
