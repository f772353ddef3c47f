#pragma once

#include <vector>

#include "engine/ports.h"

// Folded messages leave together: what that means for the outbox (ADR 0015).
namespace tocsin::engine {

// Whose message it is.
paging::FoldKey FoldKeyOf(const Message& message);

// Folded messages of one key become one message with the others in it: the
// first of them, with all of their attempts as one. All else stays as it is.
std::vector<Message> Bundled(std::vector<Message> messages);

// The ids of the message and of what is bundled into it.
std::vector<paging::NotificationId> IdsOf(const Message& message);

// What is left of a bundle when only `standing` may still be sent; at least one
// of IdsOf(message) is among them.
Message Rebundled(const Message& message,
                  const std::vector<paging::NotificationId>& standing);

}  // namespace tocsin::engine
