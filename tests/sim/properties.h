#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/engine.h"
#include "tests/sim/words.h"

namespace tocsin::testing {

class Story;

// What must be true of a story. It is asked at the moments below, looks at the
// truth in the store and says what is broken (Story::Broken); it may remember.
// One object a story.
class Property {
 public:
  virtual ~Property() = default;

  // A commit took effect, whatever its answer was.
  virtual void Committed(Story& /*story*/, const engine::Changes& /*done*/) {}
  // An action was taken by the daemon: its answer says "on disk", no refusal.
  virtual void Taken(Story& /*story*/, const engine::ActionPosted& /*what*/) {}
  // After each turn, also one that failed.
  virtual void AfterTurn(Story& /*story*/) {}
  // The first byte of a message leaves.
  virtual void Sent(Story& /*story*/, const engine::Message& /*message*/) {}
  // The word of a new episode was accepted, by the file read last alone.
  virtual void Told(Story& /*story*/, const Key& /*alert*/) {}
  // Time has passed and all that was due has run.
  virtual void AtRest(Story& /*story*/) {}
  // After two days in which nothing failed.
  virtual void AtTheEnd(Story& /*story*/) {}

  // What it counts.
  virtual std::vector<std::string> MustOccur() const { return {}; }
};

// All properties, new ones for each story.
std::vector<std::unique_ptr<Property>> Properties();

// A chain under way is not changed, waits count from the right time, and who
// fires without a chain says why.
std::unique_ptr<Property> Chains();
// Whom a step is to notify is notified, or the timeline says why not.
std::unique_ptr<Property> Steps();
// What a person asked for and was granted has happened.
std::unique_ptr<Property> Actions();
// An episode belongs to one group, and what a person ended stays ended.
std::unique_ptr<Property> Episodes();
// Nothing: counts the effects of each commit.
std::unique_ptr<Property> Effects();
// What one commit bore is what one file says, and lives go on by the rules.
std::unique_ptr<Property> Births();
// The rows of groups agree with themselves and with their timelines.
std::unique_ptr<Property> Rows();
// Whom nobody attends to is marked, and the last resort is paged.
std::unique_ptr<Property> Attention();
// Who is held is held for a reason, and not for ever.
std::unique_ptr<Property> Holds();
// Siblings know each other, and are taken along.
std::unique_ptr<Property> Siblings();
// What is sent may be sent, to whom, and not twice.
std::unique_ptr<Property> Sending();
// A person is not sent one message after the other.
std::unique_ptr<Property> Folding();
// Chains wait for what their conditions ask, and for no more.
std::unique_ptr<Property> Conditions();
// Every notification was issued once by the timeline, and ended once.
std::unique_ptr<Property> Notifications();
// What a source said and was answered "on disk" is there, for each team.
std::unique_ptr<Property> LastWords();

}  // namespace tocsin::testing
