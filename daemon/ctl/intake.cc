#include <boost/json.hpp>
#include <cstdio>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/table.h"

namespace tocsin::ctl {
namespace {

namespace json = boost::json;

// Who sent it, as far as that is known.
std::string SenderOf(const json::value& refused) {
  const std::string address = Text(refused, "sender");
  const std::string agent = Text(refused, "user_agent");
  return address + (address.empty() || agent.empty() ? "" : " ") + agent;
}

void Print(const json::value& refusals) {
  const json::array* results = ArrayOf(refusals, "results");
  if (results == nullptr || results->empty()) {
    std::puts("No webhook was refused since the daemon was started.");
    return;
  }
  Table table({"AT", "SOURCE", "REASON", "STATUS", "BYTES", "FROM", "DETAIL"});
  for (const json::value& refused : *results) {
    table.Add({Seconds(Text(refused, "at")), Text(refused, "source"),
               Text(refused, "reason"), Text(refused, "status"),
               Text(refused, "bytes"), SenderOf(refused),
               Text(refused, "detail")});
  }
  std::fputs(table.Draw(TerminalWidth()).c_str(), stdout);
  const std::string total = Text(refusals, "total");
  if (total != std::to_string(results->size())) {
    std::printf("The newest %zu of %s.\n", results->size(), total.c_str());
  }
}

}  // namespace

Outcome Intake(const Invocation& invocation) {
  const Answer answer = Client(invocation).Get("intake/refusals/");
  if (const auto* failure = std::get_if<Failure>(&answer)) return *failure;
  const auto& refusals = std::get<json::value>(answer);
  if (invocation.output == Output::kJson) {
    PrintJson(refusals);
  } else {
    Print(refusals);
  }
  return std::nullopt;
}

}  // namespace tocsin::ctl
