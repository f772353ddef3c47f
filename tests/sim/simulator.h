#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/sim/report.h"

namespace tocsin::testing {

// Runs the real engine, routing and core through one random story over virtual
// time: webhooks that repeat and come late, people who act and take it back,
// lines that fail, commits that fail before or after they took effect,
// conflicts, crashes with messages in flight, hours of downtime, another file
// between turns, in the midst of one and at a start. At the end the faults
// stop, time goes on until nothing is due, and the judges look. Equal seed,
// equal story.
//
// story.h is the world of a story. What happens in it is in actors.h, what must
// be true of it in properties.h: to add either is a file of its own and one
// line in actors.cc or properties.cc.
//
// Where the report asks for it, it is told the timelines of all groups.
void Simulate(std::uint64_t seed, SimReport& report);

// The kinds that SimReport must have seen over enough seeds; a zero in one of
// them means that the simulator does not test what it says.
std::vector<std::string> KindsThatMustOccur();

}  // namespace tocsin::testing
