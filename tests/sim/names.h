#pragma once

#include <string>
#include <vector>

#include "paging/effect.h"
#include "paging/event.h"

namespace tocsin::testing {

// What an event is counted as, behind "event:".
const char* EventName(const paging::Event& event);

// What an effect is counted as, behind "effect:".
const char* EffectName(const paging::Effect& effect);

// Every kind of event, effect and timeline entry there is, as it is counted.
std::vector<std::string> KindsByName();

}  // namespace tocsin::testing
