#include <boost/json.hpp>
#include <cstdio>

#include "daemon/ctl/client.h"
#include "daemon/ctl/command.h"
#include "daemon/ctl/table.h"

namespace tocsin::ctl {
namespace {

namespace json = boost::json;

// One page of the API: more does not fit a terminal anyway.
constexpr const char* kPageSize = "100";

Query FiltersOf(const Invocation& invocation) {
  Query query = {{"perpage", kPageSize}};
  if (invocation.state) query.emplace_back("state", *invocation.state);
  if (invocation.team) query.emplace_back("team_id", *invocation.team);
  return query;
}

// Nobody hears, or nobody acts: that must not be overlooked.
std::string State(const json::value& group) {
  const bool unattended = Text(group, "unattended") == "true";
  return Text(group, "state") + (unattended ? ", unattended" : "");
}

void Print(const json::value& page) {
  Table table(
      {"GROUP", "STATE", "SEVERITY", "TEAM", "ALERTS", "SINCE", "TITLE"});
  const json::array* groups = ArrayOf(page, "results");
  if (groups == nullptr || groups->empty()) {
    std::puts("No alert group matches.");
    return;
  }
  for (const json::value& group : *groups) {
    table.Add({Text(group, "id"), State(group), Text(group, "severity"),
               Text(group, "team_id"), Text(group, "alerts_count"),
               Seconds(Text(group, "created_at")), Text(group, "title")});
  }
  std::fputs(table.Draw(TerminalWidth()).c_str(), stdout);
  const std::string count = Text(page, "count");
  if (count != std::to_string(groups->size())) {
    std::printf("The newest %zu of %s.\n", groups->size(), count.c_str());
  }
}

}  // namespace

Outcome List(const Invocation& invocation) {
  const Answer answer =
      Client(invocation).Get("alert_groups/", FiltersOf(invocation));
  if (const auto* failure = std::get_if<Failure>(&answer)) return *failure;
  const auto& page = std::get<json::value>(answer);
  if (invocation.output == Output::kJson) {
    PrintJson(page);
  } else {
    Print(page);
  }
  return std::nullopt;
}

}  // namespace tocsin::ctl
