#pragma once

#include <optional>

#include "config/config.h"
#include "config/names.h"
#include "config/reader.h"
#include "paging/roster.h"

// The steps of an escalation chain, each by itself; private to config/.
namespace tocsin::config {

// The mapping at `item` with all the keys that a step may have.
Fields StepFields(const Reader& item);

// The one key that says what the step does; null when there is none. Reports
// several, and an importance where there is nobody to notify.
const Reader::Entry* StepOf(const Fields& fields);

// Reads every kind of step but `repeat`, which needs to know the others.
// Absent when the step has a fault.
std::optional<paging::Step> ReadStep(const Reader::Entry& step,
                                     const Fields& fields,
                                     const NameIndex& names,
                                     const Config& config);

}  // namespace tocsin::config
