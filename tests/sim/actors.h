#pragma once

#include <functional>
#include <string>
#include <vector>

namespace tocsin::testing {

class Story;

// Somebody or something that acts from time to time.
struct Actor {
  int weight = 1;  // how often, beside the others
  std::function<void(Story&)> act;
  std::vector<std::string> must_occur;  // what it counts
};

// All actors of one story, new ones for each.
std::vector<Actor> Actors();

// Sources: new words, the same again, several at once, peers (act_source.cc).
Actor Sources();
// What was said of an earlier episode comes late (act_late.cc).
Actor LateWords();
// A person does something to a group (act_people.cc).
Actor People();
// The other file is read (act_reload.cc).
Actor Reloads();

}  // namespace tocsin::testing
