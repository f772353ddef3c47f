#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "routing/labels.h"
#include "routing/payload.h"

namespace tocsin::testing {

// An alert of a story: its name and the team it is labelled with.
using Key = std::pair<std::string, std::string>;

routing::LabelSet LabelsOf(const Key& key);

// The source's last word on an alert.
struct Word {
  std::optional<Instant> starts_at;
  std::optional<Instant> before;  // the start of the episode before this one
  bool firing = false;
  bool accepted = false;  // answered "on disk"
};
using Words = std::map<Key, Word>;

// The source looks again: the alert fires now, or not.
void Next(Word& word, bool fires, Instant now);

// A webhook that says these last words.
routing::Payload PayloadOf(const std::vector<Key>& keys, const Words& words);

}  // namespace tocsin::testing
