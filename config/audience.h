#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"

namespace tocsin::config {

// Who would hear of a page, at best.
enum class Audience { kNobody, kChat, kPeople };

// Who hears what goes through the chains of a configuration, by what its file
// says: users without contact methods cannot be notified, and neither can teams
// and schedules that have no others. A step that calls a webhook counts as
// people: who is behind it is not known. Made once users, schedules, chains
// and teams are loaded, in time proportional to them. Immutable, thread-safe.
class Audiences {
 public:
  explicit Audiences(const Config& config);

  // Of the steps of a chain; kNobody for one that is not there.
  Audience OfChain(std::string_view chain) const;
  // Of a chain, if it is one ("none" is not), and of chat channels.
  Audience Of(const std::optional<std::string>& chain,
              const std::vector<std::string>& chat_channels) const;

 private:
  std::map<std::string, Audience, std::less<>> chains_;
};

}  // namespace tocsin::config
