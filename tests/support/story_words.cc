#include "tests/support/story_words.h"

#include <cstdint>
#include <sstream>
#include <utility>

#include "base/check.h"

namespace tocsin::testing {

Instant Time(std::string_view text) {
  const Result<Instant> time = ParseRfc3339(text);
  TOCSIN_CHECK(time.ok());
  return time.value();
}

Duration Length(const std::string& text) {
  const Result<Duration> length = ParseDuration(text);
  TOCSIN_CHECK(length.ok());
  return length.value();
}

std::vector<std::vector<std::string>> Steps(std::string_view text) {
  std::vector<std::vector<std::string>> steps;
  std::istringstream stream{std::string(text)};
  for (std::string part; std::getline(stream, part, ',');) {
    std::istringstream words(part);
    std::vector<std::string> step;
    for (std::string word; words >> word;) step.push_back(word);
    steps.push_back(std::move(step));
  }
  return steps;
}

paging::Step ChainStep(const std::vector<std::string>& words) {
  if (words[0] == "wait") return paging::Wait{Length(words[1])};
  if (words[0] == "repeat") {
    paging::Repeat repeat;
    if (words[1] != "forever") {
      repeat.times = static_cast<std::uint32_t>(std::stoul(words[1]));
    }
    if (words.size() > 3) repeat.from = std::stoul(words[3]) - 1;
    return repeat;
  }
  if (words[0] == "team") {
    return paging::NotifyTeam{.team = words[1], .importance = std::nullopt};
  }
  if (words[0] == "resolve") return paging::ResolveGroup{};
  TOCSIN_CHECK(words[0] == "notify");
  return paging::NotifyUsers{.users = {words.begin() + 1, words.end()},
                             .importance = std::nullopt};
}

}  // namespace tocsin::testing
