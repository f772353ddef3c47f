#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "web/message.h"

// How faults look on the wire: one table from Code to HTTP status, and bodies
// of one line, `{"detail": "..."}`, that give no secrets away (Alertmanager
// copies them into its log).
namespace tocsin::web {

// kInvalid 400, kUnauthenticated 401, kForbidden 403, kNotFound 404, kConflict
// 409, kExhausted and kUnavailable 503 (Alertmanager retries 5xx only, so
// never 429), the rest 500.
int HttpStatus(Code code);

// The standard reason phrase; "Status" for one we never send.
std::string_view ReasonPhrase(int status);

// An answer with that status and detail. 401 gets its WWW-Authenticate.
Response ProblemFor(int status, std::string_view detail);

// The answer for an Error. The sentence is shown for what the client can mend
// (4xx); for 5xx a fixed one, as ours may name files or hosts.
Response ProblemFor(const Error& error);

// 400 in the form of a fault of one field: `{"<field>": ["..."]}`.
Response FieldProblem(std::string_view field, std::string_view text);

}  // namespace tocsin::web
