#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "routing/matcher.h"

namespace tocsin::routing {

// A matcher as Alertmanager's API v2 writes it (its openapi.yaml, `matcher`):
// {"name":"severity","value":"page|ticket","isRegex":true,"isEqual":true}, the
// keys in this order.
std::string MatcherToJson(const Matcher& matcher);

// The other way round. As there, `name` (of a label), `value` and `isRegex`
// must be given and `isEqual` is true when it is not; other keys say nothing.
// kInvalid names the key that is wrong, or the regex.
Result<Matcher> MatcherFromJson(std::string_view text);

}  // namespace tocsin::routing
