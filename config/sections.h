#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.h"
#include "config/reader.h"
#include "config/suggest.h"

// The sections of the file, one function each; private to config/. Each adds
// what it reads to the configuration, also entries that have faults, so that a
// reference to them is not a second fault. Call them in the order given here:
// later ones refer to names of earlier ones. A null section is absent.
namespace tocsin::config {

void LoadGlobal(const Reader* section, Config& config);
void LoadStorage(const Reader* section, Config& config);
void LoadProviders(const Reader* section, Config& config);
void LoadUsers(const Reader* section, const Reader* default_policies,
               Config& config);
void LoadChains(const Reader* section, Config& config);
void LoadTeams(const Reader* section, Config& config);
void LoadRoute(const Reader* section, Config& config);
void LoadSources(const Reader* section, Config& config);
void LoadTokens(const Reader* section, Config& config);

// The secret under `key` or, as the content of a file, `key`_file; both must be
// among the keys of `fields`. Absent when there is none or it has a fault.
std::optional<Secret> ReadSecret(const Fields& fields, std::string_view key);

// The trimmed content of the file that `path` names.
std::optional<Secret> ReadSecretFile(const Reader& path);

// A path of the file: relative ones count from the file's folder.
std::string ResolvePath(const Report& report, const std::string& path);

// "http://..." or "https://..." with a host.
std::optional<std::string> ReadUrl(const Reader& url);

std::optional<Role> ReadRole(const Reader& at);

// What a route says for "no chain"; so no chain can be named that.
inline constexpr std::string_view kNoChain = "none";

// A guess compares with every name there is. A section that is missing would
// otherwise cost the square of its length.
inline constexpr std::size_t kMaxGuesses = 50;

// Reports a `name` that is not a key of `known`.
template <typename Map>
bool CheckReference(const Reader& at, std::string_view what,
                    const std::string& name, const Map& known) {
  if (known.find(name) != known.end()) return true;
  std::vector<std::string_view> names;
  if (at.report().fault_count() < kMaxGuesses) {
    names.reserve(known.size());
    for (const auto& [key, value] : known) names.push_back(key);
  }
  at.AddFault("no " + std::string(what) + " is named " + Quoted(name) +
              DidYouMean(name, names));
  return false;
}

// A list of names that must all be keys of `known`; in the fault `what`.
template <typename Map>
std::vector<std::string> ReadReferences(const Reader& list,
                                        std::string_view what,
                                        const Map& known) {
  std::vector<std::string> names;
  for (const Reader::Entry& item : list.Texts()) {
    CheckReference(item.value, what, item.name, known);
    names.push_back(item.name);
  }
  return names;
}

}  // namespace tocsin::config
