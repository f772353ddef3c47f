#pragma once

#include <string>
#include <string_view>

#include "web/compression.h"

namespace tocsin::web {

// The strong entity tag, quotes and all, of a body that is sent in that coding:
// equal for equal bodies in equal codings, and only for those.
std::string EtagOf(std::string_view body, Coding coding);

// Whether an If-None-Match (RFC 9110, 13.1.2) names that tag, be it as a weak
// one, or is `*`.
bool NamesTag(std::string_view if_none_match, std::string_view etag);

}  // namespace tocsin::web
