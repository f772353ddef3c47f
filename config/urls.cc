#include <string_view>

#include "config/sections.h"

namespace tocsin::config {
namespace {

constexpr std::string_view kAddress = kAddressTemplate;

// What comes behind "http://" or "https://"; absent without either.
std::optional<std::string_view> BehindScheme(std::string_view text) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (text.starts_with(scheme)) return text.substr(scheme.size());
  }
  return std::nullopt;
}

bool CheckUrl(const Reader& at, std::string_view text) {
  const std::optional<std::string_view> rest = BehindScheme(text);
  const bool has_host =
      rest && !rest->empty() &&
      std::string_view("/?#:").find(rest->front()) == std::string_view::npos;
  if (has_host && text.find(' ') == std::string_view::npos) return true;
  at.AddFault("must be a URL that begins with http:// or https://");
  return false;
}

// The URL with a plain word for each address; absent with a fault when there
// are other templates, or one stands for the host or a part of it: whoever
// writes addresses must not choose where secrets go.
std::optional<std::string> WithoutAddresses(const Reader& at,
                                            std::string_view text) {
  std::string plain;
  for (std::size_t found = text.find("{{"); found != std::string_view::npos;
       found = text.find("{{")) {
    plain += text.substr(0, found);
    text.remove_prefix(found);
    if (!text.starts_with(kAddress)) {
      at.AddFault("the only template that a URL may have is " +
                  Quoted(kAddress));
      return std::nullopt;
    }
    const auto rest = BehindScheme(plain);
    if (!rest || rest->find_first_of("/?#") == std::string_view::npos) {
      at.AddFault(Quoted(kAddress) + " must stand behind the host");
      return std::nullopt;
    }
    plain += 'x';
    text.remove_prefix(kAddress.size());
  }
  return plain + std::string(text);
}

}  // namespace

std::optional<std::string> ReadUrl(const Reader& url) {
  std::optional<std::string> text = url.Text();
  if (!text) return std::nullopt;
  if (text->find("{{") != std::string::npos) {
    url.AddFault("this version knows no templates in URLs");
    return std::nullopt;
  }
  if (!CheckUrl(url, *text)) return std::nullopt;
  return text;
}

std::optional<std::string> ReadUrlWithAddress(const Reader& url) {
  std::optional<std::string> text = url.Text();
  if (!text) return std::nullopt;
  const std::optional<std::string> plain = WithoutAddresses(url, *text);
  if (!plain || !CheckUrl(url, *plain)) return std::nullopt;
  return text;
}

}  // namespace tocsin::config
