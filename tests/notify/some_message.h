#pragma once

#include "base/clock.h"
#include "engine/ports.h"

namespace tocsin::test {

// 2026-11-23T05:53:57.123Z.
inline const Instant kSomeInstant = FromMillis(1'795'413'237'123);

// A clock that a test sets before other threads read it.
class StillClock final : public Clock {
 public:
  Instant Now() const override { return now; }
  Instant now = kSomeInstant;
};

// The message that tests/testdata/notify/page.json shows.
inline engine::Message SomeMessage() {
  engine::Message message;
  message.id = {paging::AlertGroupId(17), 3};
  message.user = "bob";
  message.method = "sms";
  message.importance = paging::Importance::kImportant;
  message.team = "platform";
  message.title = "DiskFull \"db-1\"";
  message.summary = "Platte fast voll: 97 %, noch 3\u202fGB\nauf /var";
  message.severity = "critical";
  message.why = "step 1 of chain platform-default";
  message.alerts_firing = 2;
  message.issued_at = kSomeInstant;
  message.attempts = 1;
  return message;
}

}  // namespace tocsin::test
