#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "tests/sim/actors.h"
#include "tests/sim/story.h"

namespace tocsin::testing {

namespace {

const char* const kAlerts[] = {"DiskFull", "DiskSlow", "HostDown", "LinkFlap"};
// Values of the label that the routes go by.
const char* const kTeams[] = {"ops", "web", "night", "loud", "beat", "maze"};

std::string RandomAlert(Story& story) {
  return kAlerts[story.chance.Below(std::size(kAlerts))];
}

std::string RandomTeam(Story& story) {
  return kTeams[story.chance.OneIn(2) ? 0
                                      : story.chance.Below(std::size(kTeams))];
}

// A webhook that says the last words on these.
engine::Posted Webhook(Story& story, const std::vector<Key>& keys) {
  story.Count("event:alerts", static_cast<std::int64_t>(keys.size()));
  return {
      .what = engine::WebhookPosted{.source = "am",
                                    .payload = PayloadOf(keys, story.words)},
      .done = {},
      .bytes = 0};
}

engine::Posted Several(Story& story) {
  std::vector<Key> keys;
  for (const char* team : kTeams) keys.push_back({RandomAlert(story), team});
  for (const Key& key : keys) {
    Next(story.words[key], !story.chance.OneIn(3), story.clock.Now());
  }
  engine::Posted posted = Webhook(story, keys);
  for (const Key& key : keys) story.words[key].accepted = true;
  return posted;
}

// What goes along in the same turn.
void AddMore(Story& story, const Key& key, std::vector<engine::Posted>& posts) {
  Word& word = story.words[key];
  if (story.chance.OneIn(6)) {
    story.Count("post:flap_in_a_turn");  // resolved, and a new episode
    word.firing = false;
    posts.push_back(Webhook(story, {key}));
    Next(word, true, story.clock.Now());
    posts.push_back(Webhook(story, {key}));
  } else if (story.chance.OneIn(4)) {
    story.Count("post:twice_in_a_turn");  // two HA peers at once
    posts.push_back(Webhook(story, {key}));
  } else if (story.chance.OneIn(2)) {
    story.Count("post:several_alerts");
    posts.push_back(Several(story));
  }
}

void ActOnce(Story& story) {
  const Key key = {RandomAlert(story), RandomTeam(story)};
  Word& word = story.words[key];
  const std::optional<Instant> known = word.starts_at;
  if (story.chance.OneIn(3) && known) {
    story.Count("post:duplicate");  // the same words again
  } else if (known && !word.firing && story.chance.OneIn(4)) {
    story.Count("post:same_start");  // it went silent and came back
    word.firing = true;
  } else {
    Next(word, !story.chance.OneIn(3), story.clock.Now());
  }
  std::vector<engine::Posted> posts = {Webhook(story, {key})};
  AddMore(story, key, posts);
  word.accepted = true;
  const int reloads = story.reloads();
  story.Post(std::move(posts));
  if (story.reloads() == reloads && word.starts_at != known) {
    story.Told(key);
  }
}

}  // namespace

Actor Sources() {
  return {.weight = 60,
          .act = ActOnce,
          .must_occur = {"post:duplicate", "post:same_start",
                         "post:twice_in_a_turn", "post:flap_in_a_turn",
                         "post:several_alerts"}};
}

}  // namespace tocsin::testing
