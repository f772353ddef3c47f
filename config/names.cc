#include "config/names.h"

#include <unordered_map>
#include <utility>

#include "config/suggest.h"

namespace tocsin::config {

void AddDangling(const Reader& at, std::string_view what,
                 std::string_view written,
                 const std::vector<std::string_view>& known) {
  at.AddFault("no " + std::string(what) + " is named " + Quoted(written) +
              DidYouMean(written, known));
}

void Names::AddAlias(const Reader& at, const std::string& alias,
                     const std::string& name) {
  const auto [first, added] = holders_.emplace(alias, Holder{name, at.Place()});
  if (added) {
    aliases_.emplace(alias, name);
    return;
  }
  const Holder& holder = first->second;
  at.AddFault("the " + what_ + " " + Quoted(holder.name) + " in " +
              holder.place +
              (holder.name == alias ? " has this name" : " has this alias"));
}

// Names first: an alias must not take the name of what comes later.
void Names::Collect(const std::vector<Reader::Entry>& entries) {
  for (const Reader::Entry& entry : entries) {
    holders_.emplace(entry.name, Holder{entry.name, entry.key.Place()});
  }
  for (const Reader::Entry& entry : entries) {
    const std::optional<Reader> list = entry.value.Peek("aliases");
    if (!list) continue;
    for (const Reader::Entry& alias : list->Texts()) {
      AddAlias(alias.value, alias.name, entry.name);
    }
  }
}

bool Names::Has(std::string_view name) const {
  const auto found = holders_.find(name);
  return found != holders_.end() && found->second.name == name;
}

std::optional<std::string> Names::Resolve(const Reader& at,
                                          std::string_view written) const {
  const auto found = holders_.find(written);
  if (found != holders_.end()) return found->second.name;
  if (incomplete_) return std::nullopt;
  std::vector<std::string_view> known;
  if (at.report().fault_count() < kMaxGuesses) {
    known.reserve(holders_.size());
    for (const auto& [name, holder] : holders_) known.push_back(name);
  }
  AddDangling(at, what_, written, known);
  return std::nullopt;
}

std::optional<std::string> Names::Resolve(const Reader& at) const {
  const std::optional<std::string> written = at.Text();
  return written ? Resolve(at, *written) : std::nullopt;
}

std::vector<Reader::Entry> Names::ResolveList(const Reader& list) const {
  std::vector<Reader::Entry> resolved;
  std::unordered_map<std::string, std::string>
      written;  // by what it stands for
  for (Reader::Entry& item : list.Texts()) {
    std::optional<std::string> name = Resolve(item.value, item.name);
    if (!name) continue;
    const auto [first, added] = written.emplace(*name, item.name);
    if (added) {
      item.name = *std::move(name);
      resolved.push_back(std::move(item));
      continue;
    }
    const bool alias = item.name != *name;
    const bool alias_before = first->second != *name;
    item.value.AddFault(
        Quoted(item.name) +
        (alias ? " stands for " + Quoted(*name) + ", which is" : " is") +
        " in the list already" +
        (alias_before ? ", by the alias " + Quoted(first->second) : ""));
  }
  return resolved;
}

}  // namespace tocsin::config
