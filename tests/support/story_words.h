#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "paging/roster.h"

// How the story language is read. Words that it does not know end the test.
namespace tocsin::testing {

// "2026-11-20T18:30:00Z"
Instant Time(std::string_view text);

// "5m"
Duration Length(const std::string& text);

// "notify ada, wait 5m": the words of each step.
std::vector<std::vector<std::string>> Steps(std::string_view text);

// The step of a chain that these words mean (scenario.h).
paging::Step ChainStep(const std::vector<std::string>& words);

}  // namespace tocsin::testing
