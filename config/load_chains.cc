#include <algorithm>
#include <map>
#include <utility>
#include <variant>

#include "config/sections.h"

namespace tocsin::config {
namespace {

using paging::Chain;
using paging::Importance;
using paging::NotifyUsers;
using paging::Repeat;
using paging::Step;
using paging::Wait;

// What a chain has so far, while its steps are read one after the other.
struct Draft {
  Chain chain;
  std::map<std::string, std::size_t> labels;  // to the index of their step
};

NotifyUsers ReadNotifyUsers(const Reader& list, const Fields& fields,
                            const Config& config) {
  NotifyUsers step;
  for (const Reader::Entry& item : list.Texts()) {
    step.users.push_back(item.name);
    const auto& users = config.roster.users;
    if (CheckReference(item.value, "user", item.name, users) &&
        users.find(item.name)->second.contact_methods.empty()) {
      item.value.AddWarning(Quoted(item.name) +
                            " has no contact methods and cannot be notified");
    }
  }
  if (list.IsEmptyList()) list.AddFault("names no users");
  if (const Reader* importance = fields.Find("importance")) {
    step.importance = importance->Choice<Importance>(
        "importance", {{"default", Importance::kDefault},
                       {"important", Importance::kImportant}});
  }
  return step;
}

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
  const auto& steps = draft.chain.steps;
  const auto from = steps.begin() + static_cast<std::ptrdiff_t>(step.from);
  if (std::none_of(from, steps.end(), [](const Step& s) {
        return std::holds_alternative<Wait>(s);
      })) {
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

// Steps are told by their key, so an unknown one is a step we do not know.
const Reader::Entry* StepOf(const Fields& fields) {
  const Reader::Entry* const step =
      fields.RequireOneOf({"wait", "notify_users", "repeat"});
  if (step != nullptr && step->name != "notify_users" &&
      fields.Find("importance") != nullptr) {
    fields.Find("importance")
        ->AddFault("only a step that notifies has an importance");
  }
  return step;
}

// Returns nothing for a step with a fault: indexes then no longer matter.
std::optional<Step> ReadStep(const Reader& at, Draft& draft,
                             const Config& config) {
  const Fields fields =
      at.Keys({"wait", "notify_users", "repeat", "label", "importance"});
  if (const Reader* label = fields.Find("label")) ReadLabel(*label, draft);
  const Reader::Entry* const step = StepOf(fields);
  if (step == nullptr) return std::nullopt;
  if (step->name == "wait") {
    return Wait{step->value.Length().value_or(Duration())};
  }
  if (step->name == "repeat") return ReadRepeat(step->value, draft);
  return ReadNotifyUsers(step->value, fields, config);
}

bool NeverEnds(const Step& step) {
  const Repeat* const repeat = std::get_if<Repeat>(&step);
  return repeat != nullptr && !repeat->times;
}

void WarnIfQuiet(const Reader& at, const Chain& chain) {
  const auto& steps = chain.steps;
  if (std::none_of(steps.begin(), steps.end(), [](const Step& step) {
        return std::holds_alternative<NotifyUsers>(step);
      })) {
    at.AddWarning("no step of the chain notifies anybody");
  }
}

Chain ReadChain(const Reader::Entry& entry, const Config& config) {
  Draft draft;
  draft.chain.name = entry.name;
  const std::vector<Reader> items = entry.value.Items();
  for (const Reader& item : items) {
    if (!draft.chain.steps.empty() && NeverEnds(draft.chain.steps.back())) {
      item.AddFault("is never reached: the step before it repeats forever");
    }
    if (auto step = ReadStep(item, draft, config)) {
      draft.chain.steps.push_back(std::move(*step));
    }
  }
  if (entry.value.IsEmptyList()) entry.key.AddFault("the chain has no steps");
  if (!items.empty() && draft.chain.steps.size() == items.size()) {
    WarnIfQuiet(entry.key, draft.chain);
  }
  return std::move(draft.chain);
}

}  // namespace

void LoadChains(const Reader* section, Config& config) {
  if (section == nullptr) return;
  for (const Reader::Entry& entry : section->Entries()) {
    if (entry.name == kNoChain) {
      entry.key.AddFault(
          "no chain can have this name: in a route it says "
          "that there is no chain");
    }
    config.roster.chains[entry.name] = ReadChain(entry, config);
  }
}

}  // namespace tocsin::config
