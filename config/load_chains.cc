#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "config/sections.h"
#include "config/steps.h"

namespace tocsin::config {
namespace {

using paging::Chain;
using paging::Repeat;
using paging::Step;
using paging::Wait;

// What a chain has so far, while its steps are read one after the other.
struct Draft {
  Chain chain;
  std::map<std::string, std::size_t> labels;  // to the index of their step
  std::optional<std::size_t> last_wait;       // its index
  bool whole = true;  // no step was left out for a fault
};

void ReadTimes(const Fields& fields, Repeat& step) {
  const Reader::Entry* const how = fields.RequireOneOf({"times", "forever"});
  if (how == nullptr) return;
  if (how->name == "times") {
    step.times = how->value.Count().value_or(1);
  } else if (how->value.Flag() == false) {
    how->value.AddFault("must be true, or be left out");
  }
}

// A repeat without a wait would run as fast as the machine can.
void CheckWaits(const Reader& at, const Draft& draft, const Repeat& step) {
  const bool waits = draft.last_wait && *draft.last_wait >= step.from;
  if (draft.whole && !waits) {
    at.AddFault("repeats steps without a wait among them");
  }
}

Repeat ReadRepeat(const Reader& at, const Draft& draft) {
  const Fields fields = at.Keys({"times", "forever", "from"});
  Repeat step;
  ReadTimes(fields, step);
  if (const Reader* from = fields.Find("from")) {
    const std::optional<std::string> label = from->Text();
    if (!label || !CheckReference(*from, "earlier step with a label", *label,
                                  draft.labels)) {
      return step;
    }
    step.from = draft.labels.at(*label);
  }
  CheckWaits(at, draft, step);
  return step;
}

void ReadLabel(const Reader& at, Draft& draft) {
  const std::optional<std::string> label = at.Text();
  if (!label) return;
  if (!draft.labels.emplace(*label, draft.chain.steps.size()).second) {
    at.AddFault("another step of the chain has the label " + Quoted(*label));
  }
}

// Returns nothing for a step with a fault: indexes then no longer matter.
std::optional<Step> ReadAnyStep(const Reader& at, Draft& draft,
                                const NameIndex& names, const Config& config) {
  const std::size_t faults = at.report().fault_count();
  const Fields fields = StepFields(at);
  if (const Reader* label = fields.Find("label")) ReadLabel(*label, draft);
  const Reader::Entry* const step = StepOf(fields);
  if (step == nullptr) {
    // A key that is misspelt has been reported.
    if (at.report().fault_count() == faults) {
      at.AddFault(
          "the step does nothing: wait, notify_users and the like say "
          "what it does");
    }
    return std::nullopt;
  }
  if (step->name == "repeat") return ReadRepeat(step->value, draft);
  return ReadStep(*step, fields, names, config);
}

// Why nothing comes after the step; null when something may.
const char* EndsChain(const Step& step) {
  const Repeat* const repeat = std::get_if<Repeat>(&step);
  if (repeat != nullptr && !repeat->times) return "repeats forever";
  if (std::holds_alternative<paging::ResolveGroup>(step)) {
    return "resolves the alert group";
  }
  return nullptr;
}

void ReadSteps(const Reader& list, const NameIndex& names, const Config& config,
               Draft& draft) {
  std::vector<Step>& steps = draft.chain.steps;
  for (const Reader& item : list.Items()) {
    const char* const end = steps.empty() ? nullptr : EndsChain(steps.back());
    if (end != nullptr) {
      item.AddFault("is never reached: the step before it " + std::string(end));
    }
    if (auto step = ReadAnyStep(item, draft, names, config)) {
      if (std::holds_alternative<Wait>(*step)) draft.last_wait = steps.size();
      steps.push_back(std::move(*step));
    } else {
      draft.whole = false;
    }
  }
}

// A chain is its list of steps, or a mapping that has one.
Chain ReadChain(const Reader::Entry& entry, const NameIndex& names,
                const Config& config) {
  Draft draft;
  draft.chain.name = entry.name;
  if (entry.value.IsMap()) {
    const Fields fields = entry.value.Keys({"aliases", "steps"});
    const Reader* const steps = fields.Require("steps");
    if (steps != nullptr) {
      ReadSteps(*steps, names, config, draft);
      if (steps->IsEmptyList()) steps->AddFault("the chain has no steps");
    }
  } else {
    ReadSteps(entry.value, names, config, draft);
    if (entry.value.IsEmptyList()) entry.key.AddFault("the chain has no steps");
  }
  return std::move(draft.chain);
}

// In a route the word says that there is no chain.
void CheckName(const Reader::Entry& entry, const NameIndex& names) {
  const auto alias = names.chains.aliases().find(kNoChain);
  const bool has_alias =
      alias != names.chains.aliases().end() && alias->second == entry.name;
  if (entry.name == kNoChain || has_alias) {
    entry.key.AddFault(
        "no chain can be named \"none\": in a route that says that there is no "
        "chain");
  }
}

}  // namespace

void LoadChains(const std::vector<Reader::Entry>& chains,
                const NameIndex& names, Config& config) {
  for (const Reader::Entry& entry : chains) {
    CheckName(entry, names);
    config.roster.chains[entry.name] = ReadChain(entry, names, config);
  }
  config.chain_aliases = names.chains.aliases();
}

}  // namespace tocsin::config
