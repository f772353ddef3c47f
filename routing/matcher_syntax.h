#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "routing/matcher.h"

// Alertmanager's two grammars of a line of matchers. ParseMatchers and
// ParseMatcher choose between them; nobody else needs one alone, but for tests.
// Pure functions;
// errors are kInvalid in Alertmanager's own words, which people search for.
namespace tocsin::routing {

// The old one, up to Alertmanager 0.26: names of ASCII letters, digits, `_`
// and `:`; values with or without quotes, blanks and braces allowed in them.
// Source: prometheus/alertmanager pkg/labels/parse.go.
Result<std::vector<Matcher>> ParseClassicMatchers(std::string_view text);
// Exactly one, without braces; a comma belongs to its value.
Result<Matcher> ParseClassicMatcher(std::string_view text);

// The new one: any UTF-8 in names, quoted where it holds reserved characters;
// braces in pairs; quoted texts are Go string literals.
// Source: prometheus/alertmanager matcher/parse.
Result<std::vector<Matcher>> ParseUtf8Matchers(std::string_view text);
// Exactly one, in braces or not.
Result<Matcher> ParseUtf8Matcher(std::string_view text);

// Whether a label name can only be written between quotes.
bool NeedsQuotedName(std::string_view name);

}  // namespace tocsin::routing
