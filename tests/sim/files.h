#pragma once

#include <array>
#include <functional>
#include <memory>

#include "engine/settings.h"
#include "paging/alert_group.h"

namespace tocsin::testing {

// The two files between which the daemon of a story is switched. From the first
// to the second a person and two teams get new names, a person leaves, and
// routes get other hours, another name, another team, or go.
//
// What is alike: alerts of team "night" go to a route with hours, those of
// "beat" page nobody. `below(n)` draws from 0 to n - 1.
using Files = std::array<std::shared_ptr<const engine::Settings>, 2>;
Files MakeFiles(const std::function<int(int)>& below);

// The route that the group was born on, if by this file it is still there and
// goes to the group's team.
const routing::Route* RouteOf(const engine::Settings& file,
                              const paging::AlertGroup& group);

}  // namespace tocsin::testing
