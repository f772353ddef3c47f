#include "web/message.h"

#include <algorithm>

namespace tocsin::web {
namespace {

char Lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool SameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

}  // namespace

std::string_view Request::Header(std::string_view name) const {
  const auto found = std::find_if(
      headers.begin(), headers.end(),
      [name](const auto& header) { return SameName(header.first, name); });
  return found == headers.end() ? std::string_view() : found->second;
}

std::string Request::HeaderList(std::string_view name) const {
  std::string list;
  for (const auto& [other, value] : headers) {
    if (!SameName(other, name)) continue;
    if (!list.empty()) list += ", ";
    list += value;
  }
  return list;
}

void SetTarget(std::string_view target, Request& request) {
  const std::size_t mark = target.find('?');
  request.path = std::string(target.substr(0, mark));
  request.query = mark == std::string_view::npos
                      ? std::string()
                      : std::string(target.substr(mark + 1));
}

}  // namespace tocsin::web
