#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace tocsin::testing {

// What happened in some seeds: counts of each kind of event, effect and fault,
// and what was found broken ("seed 17: ..."). Adds up over seeds.
struct SimReport {
  std::map<std::string, std::int64_t> counts;
  std::vector<std::string> broken;
};

// Runs the real engine, routing and core through one random story over virtual
// time: webhooks that repeat and come late, people who act and take it back,
// lines that fail, commits that fail before or after they took effect,
// conflicts, crashes with messages in flight, hours of downtime, another file
// between turns, in the midst of one and at a start. At the end the faults
// stop, time goes on until nothing is due, and the judge looks. Equal seed,
// equal story.
//
// The properties:
// - what was answered "on disk" is there: the source's last accepted word on
//   each alert is what its newest group says, and one that fires is in an open
//   group, or in one that a person or a step has ended;
// - each team that a route sends a new episode to has it in a group;
// - nothing is sent about a group after an acknowledge or a resolve that was
//   answered, and no run of a person begins within a minute of their last one
//   for one group;
// - a firing group has a time to wake or a used-up chain, or no chain;
// - a held group's route is muted by the file read last, it is looked at again
//   within a day, and nobody is notified of it; the rest of what is held and
//   born is in watch.h;
// - in the end the outbox is empty, and each notification was delivered, failed
//   for good or withdrawn, just as the timeline says;
// - the timeline is as long as the group says.
void Simulate(std::uint64_t seed, SimReport& report);

// The kinds that SimReport must have seen over enough seeds; a zero in one of
// them means that the simulator does not test what it says.
std::vector<std::string> KindsThatMustOccur();

}  // namespace tocsin::testing
