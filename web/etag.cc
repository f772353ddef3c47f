#include "web/etag.h"

#include <openssl/sha.h>

#include <array>

namespace tocsin::web {
namespace {

// Of SHA-256's 32: nobody finds two of our bodies with the same 128 bits.
constexpr std::size_t kDigestBytes = 16;
constexpr std::string_view kHexDigits = "0123456789abcdef";

}  // namespace

std::string EtagOf(std::string_view body, Coding coding) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  ::SHA256(reinterpret_cast<const unsigned char*>(body.data()), body.size(),
           digest.data());
  std::string etag = "\"";
  for (std::size_t i = 0; i < kDigestBytes; ++i) {
    etag += kHexDigits[digest[i] / 16];
    etag += kHexDigits[digest[i] % 16];
  }
  if (coding == Coding::kGzip) etag += "-gzip";
  etag += '"';
  return etag;
}

bool NamesTag(std::string_view if_none_match, std::string_view etag) {
  // A tag may hold commas, so the quotes lead.
  std::string_view rest = if_none_match;
  const std::size_t first = rest.find_first_not_of(" \t");
  if (first == std::string_view::npos) return false;
  if (rest.substr(first, rest.find_last_not_of(" \t") - first + 1) == "*") {
    return true;
  }
  while (true) {
    const std::size_t open = rest.find('"');
    if (open == std::string_view::npos) return false;
    const std::size_t close = rest.find('"', open + 1);
    if (close == std::string_view::npos) return false;
    if (rest.substr(open, close - open + 1) == etag) return true;
    rest.remove_prefix(close + 1);
  }
}

}  // namespace tocsin::web
