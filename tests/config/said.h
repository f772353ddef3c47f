#pragma once

#include <sstream>
#include <string>

#include "config/load.h"

namespace tocsin::config {

// A root that discards makes a short text of a test; what is said of that is of
// interest to one test only.
inline bool IsOfRootThatDiscards(const Fault& warning) {
  return warning.message.starts_with("every alert is discarded");
}

// What loading a text says, a line each without the file's name:
// "3:5: route: ..." and "warning: 4:5: route: ...".
inline std::string Said(const std::string& text) {
  const std::string file = "tocsin.yml";
  const LoadResult result = LoadText(file, text);
  std::string said;
  for (const Fault& fault : result.faults) {
    said += FaultText(fault).substr(file.size() + 1) + "\n";
  }
  for (const Fault& warning : result.warnings) {
    if (IsOfRootThatDiscards(warning)) continue;
    said += "warning: " + FaultText(warning).substr(file.size() + 1) + "\n";
  }
  return said;
}

// The same lines but the warnings of what this version does not do yet.
inline std::string WithoutNotYet(const std::string& said) {
  std::istringstream lines(said);
  std::string rest;
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with("has no effect in this version yet")) continue;
    rest += line + "\n";
  }
  return rest;
}

}  // namespace tocsin::config
