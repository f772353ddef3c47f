#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "web/framing.h"
#include "web/message.h"

// How answers look on the wire. Thread-safe.
namespace tocsin::web {

// A whole answer. `closes`: we close after it; `always`: headers that each
// answer has.
std::string Serialize(const Response& response, const Framing::Traits& traits,
                      bool closes, const Headers& always);

// The head of a stream, after which we close; the body follows in pieces.
std::string SerializeStreamHead(const Response& head,
                                const Framing::Traits& traits,
                                const Headers& always);
// One piece of it, not empty, and what ends it: chunks, but for HTTP/1.0.
std::string StreamPiece(std::string_view bytes, const Framing::Traits& traits);
std::string_view StreamEnd(const Framing::Traits& traits);

// "Sun, 06 Nov 1994 08:49:37 GMT" of a second since the epoch, for `Date`.
std::string FormatHttpDate(std::int64_t unix_seconds);

}  // namespace tocsin::web
