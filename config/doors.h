#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "config/secret.h"

namespace tocsin::config {

// All the tokens of the file, by the SHA-256 of each: whoever comes in must be
// certain, so no token opens two doors. Confined to one thread.
class Doors {
 public:
  enum class Kind { kSource, kApi };
  struct Door {
    Kind kind;
    std::string name;
    bool operator==(const Door&) const = default;
  };

  // Gives the token to `door`. Returns the door that has it already.
  std::optional<Door> Give(const Secret& token, const Door& door);
  // The same, for the 64 lower-case hex digits of its SHA-256.
  std::optional<Door> GiveSha256(const std::string& sha256, const Door& door);

 private:
  std::unordered_map<std::string, Door> doors_;
};

}  // namespace tocsin::config
