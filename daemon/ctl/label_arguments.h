#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "routing/labels.h"

namespace tocsin::ctl {

// The labels of an alert as people write them on a command line, NAME=VALUE
// each. Values need no quotes, also with blanks and commas; with quotes they
// have escapes as in the file. Names beyond ASCII letters, digits and `_` may
// stand in quotes. Of a name given twice the last value counts.
Result<routing::LabelSet> ParseLabels(const std::vector<std::string>& words);

}  // namespace tocsin::ctl
