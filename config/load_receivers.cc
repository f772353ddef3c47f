#include <utility>

#include "config/not_yet.h"
#include "config/sections.h"

namespace tocsin::config {
namespace {

// Alertmanager writes its receivers as a list of {name, webhook_configs: ...};
// whoever pastes one is told what it must become. Their names are taken, so
// that the routes that use them are no faults too.
Receivers ExplainList(const Reader& section) {
  Receivers named;
  for (const Reader& item : section.Items()) {
    const std::optional<Reader> name = item.Peek("name");
    if (!name || name->IsNull() || name->IsList()) continue;
    if (const std::optional<std::string> text = name->TextOrEmpty()) {
      named.try_emplace(*text);
    }
  }
  section.AddFault(
      "must be a mapping from the receivers' names to what they stand for, as "
      "in \"receivers: {web-pager: {team: web}}\": Alertmanager's list of "
      "receivers says how to send, which Tocsin's teams, users and providers "
      "do here");
  return named;
}

Receiver ReadReceiver(const Reader::Entry& entry, const NameIndex& names,
                      const Config& config) {
  const Fields fields = entry.value.Keys(
      {"team", "important", "escalation_chain", "chat_channels", "discard"});
  Receiver receiver = ReadTaker(fields, names, config);
  if (const Reader* discard = fields.Find("discard")) {
    receiver.discard = discard->Flag().value_or(true);
  }
  if (!receiver.discard) fields.Require("team");
  return receiver;
}

std::optional<std::string> ReadChain(const Reader& at, const NameIndex& names) {
  const std::optional<std::string> name = at.Text();
  if (!name || *name == kNoChain) return name;
  return names.chains.Resolve(at, *name);
}

}  // namespace

Receiver ReadTaker(const Fields& fields, const NameIndex& names,
                   const Config& config) {
  Receiver taker;
  if (const Reader* team = fields.Find("team")) {
    taker.team = names.teams.Resolve(*team);
  }
  if (const Reader* important = fields.Find("important")) {
    taker.important = important->Flag();
  }
  if (const Reader* chain = fields.Find("escalation_chain")) {
    taker.escalation_chain = ReadChain(*chain, names);
  }
  if (const Reader* channels = fields.Find("chat_channels")) {
    taker.chat_channels = ReadChatChannels(*channels, config);
    WarnNotYet(*channels, "chat_channels");
  }
  return taker;
}

Receivers LoadReceivers(const Reader* section, const NameIndex& names,
                        const Config& config) {
  Receivers receivers;
  if (section == nullptr) return receivers;
  if (section->IsList()) return ExplainList(*section);
  for (const Reader::Entry& entry : section->Entries()) {
    receivers[entry.name] = ReadReceiver(entry, names, config);
  }
  return receivers;
}

}  // namespace tocsin::config
