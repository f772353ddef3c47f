#pragma once

#include "web/message.h"

namespace tocsin::web {

// Whether a client may ask "has it changed since?".
enum class Validator { kNone, kEtag };

// The answer to a read, GET or HEAD, in the form that the client accepts and
// needs: compressed, if it takes that and it is worthwhile; without its body
// (304), if the client has it; 406, if it takes neither form. Answers other
// than 200 stay as they are. Compressing costs time: for workers. Thread-safe.
Response Represent(const Request& request, Response response,
                   Validator validator);

}  // namespace tocsin::web
