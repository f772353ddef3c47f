#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::routing {

// Texts between double quotes as the Go language writes and reads them; that
// is how Alertmanager prints labels and takes UTF-8 matchers.

// `text` with its quotes. Characters that do not show and bytes that are no
// UTF-8 are escaped.
// Source: the Go specification, "String literals"; strconv.Quote.
std::string Quote(std::string_view text);

// The text of a literal with its quotes; absent where Go would not take it or
// where what it says is no UTF-8.
std::optional<std::string> Unquote(std::string_view literal);

}  // namespace tocsin::routing
