#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/ports.h"

// Rows with something in every field, for the contract of the stores and for
// the codec. `n` makes them differ.
namespace tocsin::contract {

// Instants of the tests: seconds after a fixed one.
Instant At(std::int64_t seconds);

paging::GroupIdentity SampleIdentity(std::int64_t n);

// A snapshot with each kind of step.
std::shared_ptr<const paging::ChainSnapshot> SampleSnapshot();

// A firing group `id` with identity `id`, which escalates over SampleSnapshot
// and holds the alerts 10 * id and 10 * id + 1, the second one resolved.
paging::AlertGroup SampleGroup(std::int64_t id);

// The life of a held group.
paging::Held SampleHeld(const std::string& snapshot);

paging::TimelineEntry SampleEntry(std::int64_t n);
routing::Alert SampleAlert(std::uint64_t fingerprint, const std::string& note);
engine::Message SampleMessage(std::int64_t group, std::uint32_t sequence);

// The write of a group as it is, with no entries and no contents.
engine::GroupWrite WriteOf(const paging::AlertGroup& group);

// Changes that write just this group, with its snapshot.
engine::Changes ChangesOf(const paging::AlertGroup& group);

// Everything a turn can change, for groups 1 and 2; needs BeforeFullTurn.
engine::Changes BeforeFullTurn();
engine::Changes FullTurn();

// Comparable texts: equal texts, equal rows.
std::string TextOf(const paging::AlertGroup& group);
std::string TextOf(const engine::Message& message);
std::string TextOf(std::vector<routing::Alert> alerts);  // in any order
std::string TextOf(const std::vector<paging::TimelineEntry>& entries);

// All that can be seen of a store: groups, alerts, timelines, and what would be
// due at the end of time.
std::string TextOf(engine::Store& store, engine::Reader& reader);

}  // namespace tocsin::contract
