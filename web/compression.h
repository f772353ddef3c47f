#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace tocsin::web {

// The forms in which a body can be sent.
enum class Coding { kIdentity, kGzip };

// What a client takes, by its Accept-Encoding (RFC 9110, 12.5.3): gzip where it
// is wanted and `worthwhile`, or where nothing else is accepted. Absent: the
// client refuses both. Parts that cannot be understood count as not written.
std::optional<Coding> ChooseCoding(std::string_view accept_encoding,
                                   bool worthwhile);

// `body` in gzip's format, equal for equal bodies; some 10 ms a megabyte.
// Absent: no memory. Thread-safe.
std::optional<std::string> Gzip(std::string_view body);

}  // namespace tocsin::web
