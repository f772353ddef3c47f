#pragma once

#include <string>
#include <string_view>

#include "config/fault.h"

namespace tocsin::config {

// Whether `text`, valid UTF-8, is YAML to the letter of the grammar; if not,
// reports the first place where it is none. Judged by libyaml, of which the
// YAML of Go (so Alertmanager's) is a port: a file is YAML here where it is
// there. The parser that builds our tree is not that strict: it takes a quote
// that is never closed. What anchors and tags stand for is not looked at, and
// a text that is nested deeper than kMaxDepth is refused. Takes time
// proportional to the text.
bool CheckYamlSyntax(std::string_view text, Report& report);

// What is said of a file that is nested deeper than kMaxDepth.
std::string DeeperThanAllowed();

}  // namespace tocsin::config
