#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/provider.h"
#include "config/reader.h"

namespace tocsin::config {

// What a route says for "no chain"; so no chain can be named that.
inline constexpr std::string_view kNoChain = "none";

// The names of one kind of thing (users, say) with their aliases. All of them
// are collected before the sections are read, so chains may name teams and
// teams chains. Confined to one thread.
class Names {
 public:
  // Alias -> name.
  using Aliases = std::map<std::string, std::string, std::less<>>;

  // `what` they are called in faults: "user".
  explicit Names(std::string_view what) : what_(what) {}

  // Takes the names of `entries` and the aliases in their values. Reports an
  // alias that is a name or another's alias already.
  void Collect(const std::vector<Reader::Entry>& entries);

  // Some names are not known, because the file that may have them is broken: a
  // name that is not there is then no fault of who refers to it.
  void SetIncomplete() { incomplete_ = true; }

  // The name that `written`, a name or an alias, stands for. Reports at `at`
  // when there is none.
  std::optional<std::string> Resolve(const Reader& at,
                                     std::string_view written) const;
  // The same for the text at `at`.
  std::optional<std::string> Resolve(const Reader& at) const;
  // The same for a list, with their places. Reports one who is there twice;
  // those with a fault are left out.
  std::vector<Reader::Entry> ResolveList(const Reader& list) const;

  bool Has(std::string_view name) const;  // a name, no alias

  const Aliases& aliases() const { return aliases_; }

 private:
  struct Holder {
    std::string name;   // whom it stands for
    std::string place;  // where it is given, "tocsin.yml:12"
  };
  void AddAlias(const Reader& at, const std::string& alias,
                const std::string& name);

  const std::string what_;
  bool incomplete_ = false;
  std::map<std::string, Holder, std::less<>> holders_;  // of names and aliases
  Aliases aliases_;
};

// The names that sections refer to each other by.
struct NameIndex {
  Names users{"user"};
  Names teams{"team"};
  Names chains{"chain"};
  Names schedules{"schedule"};
  // Known once the providers are read.
  std::map<std::string, ProviderKind, std::less<>> providers;

  void SetIncomplete() {
    for (Names* names : {&users, &teams, &chains, &schedules}) {
      names->SetIncomplete();
    }
  }
};

// A guess compares with every name there is. A section that is missing would
// otherwise cost the square of its length.
inline constexpr std::size_t kMaxGuesses = 50;

// The fault of a reference to what is not there.
void AddDangling(const Reader& at, std::string_view what,
                 std::string_view written,
                 const std::vector<std::string_view>& known);

// Reports a `name` that is not a key of `known`, for kinds without aliases.
template <typename Map>
bool CheckReference(const Reader& at, std::string_view what,
                    const std::string& name, const Map& known) {
  if (known.find(name) != known.end()) return true;
  std::vector<std::string_view> names;
  if (at.report().fault_count() < kMaxGuesses) {
    names.reserve(known.size());
    for (const auto& [key, value] : known) names.push_back(key);
  }
  AddDangling(at, what, name, names);
  return false;
}

}  // namespace tocsin::config
