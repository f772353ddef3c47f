#include "config/doors.h"

#include <openssl/sha.h>

#include <array>

namespace tocsin::config {
namespace {

std::string HexSha256(const std::string& text) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::array<unsigned char, SHA256_DIGEST_LENGTH> hash{};
  SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
         hash.data());
  std::string hex;
  for (const unsigned char byte : hash) {
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

}  // namespace

std::optional<Doors::Door> Doors::Give(const Secret& token, const Door& door) {
  return GiveSha256(HexSha256(token.Reveal()), door);
}

std::optional<Doors::Door> Doors::GiveSha256(const std::string& sha256,
                                             const Door& door) {
  const auto [first, added] = doors_.emplace(sha256, door);
  if (added) return std::nullopt;
  return first->second;
}

}  // namespace tocsin::config
