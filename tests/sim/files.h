#pragma once

#include <array>
#include <functional>
#include <memory>

#include "engine/settings.h"

namespace tocsin::testing {

// The two files between which the daemon of a story is switched. From the first
// to the second a person and two teams get new names, a person leaves, and
// routes get other hours, another name, another team, or go.
//
// What is alike: alerts of team "night" go to a route with hours, those of
// "beat" page nobody. `below(n)` draws from 0 to n - 1.
using Files = std::array<std::shared_ptr<const engine::Settings>, 2>;
Files MakeFiles(const std::function<int(int)>& below);

}  // namespace tocsin::testing
